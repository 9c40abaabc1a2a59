"""Which weeks are published: those whose newest publication is none that took the week back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from milieu.database import DbSession
from milieu.models import Account, Publication
from milieu.models.weeks.publications import WITHDRAWN

DAYS = 7


@dataclass(frozen=True)
class Withdrawal:
    """That a week is taken back. `by` is a name, `previous_id` the publication that held until then."""

    id: str
    at: datetime
    by: str
    reason: str
    previous_id: str


def published_mondays(db: DbSession, community_id: str, today: date) -> list[date]:
    """The Mondays of the published weeks that are not over on a day, in order."""
    return sorted(_newest_of(db, community_id, Publication.week_start > today - timedelta(days=DAYS), is_out=True))


def is_out(db: DbSession, community_id: str, week_start: date) -> bool:
    """Whether a week is published."""
    return bool(_newest_of(db, community_id, Publication.week_start == week_start, is_out=True))


def weeks_withdrawn(db: DbSession, community_id: str, mondays: Sequence[date]) -> list[date]:
    """Those of the weeks that are taken back, in order."""
    return sorted(_newest_of(db, community_id, Publication.week_start.in_(mondays), is_out=False))


def find_withdrawal(db: DbSession, community_id: str, week_start: date) -> Withdrawal | None:
    """By whom, when and why a week is taken back; None where it is not."""
    row = db.execute(
        select(
            Publication.id,
            Publication.kind,
            Publication.published_at,
            Account.name,
            Publication.reason,
            Publication.previous_id,
        )
        .outerjoin(
            Account, (Account.community_id == Publication.community_id) & (Account.id == Publication.published_by)
        )
        .where(Publication.community_id == community_id, Publication.week_start == week_start)
        .order_by(Publication.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.kind != WITHDRAWN or row.previous_id is None:
        return None
    return Withdrawal(row.id, row.published_at, row.name or "", row.reason, row.previous_id)


def _newest_of(db: DbSession, community_id: str, which: ColumnElement[bool], *, is_out: bool) -> Sequence[date]:
    """The Mondays of those weeks whose newest publication took them back, or did not."""
    newest = (
        select(func.max(Publication.number))
        .where(Publication.community_id == community_id, which)
        .group_by(Publication.week_start)
    )
    kind = Publication.kind != WITHDRAWN if is_out else Publication.kind == WITHDRAWN
    return db.scalars(
        select(Publication.week_start).where(
            Publication.community_id == community_id, Publication.number.in_(newest), kind
        )
    ).all()
