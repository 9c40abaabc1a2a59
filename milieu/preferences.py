"""The questions of an assessment of what matters to somebody, how important each is, and what that weighs as a wish.

They are those of section F of the MDS 3.0 (`SECTION_F` names its items), as its data
specifications V3.02.1 name them, asked in our own words.
"""

from collections.abc import Mapping

SECTION_F = {
    "clothes": "F0400A",
    "belongings": "F0400B",
    "washing": "F0400C",
    "snacks": "F0400D",
    "bedtime": "F0400E",
    "care_talks": "F0400F",
    "phone": "F0400G",
    "locked_place": "F0400H",
    "reading": "F0500A",
    "music": "F0500B",
    "animals": "F0500C",
    "news": "F0500D",
    "groups": "F0500E",
    "favourites": "F0500F",
    "outdoors": "F0500G",
    "religion": "F0500H",
}
QUESTIONS = tuple(SECTION_F)
BY_ACTIVITY = ("reading", "music", "animals", "news", "outdoors", "religion")
"""Those that an activity can answer: what somebody says of them is a wish for whatever of the programme does."""
VERY, SOMEWHAT, LITTLE, NOT, HINDERED, SILENT = CODES = ("1", "2", "3", "4", "5", "9")
"""Very, somewhat, not very, not important; important, but they cannot or have no choice; no answer."""
WEIGHTS: Mapping[str, int] = {VERY: 3, SOMEWHAT: 2, LITTLE: 1, NOT: 0, HINDERED: 3}
"""How strong a wish each answer is; no answer is none."""
FEW_ANSWERS = 3
"""With so many questions without an answer the questions did not reach somebody: what is seen of them tells more."""
