"""The papers that are printed on, and how large letters are on each."""

from collections.abc import Collection
from dataclasses import dataclass

from milieu.errors import NotFound


@dataclass(frozen=True)
class Paper:
    """`name` as in an address, `typst` as Typst calls it; `points` is the letters' size on the month's calendar.

    `is_wall`: large enough to hang; the others are to take along.
    """

    name: str
    typst: str
    points: int
    is_wall: bool


PAPERS = (
    Paper("a4", "a4", 12, is_wall=False),
    Paper("a3", "a3", 15, is_wall=True),
    Paper("letter", "us-letter", 12, is_wall=False),
    Paper("tabloid", "us-tabloid", 15, is_wall=True),
)
SHEETS = ("a4", "letter")
"""The papers of everything but the month."""


def paper_of(name: str, allowed: Collection[str]) -> Paper:
    """The paper of a name. Raises NotFound where there is none, or it is not one of those allowed."""
    for each in PAPERS:
        if each.name == name and name in allowed:
            return each
    raise NotFound("There is no such paper.")
