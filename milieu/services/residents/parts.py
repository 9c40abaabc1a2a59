"""What is known of a resident, in the parts in which it is edited: one form each."""

from milieu.imports.tables import people, preferences
from milieu.preferences import QUESTIONS
from milieu.services.editing.parts import Part

OWNER = "resident_id"

NEWCOMER = Part(
    "newcomer",
    people.RESIDENTS,
    (
        "given_name",
        "family_name",
        "called",
        "pronoun",
        "living_group",
        "room",
        "arrived_on",
        "short_stay",
        "wheelchair",
        "escort",
    ),
)
WHO = Part("who", people.RESIDENTS, ("given_name", "family_name", "called", "pronoun", "born_on", "short_stay"))
ASKING = Part("asking", people.RESIDENTS, ("how_to_invite",))
NEEDS = Part(
    "needs",
    people.RESIDENTS,
    ("wheelchair", "escort", "support", "needs_familiar", "stays_in_zone", "noise_max", "cannot"),
)
RHYTHM = Part(
    "rhythm",
    people.RESIDENTS,
    ("morning", "afternoon", "evening", "rest_minutes", "max_a_day", "sessions_min", "sessions_max"),
)
PAST = Part("past", people.RESIDENTS, ("languages", "origins", "trades"))
_HOURS = ("days", "date", "from", "to")
_PERIOD = ("valid_from", "valid_until")
BUSY = Part("busy", people.BUSY, ("kind", *_HOURS, *_PERIOD), OWNER)
CALM = Part("calm", people.CALM_TIMES, ("noise_max", *_HOURS, *_PERIOD), OWNER)
WISHES = Part("wishes", people.WISHES, ("activity", "strength", "said_by", "said_on"), OWNER, clears=("source",))
ASSESSED_WISH = Part("assessed", people.WISHES, (*WISHES.names, "source"), OWNER)
ASSESSMENT = Part("assessment", preferences.ASSESSMENTS, ("asked_on", "said_by", "speaker", *QUESTIONS), OWNER)
ANSWER = Part("answer", preferences.WISH_ANSWERS, ("question", "answer", "activity", "how"), OWNER)
LIMITS = Part("limits", people.LIMITS, ("activity", "space", "facilitator", "reason", "charted_by", *_PERIOD), OWNER)
AIMS = Part("aims", people.TARGETS, ("domain", "sessions_a_week", "weight", "owner", "review_on", *_PERIOD), OWNER)
DEMANDS = Part("demands", people.REQUIREMENTS, ("activity", "times_a_week", *_PERIOD), OWNER)
GROUPS = Part("groups", people.ACTIVITY_MEMBERS, ("activity",), OWNER)

OF_THE_RESIDENT = (WHO, ASKING, NEEDS, RHYTHM, PAST)
"""Columns of the resident's own row."""
OF_ROWS = (BUSY, CALM, WISHES, LIMITS, AIMS, DEMANDS, GROUPS)
"""Rows that belong to a resident, each edited alone."""
PARTS = {part.name: part for part in (*OF_THE_RESIDENT, *OF_ROWS)}
OF_PAGES = (ASSESSMENT, ANSWER)
"""Rows that have a page of their own, on which they are made and answered."""


def part_of_noun(noun: str) -> Part | None:
    """The part under which a row of that noun is undone; None where it is nobody's here, as a no is."""
    return next((part for part in (*PARTS.values(), *OF_PAGES) if part.noun == noun), None)
