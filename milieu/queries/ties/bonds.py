"""Ties as they stand on a day, of those kinds that the reader may see."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Tie, kind_of
from milieu.models.ties import CLOSE, STRAINED

DIRECTOR, TEAM = ("director", "team"), ("team",)
"""What either of them may see, by the ties' own visibility."""
Pair: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class Bond:
    """A tie between two residents, whose ids are in order.

    `expires_on` is the last day on which it holds; from `asks_on` on somebody is asked whether it still does.
    """

    id: str
    one: str
    other: str
    kind: str
    named_by: str
    author: str
    source: str
    noted_on: date
    expires_on: date | None
    asks_on: date | None
    visibility: str
    version: int

    @property
    def pair(self) -> Pair:
        return frozenset((self.one, self.other))

    @property
    def is_close(self) -> bool:
        return self.kind in CLOSE

    @property
    def is_strained(self) -> bool:
        return self.kind in STRAINED

    def of(self, resident_id: str) -> str:
        """The other of the two."""
        return self.other if resident_id == self.one else self.one

    def holds_on(self, day: date) -> bool:
        return self.noted_on <= day and (self.expires_on is None or day <= self.expires_on)

    def asks(self, today: date) -> bool:
        """Whether it is time to ask: it holds, and the day on which it is asked again has come."""
        return self.holds_on(today) and self.asks_on is not None and self.asks_on <= today


def bonds_of(db: DbSession, community_id: str, *, seen_by: Collection[str]) -> tuple[Bond, ...]:
    """All ties there ever were, as far as they may be seen, in the order in which they were noted. One query."""
    rows = db.execute(
        select(
            Tie.id,
            Tie.resident_id,
            Tie.other_id,
            Tie.kind,
            Tie.is_apart,
            Tie.strength,
            Tie.named_by,
            Tie.author,
            Tie.source,
            Tie.noted_on,
            Tie.expires_on,
            Tie.asks_on,
            Tie.visibility,
            Tie.version,
        )
        .where(Tie.community_id == community_id, Tie.visibility.in_(seen_by))
        .order_by(Tie.noted_on, Tie.id)
    )
    return tuple(
        Bond(
            row.id,
            row.resident_id,
            row.other_id,
            kind_of(row.kind, row.is_apart, row.strength),
            row.named_by,
            row.author,
            row.source,
            row.noted_on,
            row.expires_on,
            row.asks_on,
            row.visibility,
            row.version,
        )
        for row in rows
    )


def closest(bonds: Iterable[Bond], day: date) -> Mapping[Pair, Bond]:
    """The ties that do two people good on a day: of each pair that which was noted last."""
    return {bond.pair: bond for bond in bonds if bond.is_close and bond.holds_on(day)}
