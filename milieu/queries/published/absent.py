"""Who cannot be asked at an hour, whatever was published before it was told: in hospital, out, or in bed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, select

from milieu.calendar.spans import hours_of
from milieu.database import DbSession
from milieu.models import ResidentBusy
from milieu.models.people import IN_BED, IN_HOSPITAL
from milieu.models.validity import is_valid_within
from milieu.queries.published.marks import Mark

ABSENT_KINDS = (IN_HOSPITAL, "outing", "appointment", IN_BED)


class Held(Protocol):
    """As much of a published session as says who cannot be asked to it; minutes are local."""

    @property
    def ref(self) -> str: ...
    @property
    def on_date(self) -> date: ...
    @property
    def start_minute(self) -> int: ...
    @property
    def end_minute(self) -> int: ...
    @property
    def is_visit(self) -> bool: ...


@dataclass(frozen=True)
class Absences:
    """Residents' absences by resident. Nobody is absent from a visit to their own bed, nor from what they came to.

    `came`: who was marked as having come, by session ref and resident id.
    """

    rows: Mapping[str, Sequence[ResidentBusy]]
    came: frozenset[tuple[str, str]] = frozenset()

    def kind(self, resident_id: str, slot: Held) -> str:
        """Which of ABSENT_KINDS keeps somebody from a session, "" where none does; the weightiest where several do."""
        if (slot.ref, resident_id) in self.came:
            return ""
        keeps = {row.kind for row in self.rows.get(resident_id, ()) if _meets(row, slot)}
        if slot.is_visit:
            keeps.discard(IN_BED)
        return next((kind for kind in ABSENT_KINDS if kind in keeps), "")


def absences(rows: Iterable[ResidentBusy], marks: Iterable[Mark]) -> Absences:
    """Those among what takes residents up; `marks` are those that hold for the sessions that are asked about."""
    found: dict[str, list[ResidentBusy]] = defaultdict(list)
    for row in rows:
        if row.kind in ABSENT_KINDS:
            found[row.resident_id].append(row)
    return Absences(
        found, frozenset((mark.session_ref, mark.resident_id) for mark in marks if mark.outcome == "attended")
    )


def absences_between(
    db: DbSession,
    community_id: str,
    first: date,
    last: date,
    resident_ids: Collection[str],
    marks: Iterable[Mark],
) -> Absences:
    """Those of the days from `first` to `last` among these residents. One query."""
    rows = db.scalars(
        select(ResidentBusy).where(*_of(community_id, first, last), ResidentBusy.resident_id.in_(resident_ids))
    )
    return absences(rows, marks)


def told_of(db: DbSession, community_id: str, first: date, last: date) -> list[tuple[str, int]]:
    """What is known of absences in the days from `first` to `last`, by row and version: it differs where they do."""
    rows = db.execute(
        select(ResidentBusy.id, ResidentBusy.version).where(*_of(community_id, first, last)).order_by(ResidentBusy.id)
    )
    return [(row.id, row.version) for row in rows]


def _of(community_id: str, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return (
        ResidentBusy.community_id == community_id,
        ResidentBusy.kind.in_(ABSENT_KINDS),
        is_valid_within(ResidentBusy, first, last),
    )


def _meets(row: ResidentBusy, slot: Held) -> bool:
    return any(
        first < slot.end_minute and slot.start_minute < last for first, last in hours_of([row], [slot.on_date])[0]
    )
