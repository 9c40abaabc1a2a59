"""Aims of care plans whose day to be looked at again has come."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Resident, Target
from milieu.models.validity import is_not_over
from milieu.queries.residents.people import full_name
from milieu.queries.residents.stays import lives_here


@dataclass(frozen=True)
class Review:
    """An aim that was to be looked at again on `due` by `owner`, "" where nobody is named."""

    aim_id: str
    resident_id: str
    name: str
    domain: str
    owner: str
    due: date


def aims_to_review(db: DbSession, community_id: str, today: date) -> tuple[Review, ...]:
    """Those of people who live here, of which it was time first before. One query."""
    rows = db.execute(
        select(
            Target.id,
            Target.resident_id,
            Target.domain,
            Target.owner,
            Target.review_on,
            Resident.given_name,
            Resident.family_name,
            Resident.called,
        )
        .join(Resident, (Resident.community_id == Target.community_id) & (Resident.id == Target.resident_id))
        .where(
            Target.community_id == community_id,
            Target.review_on <= today,
            is_not_over(Target, today),
            lives_here(today, today),
        )
        .order_by(Target.review_on, Target.id)
    )
    return tuple(
        Review(
            row.id,
            row.resident_id,
            full_name(row.given_name, row.family_name, row.called),
            row.domain,
            row.owner,
            row.review_on,
        )
        for row in rows
    )
