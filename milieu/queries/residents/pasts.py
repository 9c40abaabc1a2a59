"""Where residents come from, what they speak and did: what two of them have in common of it, and few others here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Resident

LANGUAGES, ORIGINS, TRADES = KINDS = ("languages", "origins", "trades")
Pasts: TypeAlias = Mapping[str, Sequence[str]]
"""The words of each kind."""
USUAL = 0.5
"""What as many of those have of whom something of the kind is known says nothing of two of them."""
OFFERED = 2
"""What so many have is offered where it is entered; what fewer have is theirs alone."""


@dataclass(frozen=True)
class Shared:
    """A `word` of a kind that two have in common."""

    kind: str
    word: str


def shared_pasts(resident_id: str, pasts: Mapping[str, Pasts]) -> dict[str, Shared]:
    """With whom somebody has something in common, and what: of each other the word that fewest here have.

    `pasts` are those of all who live there, by id.
    """
    counts = {kind: Counter(_key(word) for each in pasts.values() for word in each.get(kind, ())) for kind in KINDS}
    known = {kind: sum(bool(each.get(kind)) for each in pasts.values()) for kind in KINDS}
    found: dict[str, Shared] = {}
    own = pasts.get(resident_id, {})
    rare = [
        (counts[kind][_key(word)], KINDS.index(kind), word)
        for kind in KINDS
        for word in own.get(kind, ())
        if counts[kind][_key(word)] == 2 or counts[kind][_key(word)] < USUAL * known[kind]
    ]
    for _count, place, word in sorted(rare):
        kind = KINDS[place]
        for other, each in pasts.items():
            if other != resident_id and _key(word) in map(_key, each.get(kind, ())):
                found.setdefault(other, Shared(kind, word))
    return found


def pasts_held(db: DbSession, community_id: str) -> dict[str, tuple[str, ...]]:
    """The words that more than one resident has, by kind, in order: to be chosen instead of written again."""
    rows = db.execute(
        select(Resident.languages, Resident.origins, Resident.trades).where(Resident.community_id == community_id)
    ).all()
    spelt = {kind: {_key(word): word for row in rows for word in getattr(row, kind)} for kind in KINDS}
    counts = {kind: Counter(_key(word) for row in rows for word in getattr(row, kind)) for kind in KINDS}
    return {
        kind: tuple(sorted((word for key, word in spelt[kind].items() if counts[kind][key] >= OFFERED), key=_key))
        for kind in KINDS
    }


def _key(word: str) -> str:
    """One word, however it is written."""
    return word.casefold()
