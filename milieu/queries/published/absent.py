"""Who cannot be asked at an hour, whatever was published before it was told: in hospital, out, or in bed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.calendar.spans import hours_of
from milieu.database import DbSession
from milieu.models import ResidentBusy
from milieu.models.people import IN_BED, IN_HOSPITAL
from milieu.queries.published.days import Slot

ABSENT_KINDS = (IN_HOSPITAL, "outing", "appointment", IN_BED)


@dataclass(frozen=True)
class Absences:
    """Residents' absences by resident; nobody is absent from a visit to their own bed."""

    rows: Mapping[str, Sequence[ResidentBusy]]

    def kind(self, resident_id: str, slot: Slot) -> str:
        """Which of ABSENT_KINDS keeps somebody from a session, "" where none does; the weightiest where several do."""
        keeps = {row.kind for row in self.rows.get(resident_id, ()) if _meets(row, slot)}
        if slot.is_visit:
            keeps.discard(IN_BED)
        return next((kind for kind in ABSENT_KINDS if kind in keeps), "")


def absences(rows: Iterable[ResidentBusy]) -> Absences:
    """Those among what takes residents up."""
    found: dict[str, list[ResidentBusy]] = defaultdict(list)
    for row in rows:
        if row.kind in ABSENT_KINDS:
            found[row.resident_id].append(row)
    return Absences(found)


def absences_on(db: DbSession, community_id: str, day: date, resident_ids: Collection[str]) -> Absences:
    """Those of a day among these residents. One query."""
    return absences(
        db.scalars(
            select(ResidentBusy).where(
                ResidentBusy.community_id == community_id,
                ResidentBusy.resident_id.in_(resident_ids),
                ResidentBusy.kind.in_(ABSENT_KINDS),
                ResidentBusy.valid_from.is_(None) | (ResidentBusy.valid_from <= day),
                ResidentBusy.valid_until.is_(None) | (ResidentBusy.valid_until >= day),
            )
        )
    )


def _meets(row: ResidentBusy, slot: Slot) -> bool:
    return any(
        first < slot.end_minute and slot.start_minute < last for first, last in hours_of([row], [slot.on_date])[0]
    )
