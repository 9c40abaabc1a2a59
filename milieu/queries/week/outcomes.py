"""What became of a week's sessions: which cannot be held, and who came."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from milieu.database import DbSession
from milieu.queries.published.marks import Mark, held_of, marks_of, not_held
from milieu.queries.week.weeks import Card


@dataclass(frozen=True)
class Became:
    """What the staff said of a session: `is_off` that it cannot be held, and why; `marks` by resident what holds."""

    is_off: bool = False
    reason: str = ""
    marks: Mapping[str, Mark] = field(default_factory=dict)

    @property
    def marked(self) -> int:
        """How many people something is marked for."""
        return sum(mark.outcome is not None for mark in self.marks.values())

    @property
    def came(self) -> int:
        """How many came, invited or not."""
        return sum(mark.outcome == "attended" for mark in self.marks.values())


NOTHING = Became()


def outcomes(db: DbSession, community_id: str, cards: Collection[Card]) -> dict[str, Became]:
    """What became of the sessions of these cards, by ref; those of which nothing was said are left out. Two queries."""
    days = {card.ref: card.on_date for card in cards}
    held = held_of(db, community_id, refs=days)
    off = not_held(held.values())
    marks: defaultdict[str, dict[str, Mark]] = defaultdict(dict)
    for mark in marks_of(db, community_id, refs=days).values():
        if mark.on_date == days.get(mark.session_ref):  # a session that moved keeps its earlier day's marks there
            marks[mark.session_ref][mark.resident_id] = mark
    return {
        ref: Became(ref in off, held[ref].reason if ref in off else "", marks.get(ref, {}))
        for ref in marks.keys() | off
        if ref in days
    }


def still_held(cards: Collection[Card], became: Mapping[str, Became]) -> tuple[Card, ...]:
    """The sessions that were not said to be off: an invitation to nothing is none."""
    return tuple(card for card in cards if not became.get(card.ref, NOTHING).is_off)
