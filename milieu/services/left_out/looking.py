"""A week as it stands, read once by the solver for many people, and what that reading holds for."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.models import Plan
from milieu.queries.basis import basis_of
from milieu.queries.published.marks import called_off
from milieu.queries.week.people_out import Share
from milieu.services.by_hand.trying import source_of
from milieu.services.left_out.ways import Ways
from milieu.services.teller import Teller
from milieu.solving.contents import SessionContent, read_plan, read_published


@dataclass(frozen=True)
class Look:
    """`read` reads the week; what it finds holds as long as `basis`, which facts, the draft and the day change."""

    basis: Hashable
    read: Callable[[], Ways]


def look_at(
    db: DbSession, teller: Teller, week_start: date, plan: tuple[str, int] | None, people: Sequence[Share]
) -> Look | None:
    """None where the week is over. `plan` is the id and version of the draft, None where the week is published."""
    try:
        source = source_of(db, teller.community_id, week_start, teller)
    except Conflict:
        return None
    wished = {each.resident_id: each.wished for each in people}
    sessions = _sessions(db, teller.community_id, week_start, plan)
    off = called_off(db, teller.community_id, [each.ref for each in sessions])
    basis = basis_of(db, teller.community_id, week_start, teller.now)
    return Look((basis, plan, off), lambda: Ways(source, sessions, wished, off))


def _sessions(
    db: DbSession, community_id: str, week_start: date, plan: tuple[str, int] | None
) -> tuple[SessionContent, ...]:
    if plan is not None:
        return read_plan(db, db.get_one(Plan, (community_id, plan[0])))
    published = read_published(db, community_id, week_start)
    return published.sessions if published else ()
