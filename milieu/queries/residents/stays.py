"""Who lives here on a day, or in a time: the one place that knows. Somebody may have lived here more than once.

Two answers differ in the day of leaving. It is the last day of a stay, on which people are met, named and marked; but
nothing is planned for it, nor is anything of it shared with a family: planned are the days that are lived to their end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol, TypeAlias

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select

from milieu.database import DbSession
from milieu.models import Resident, Stay

DIED = "died"
NEW = timedelta(days=28)
"""For so long after they have come somebody is new: little is known of them yet."""
_Span: TypeAlias = tuple[date, date | None, str | None]


class StayRow(Protocol):
    """A stay, as a row or as a selection of its columns."""

    if TYPE_CHECKING:

        @property
        def arrived_on(self) -> date: ...
        @property
        def left_on(self) -> date | None: ...
        @property
        def left_reason(self) -> str | None: ...


@dataclass(frozen=True)
class Stays:
    """One resident's stays: day of arrival, day of leaving (None: still here), and why they left."""

    spans: tuple[_Span, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[StayRow]) -> "Stays":
        return cls(tuple(sorted(((row.arrived_on, row.left_on, row.left_reason) for row in rows), key=_arrival)))

    def is_here(self, day: date) -> bool:
        """Whether they live here on a day. The day of leaving is the last of a stay; a death takes that day too."""
        return any(
            arrived <= day and (left is None or day < left or (day == left and reason != DIED))
            for arrived, left, reason in self.spans
        )

    def was_here(self, day: date) -> bool:
        """Whether they can have been seen on a day: who died in the evening may have sung in the morning."""
        return any(arrived <= day and (left is None or day <= left) for arrived, left, _ in self.spans)

    def stays_over(self, day: date) -> bool:
        """Whether they live here to the end of a day, so that it can be planned."""
        return self.stays_in(day, day)

    def stays_in(self, first: date, last: date) -> bool:
        """Whether any day from `first` to `last` can be planned for them."""
        return any(
            arrived <= last and (left is None or (first < left and arrived < left)) for arrived, left, _ in self.spans
        )

    def is_new(self, first: date, last: date) -> bool:
        """Whether a stay begins less than four weeks before a time, or in it."""
        return any(first - NEW < arrived <= last for arrived, _, _ in self.spans)

    def newly_come(self, day: date) -> date | None:
        """The day on which they came, where they live here on a day and came less than four weeks before it."""
        return max((arrived for arrived, _, _ in self.spans if day - NEW < arrived <= day), default=None)

    def died_on(self, today: date) -> date | None:
        """The day of their death, as known on a day; None while they live."""
        return next((left for _, left, reason in self.spans if reason == DIED and left and left <= today), None)

    def is_over(self, today: date) -> bool:
        """Whether they have left, who died on that very day, and nothing says that they come back."""
        return all(
            left is not None and (left < today or (left == today and reason == DIED)) for _, left, reason in self.spans
        )


def lives_here(first: date, last: date) -> ColumnElement[bool]:
    """The condition on Resident that `Stays.is_here` states, for any day from `first` to `last`."""
    gone = or_(
        Stay.left_on.is_(None),
        and_(
            Stay.left_reason.is_not(None),
            Stay.left_reason == DIED,
            Stay.left_on > first,
            Stay.left_on > Stay.arrived_on,
        ),
        and_(
            or_(Stay.left_reason.is_(None), Stay.left_reason != DIED),
            Stay.left_on >= first,
            Stay.left_on >= Stay.arrived_on,
        ),
    )
    return _has_stay(Stay.arrived_on <= last, gone)


def count_residents(db: DbSession, community_id: str, day: date) -> int:
    """How many live here on a day."""
    here = Resident.community_id == community_id, lives_here(day, day)
    return db.scalar(select(func.count(Resident.id)).where(*here)) or 0


def stays_over(first: date, last: date) -> ColumnElement[bool]:
    """The condition on Resident that `Stays.stays_in` states."""
    gone = or_(Stay.left_on.is_(None), and_(Stay.left_on > first, Stay.left_on > Stay.arrived_on))
    return _has_stay(Stay.arrived_on <= last, gone)


def death_of_resident(on: date) -> ScalarSelect[date | None]:
    """Of a Resident, `Stays.died_on` as a column."""
    died = Stay.left_reason == DIED, Stay.left_on <= on
    mine = Stay.community_id == Resident.community_id, Stay.resident_id == Resident.id
    return select(func.max(Stay.left_on)).where(*mine, *died).correlate(Resident).scalar_subquery()


def has_left(on: date) -> ColumnElement[bool]:
    """The condition on Resident that `Stays.is_over` states, but for a death on that very day."""
    return ~_has_stay(Stay.left_on.is_(None) | (Stay.left_on >= on))


def stays_of(db: DbSession, community_id: str) -> dict[str, Stays]:
    """The stays of everybody who ever lived here, by the resident's id."""
    rows = db.execute(
        select(Stay.resident_id, Stay.arrived_on, Stay.left_on, Stay.left_reason).where(
            Stay.community_id == community_id
        )
    ).all()
    spans: dict[str, list[StayRow]] = {}
    for row in rows:
        spans.setdefault(row.resident_id, []).append(row)
    return {resident_id: Stays.of(each) for resident_id, each in spans.items()}


def stays_of_one(db: DbSession, community_id: str, resident_id: str) -> Stays:
    """One resident's stays."""
    rows = select(Stay.arrived_on, Stay.left_on, Stay.left_reason).where(
        Stay.community_id == community_id, Stay.resident_id == resident_id
    )
    return Stays.of(db.execute(rows).all())


@dataclass(frozen=True)
class PresentStay:
    """A stay by its id, and until when it is and why it ends, as far as that is known."""

    id: str
    until: date | None
    why: str | None


def present_stay(db: DbSession, community_id: str, resident_id: str, day: date) -> PresentStay | None:
    """The stay of a resident that a day lies in; None where they do not live here then."""
    row = db.execute(
        select(Stay.id, Stay.left_on, Stay.left_reason).where(
            Stay.community_id == community_id,
            Stay.resident_id == resident_id,
            Stay.arrived_on <= day,
            or_(Stay.left_on.is_(None), Stay.left_on >= day),
        )
    ).first()
    return None if row is None else PresentStay(row.id, row.left_on, row.left_reason)


def find_stay(db: DbSession, community_id: str, stay_id: str) -> PresentStay | None:
    """A stay by its id."""
    row = db.execute(
        select(Stay.id, Stay.left_on, Stay.left_reason).where(Stay.community_id == community_id, Stay.id == stay_id)
    ).one_or_none()
    return None if row is None else PresentStay(row.id, row.left_on, row.left_reason)


def _has_stay(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(Stay.id)
        .where(Stay.community_id == Resident.community_id, Stay.resident_id == Resident.id, *conditions)
        .correlate(Resident)
        .exists()
    )


def _arrival(span: _Span) -> date:
    return span[0]
