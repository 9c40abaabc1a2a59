"""What still uses a thing that is to end: how much of what, and what has to be moved first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from milieu.database import DbSession
from milieu.models import (
    Activity,
    ActivityHours,
    BaseSession,
    Facilitator,
    FamiliarFace,
    Invitation,
    Move,
    ProgrammeAim,
    PublishedDay,
    PublishedLeader,
    PublishedSession,
    Requirement,
    Resident,
    Roster,
    Space,
    Wish,
)
from milieu.models.validity import is_not_over
from milieu.queries.programme.turnout import asking_of
from milieu.queries.residents.stays import stays_over
from milieu.services.house.things.kinds import ACTIVITIES, LIVING_GROUPS, SPACES, TEAM, Kind

_IS_SHOWN = (
    (PublishedDay.community_id == PublishedSession.community_id)
    & (PublishedDay.publication_id == PublishedSession.publication_id)
    & (PublishedDay.on_date == PublishedSession.on_date)
)


@dataclass(frozen=True)
class Use:
    """So much of something names a thing. `what` is residents, sessions, habits, wishes, requirements, aims, duties,
    familiar, times, nowhere else, twins or alone; `names` say which.
    """

    what: str
    count: int
    names: tuple[str, ...] = ()


def uses_of(
    db: DbSession, community_id: str, kind: Kind, row_id: str, *, today: date, now: datetime
) -> tuple[Use, ...]:
    """What names a living group, a space, a colleague or an activity now or in what is to come."""
    found = [Use("sessions", _sessions_to_come(db, community_id, kind, row_id, now))]
    if kind is LIVING_GROUPS:
        found.append(Use("residents", len(_residents(db, community_id, row_id, today))))
        found.append(
            Use("aims", _holding(db, ProgrammeAim, community_id, today, ProgrammeAim.living_group_id == row_id))
        )
    elif kind is SPACES:
        found.append(Use("habits", _holding(db, BaseSession, community_id, today, BaseSession.space_id == row_id)))
        found += _needs_features(db, community_id, row_id, today)
    elif kind is TEAM:
        found.append(Use("duties", _holding(db, Roster, community_id, today, Roster.facilitator_id == row_id)))
        found.append(
            Use("habits", _holding(db, BaseSession, community_id, today, BaseSession.facilitator_id == row_id))
        )
        found.append(Use("familiar", _count(db, FamiliarFace, community_id, FamiliarFace.facilitator_id == row_id)))
    elif kind is ACTIVITIES:
        found.append(Use("habits", _holding(db, BaseSession, community_id, today, BaseSession.activity_id == row_id)))
        found.append(Use("wishes", _holding(db, Wish, community_id, today, Wish.activity_id == row_id)))
        asked = _holding(db, Requirement, community_id, today, Requirement.activity_id == row_id)
        found.append(Use("requirements", asked))
        found.append(
            Use("times", _holding(db, ActivityHours, community_id, today, ActivityHours.activity_id == row_id))
        )
        found += _named_by_key(db, community_id, row_id, today)
    return tuple(each for each in found if each.count)


def why_not(db: DbSession, community_id: str, kind: Kind, row_id: str, today: date) -> tuple[str, ...]:
    """Why a thing cannot end: only a living group in which people live or are to live."""
    if kind is not LIVING_GROUPS or not (living := _residents(db, community_id, row_id, today)):
        return ()
    who = "1 resident lives there" if len(living) == 1 else f"{len(living)} residents live there"
    return (f"{who}, or are to move in: let them move to another living group first.",)


def _residents(db: DbSession, community_id: str, group_id: str, today: date) -> tuple[str, ...]:
    """The ids of those who live in a group today or are to."""
    rows = db.scalars(
        select(Resident.id).where(
            Resident.community_id == community_id, Resident.living_group_id == group_id, stays_over(today, date.max)
        )
    )
    to_come = select(Move.resident_id).where(Move.community_id == community_id, Move.living_group_id == group_id)
    return tuple(dict.fromkeys((*rows, *db.scalars(to_come))))


def _sessions_to_come(db: DbSession, community_id: str, kind: Kind, row_id: str, now: datetime) -> int:
    """How many published sessions that have not begun name it; none for a living group, which no session names."""
    conditions: dict[str, ColumnElement[bool]] = {
        SPACES.name: PublishedSession.space_id == row_id,
        ACTIVITIES.name: PublishedSession.activity_id == row_id,
        TEAM.name: select(PublishedLeader.id)
        .where(
            PublishedLeader.community_id == PublishedSession.community_id,
            PublishedLeader.published_session_id == PublishedSession.id,
            PublishedLeader.facilitator_id == row_id,
        )
        .correlate(PublishedSession)
        .exists(),
    }
    if kind.name not in conditions:
        return 0
    return int(
        db.scalar(
            select(func.count())
            .select_from(PublishedSession)
            .join(PublishedDay, _IS_SHOWN)
            .where(
                PublishedSession.community_id == community_id,
                PublishedSession.starts_at > now,
                conditions[kind.name],
            )
        )
        or 0
    )


def asks_more(db: DbSession, community_id: str, activity_id: str, *, today: date, now: datetime) -> int:
    """How many published sessions of an activity to come ask more people than would be asked by now."""
    rows = db.execute(
        select(PublishedSession.on_date, func.count(Invitation.id))
        .join(PublishedDay, _IS_SHOWN)
        .join(
            Invitation,
            (Invitation.community_id == PublishedSession.community_id)
            & (Invitation.published_session_id == PublishedSession.id),
        )
        .where(
            PublishedSession.community_id == community_id,
            PublishedSession.starts_at > now,
            PublishedSession.activity_id == activity_id,
        )
        .group_by(PublishedSession.id, PublishedSession.on_date)
    )
    asked = [(on - timedelta(days=on.weekday()), invited) for on, invited in rows]
    weeks = {week for week, _invited in asked}
    by_now = {week: asking_of(db, community_id, week, today=today).get(activity_id) for week in weeks}
    return sum((now_asked := by_now[week]) is not None and invited > now_asked.most for week, invited in asked)


def _holding(db: DbSession, model: Any, community_id: str, today: date, which: ColumnElement[bool]) -> int:
    """How many dated rows hold today or later."""
    return _count(db, model, community_id, which & is_not_over(model, today))


def _count(db: DbSession, model: Any, community_id: str, which: ColumnElement[bool]) -> int:
    return int(db.scalar(select(func.count()).select_from(model).where(model.community_id == community_id, which)) or 0)


def _needs_features(db: DbSession, community_id: str, space_id: str, today: date) -> list[Use]:
    """Activities for which no other space has what they need."""
    spaces = [
        row for row in db.scalars(select(Space).where(Space.community_id == community_id)) if _is_live(row, today)
    ]
    others = [set(row.features) for row in spaces if row.id != space_id]
    own = next((set(row.features) for row in spaces if row.id == space_id), set())
    left = tuple(
        sorted(
            row.name
            for row in db.scalars(select(Activity).where(Activity.community_id == community_id))
            if _is_live(row, today)
            and set(row.needs_features) <= own
            and not any(set(row.needs_features) <= each for each in others)
        )
    )
    return [Use("nowhere else", len(left), left)]


def _named_by_key(db: DbSession, community_id: str, activity_id: str, today: date) -> list[Use]:
    """What names an activity by its key: what it takes the place of in the wet, and who may lead it alone."""
    key = db.scalar(select(Activity.key).where(Activity.community_id == community_id, Activity.id == activity_id)) or ""
    twins = tuple(
        sorted(
            row.name
            for row in db.scalars(select(Activity).where(Activity.community_id == community_id))
            if _is_live(row, today) and row.wet_twin.casefold() == key.casefold()
        )
    )
    alone = tuple(
        sorted(
            row.name
            for row in db.scalars(select(Facilitator).where(Facilitator.community_id == community_id))
            if _is_live(row, today) and key.casefold() in row.leads_alone
        )
    )
    return [Use("twins", len(twins), twins), Use("alone", len(alone), alone)]


def _is_live(row: Any, today: date) -> bool:
    return row.ended_on is None or row.ended_on > today
