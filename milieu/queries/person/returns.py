"""Who is in hospital or in bed without a day on which that ends: to be asked for, never guessed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from milieu.database import DbSession
from milieu.models import Change, Resident, ResidentBusy
from milieu.models.people import IN_BED, IN_HOSPITAL
from milieu.queries.facts.kinds import BED, HOSPITAL, TOLD
from milieu.queries.residents.people import full_name
from milieu.queries.residents.stays import lives_here


@dataclass(frozen=True)
class Awaited:
    """Somebody who is in hospital (or in bed) `since` a day, None where nobody said which, and no day ends it.

    `change_id` is the line of the journal that told it, "" where it was written into a list or on the person's page.
    """

    resident_id: str
    name: str
    pronoun: str
    is_in_hospital: bool
    since: date | None
    change_id: str


def awaited_back(db: DbSession, community_id: str, today: date) -> tuple[Awaited, ...]:
    """Those of whom it began before today, who was away first before. One query.

    What holds on certain days of each week, or in bed without a beginning, is how somebody lives: nobody waits for it
    to end.
    """
    told = (
        select(Change.id)
        .where(
            Change.community_id == ResidentBusy.community_id,
            Change.row_id == ResidentBusy.id,
            Change.verb == TOLD,
            Change.noun.in_((HOSPITAL, BED)),
        )
        .limit(1)
        .correlate(ResidentBusy)
        .scalar_subquery()
    )
    rows = db.execute(
        select(
            ResidentBusy.resident_id,
            ResidentBusy.kind,
            ResidentBusy.valid_from,
            Resident.given_name,
            Resident.family_name,
            Resident.called,
            Resident.pronoun,
            told.label("change_id"),
        )
        .join(
            Resident, (Resident.community_id == ResidentBusy.community_id) & (Resident.id == ResidentBusy.resident_id)
        )
        .where(
            ResidentBusy.community_id == community_id,
            ResidentBusy.kind.in_((IN_HOSPITAL, IN_BED)),
            ResidentBusy.on_date.is_(None),
            ResidentBusy.weekday.is_(None),
            ResidentBusy.valid_until.is_(None),
            or_(
                ResidentBusy.valid_from < today,
                ResidentBusy.valid_from.is_(None) & (ResidentBusy.kind == IN_HOSPITAL),
            ),
            lives_here(today, today),
        )
        .order_by(ResidentBusy.valid_from, ResidentBusy.id)
    )
    found = [
        Awaited(
            row.resident_id,
            full_name(row.given_name, row.family_name, row.called),
            row.pronoun,
            row.kind == IN_HOSPITAL,
            row.valid_from,
            row.change_id or "",
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.since or date.min, each.name)))
