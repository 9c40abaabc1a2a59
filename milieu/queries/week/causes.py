"""Which fact is behind a change: what stands, by now, against sessions as they were published.

A week is published only while nothing stands against it, so whatever does by now has come up since.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.calendar.spans import Span, away_of, hours_of, is_valid, merged, minus
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
from milieu.queries.marks import held_of, not_held

NOT_HELD, SPACE, WEATHER, STAFF, OUTBREAK = "not held", "space", "weather", "staff", "outbreak"
CAUSES = (NOT_HELD, SPACE, WEATHER, STAFF, OUTBREAK)
FAMILY_CAUSES = frozenset({SPACE, WEATHER, STAFF})
"""What a family may be told: a room, the weather, that somebody of the staff is away. Never health or a resident."""

_WEATHER = re.compile(
    r"\b(weather|rain|rainy|raining|storm|stormy|thunderstorm|snow|snowing|ice|icy|frost|heat|heatwave|wind|windy|fog)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Cause:
    """`kind` is one of `CAUSES`; `id` and `name` are the space's, the facilitator's or the living group's, else ""."""

    kind: str
    id: str = ""
    name: str = ""


def causes_of(db: DbSession, community_id: str, session_ids: Collection[str]) -> dict[str, tuple[Cause, ...]]:
    """What stands against published sessions by now, by the id of their row; nothing for those that could be held.

    Everything is told, for whoever plans; for a family see `for_family`.
    """
    sessions = db.scalars(
        select(PublishedSession).where(
            PublishedSession.community_id == community_id, PublishedSession.id.in_(session_ids)
        )
    ).all()
    if not sessions:
        return {}
    found: dict[str, list[Cause]] = defaultdict(list)
    off = not_held(held_of(db, community_id, refs={row.ref for row in sessions}).values())
    for row in sessions:
        if row.ref in off:
            found[row.id].append(Cause(NOT_HELD))
    for read in (_closed, _away, _outbreaks):
        for session_id, cause in read(db, community_id, sessions):
            found[session_id].append(cause)
    return {session_id: tuple(dict.fromkeys(causes)) for session_id, causes in found.items()}


def for_family(causes: Iterable[Cause]) -> Cause | None:
    """The weightiest of them that a family may be told, without the name of who is away."""
    told = sorted((each for each in causes if each.kind in FAMILY_CAUSES), key=lambda each: CAUSES.index(each.kind))
    if not told:
        return None
    return Cause(STAFF) if told[0].kind == STAFF else told[0]


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
                is_weather = _WEATHER.search(closure.reason) is not None
                yield row.id, Cause(WEATHER if is_weather else SPACE, row.space_id, row.space_name)
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
