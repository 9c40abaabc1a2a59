"""How much time each of the duties that are due gets, from what their communities' repairs took of late."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from milieu.coordination.due import Duty
from milieu.coordination.ledger import REPAIR
from milieu.coordination.night import READY_SECONDS, Expected, share_out
from milieu.database import DbSession
from milieu.models import CommunitySettings, Resident, Run
from milieu.queries.residents.stays import lives_here
from milieu.queries.settings import USUAL_REPAIR_SECONDS

_OF_LATE = timedelta(days=14)
BESIDE, BESIDE_A_RESIDENT = 2.5, 0.015
"""Seconds that a repair takes besides its search, until it is begun among them, and more for each resident: see
docs/scale.md.
"""


def expected_of(db: DbSession, duties: Sequence[Duty], now: datetime) -> list[Expected]:
    """What each duty's repair is expected to take. Deadlines are seconds since 1970."""
    ids = {duty.community_id for duty in duties}
    if not ids:
        return []
    wanted = _by_community(db, CommunitySettings, func.max(CommunitySettings.repair_seconds), ids)
    sizes = _by_community(db, Resident, func.count(), ids, lives_here(now.date(), now.date()))
    usual = _usual(db, ids, now)
    return [
        Expected(
            deadline=duty.due_at.timestamp() + READY_SECONDS,
            wanted=wanted.get(duty.community_id, USUAL_REPAIR_SECONDS),
            beside=BESIDE + BESIDE_A_RESIDENT * sizes.get(duty.community_id, 0),
            usual=usual.get(duty.community_id),
        )
        for duty in duties
    ]


def _usual(db: DbSession, ids: set[str], now: datetime) -> dict[str, float]:
    """How long searches took of late that had all that their community wants: a shortened one tells of the night."""
    wants = func.coalesce(CommunitySettings.repair_seconds, USUAL_REPAIR_SECONDS)
    rows = db.execute(
        select(Run.community_id, func.avg(Run.seconds))
        .outerjoin(CommunitySettings, CommunitySettings.community_id == Run.community_id)
        .where(
            Run.community_id.in_(ids),
            Run.kind == REPAIR,
            Run.requested_at > now - _OF_LATE,
            Run.seconds.is_not(None),
            Run.seconds_limit >= wants,
        )
        .group_by(Run.community_id)
    )
    return dict(rows.all())


def _by_community(
    db: DbSession, table: Any, value: Any, ids: set[str], *conditions: ColumnElement[bool]
) -> dict[str, Any]:
    """A value of each community's rows of a table; those without a row are not in it."""
    rows = db.execute(
        select(table.community_id, value).where(table.community_id.in_(ids), *conditions).group_by(table.community_id)
    )
    return dict(rows.all())


def shared_out(duties: Sequence[Duty], expected: Sequence[Expected], *, places: int, now: datetime) -> list[Duty]:
    """The duties with what time there is, where it is less than their communities want."""
    shares = share_out(expected, places=places, now=now.timestamp())
    return [
        replace(duty, most_seconds=seconds) if seconds < each.wanted else duty
        for duty, each, seconds in zip(duties, expected, shares, strict=True)
    ]
