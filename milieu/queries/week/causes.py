"""What stands against a published session by now.

It is kept with a session when the floor says that it is off: a week is published only while nothing stands against it,
so whatever does has come up since.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import select

from milieu.calendar.spans import Span, away_of, hours_of, is_valid, merged, minus
from milieu.causes import OUTBREAK, SPACE, STAFF, Cause, of_closure
from milieu.database import DbSession
from milieu.models import (
    Absence,
    Facilitator,
    Invitation,
    LivingGroup,
    Outbreak,
    PublishedLeader,
    PublishedSession,
    Resident,
    Roster,
    Space,
    SpaceClosure,
)


def causes_of(db: DbSession, community_id: str, session_ids: Collection[str]) -> dict[str, tuple[Cause, ...]]:
    """What stands against published sessions by now, by the id of their row; nothing for those that could be held."""
    sessions = db.scalars(
        select(PublishedSession).where(
            PublishedSession.community_id == community_id, PublishedSession.id.in_(session_ids)
        )
    ).all()
    if not sessions:
        return {}
    found: dict[str, list[Cause]] = defaultdict(list)
    for read in (_closed, _away, _outbreaks):
        for session_id, cause in read(db, community_id, sessions):
            found[session_id].append(cause)
    return {session_id: tuple(dict.fromkeys(causes)) for session_id, causes in found.items()}


def _closed(db: DbSession, community_id: str, sessions: Sequence[PublishedSession]) -> Iterable[tuple[str, Cause]]:
    """Spaces that are closed at the time of a session, or are not there any more."""
    ids = {row.space_id for row in sessions}
    closures: dict[str, list[SpaceClosure]] = defaultdict(list)
    for closure in db.scalars(
        select(SpaceClosure).where(SpaceClosure.community_id == community_id, SpaceClosure.space_id.in_(ids))
    ):
        closures[closure.space_id].append(closure)
    ended = _ended(db, community_id, Space, ids)
    for row in sessions:
        for closure in closures[row.space_id]:
            if _overlaps(away_of([closure], [row.on_date])[0], row):
                yield row.id, of_closure(closure.kind, row.space_id, row.space_name)
        if _is_over(ended.get(row.space_id), row.on_date):
            yield row.id, Cause(SPACE, row.space_id, row.space_name)


def _away(db: DbSession, community_id: str, sessions: Sequence[PublishedSession]) -> Iterable[tuple[str, Cause]]:
    """Leaders who are away, off duty or gone at the time of a session."""
    leaders: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for session_id, leader_id, name in db.execute(
        select(PublishedLeader.published_session_id, Facilitator.id, Facilitator.name)
        .join(
            Facilitator,
            (Facilitator.community_id == PublishedLeader.community_id)
            & (Facilitator.id == PublishedLeader.facilitator_id),
        )
        .where(
            PublishedLeader.community_id == community_id,
            PublishedLeader.published_session_id.in_({row.id for row in sessions}),
        )
        .order_by(Facilitator.name, Facilitator.id)
    ):
        leaders[session_id].append((leader_id, name))
    ids = {leader_id for each in leaders.values() for leader_id, _ in each}
    is_away = _absences(db, community_id, ids)
    for row in sessions:
        for leader_id, name in leaders[row.id]:
            if is_away(leader_id, row):
                yield row.id, Cause(STAFF, leader_id, name)


def _absences(db: DbSession, community_id: str, ids: set[str]) -> Callable[[str, PublishedSession], bool]:
    absences: dict[str, list[Absence]] = defaultdict(list)
    rosters: dict[str, list[Roster]] = defaultdict(list)
    for absence in db.scalars(
        select(Absence).where(Absence.community_id == community_id, Absence.facilitator_id.in_(ids))
    ):
        absences[absence.facilitator_id].append(absence)
    for duty in db.scalars(select(Roster).where(Roster.community_id == community_id, Roster.facilitator_id.in_(ids))):
        rosters[duty.facilitator_id].append(duty)
    ended = _ended(db, community_id, Facilitator, ids)

    def is_away(leader_id: str, row: PublishedSession) -> bool:
        on_duty = merged(hours_of(rosters[leader_id], [row.on_date])[0])
        return (
            _overlaps(away_of(absences[leader_id], [row.on_date])[0], row)
            or bool(minus([(row.start_minute, row.end_minute)], on_duty))
            or _is_over(ended.get(leader_id), row.on_date)
        )

    return is_away


def _outbreaks(db: DbSession, community_id: str, sessions: Sequence[PublishedSession]) -> Iterable[tuple[str, Cause]]:
    """Living groups that meet nobody from outside on the day of a session that mixes them with others."""
    outbreaks = db.execute(
        select(Outbreak, LivingGroup.name)
        .join(
            LivingGroup,
            (LivingGroup.community_id == Outbreak.community_id) & (LivingGroup.id == Outbreak.living_group_id),
        )
        .where(Outbreak.community_id == community_id)
        .order_by(LivingGroup.sort, LivingGroup.name)
    ).all()
    if not outbreaks:
        return
    groups: dict[str, set[str]] = defaultdict(set)
    for session_id, group_id in db.execute(
        select(Invitation.published_session_id, Resident.living_group_id)
        .join(Resident, (Resident.community_id == Invitation.community_id) & (Resident.id == Invitation.resident_id))
        .where(
            Invitation.community_id == community_id,
            Invitation.published_session_id.in_({row.id for row in sessions}),
        )
    ):
        groups[session_id].add(group_id)
    for row in sessions:
        for outbreak, name in outbreaks:
            is_mixed = outbreak.living_group_id in groups[row.id] and len(groups[row.id]) > 1
            if is_mixed and is_valid(outbreak.valid_from, outbreak.valid_until, row.on_date, row.on_date):
                yield row.id, Cause(OUTBREAK, outbreak.living_group_id, name)


def _ended(db: DbSession, community_id: str, table: type[Space] | type[Facilitator], ids: set[str]) -> dict[str, date]:
    rows = db.execute(
        select(table.id, table.ended_on).where(
            table.community_id == community_id, table.id.in_(ids), table.ended_on.is_not(None)
        )
    )
    return {row.id: row.ended_on for row in rows}


def _is_over(ended_on: date | None, day: date) -> bool:
    return ended_on is not None and ended_on <= day


def _overlaps(spans: Iterable[Span], row: PublishedSession) -> bool:
    return any(start < row.end_minute and row.start_minute < end for start, end in spans)
