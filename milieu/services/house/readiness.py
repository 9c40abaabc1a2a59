"""What is still missing before a community's first week can be planned, and what would leave it thin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.models import (
    Activity,
    Facilitator,
    LivingGroup,
    Publication,
    Resident,
    Roster,
    Space,
    Wish,
)
from milieu.models.validity import is_not_over, is_there
from milieu.queries.residents.stays import stays_over
from milieu.solving.problem.leading import STAFF


@dataclass(frozen=True)
class Step:
    """One thing that a first week is made of. `what` is groups, spaces, team, roster, activities, residents or wishes.

    `count` are there; `is_needed`: without it no week can be planned.
    """

    what: str
    count: int
    is_needed: bool = True

    @property
    def is_done(self) -> bool:
        return self.count > 0


@dataclass(frozen=True)
class Lacking:
    """An activity that cannot be held: `features` that no space has together, `skills` that nobody on a roster has.

    `has_leave`: somebody of the staff is on a roster, or a volunteer who may lead it without them.
    """

    activity_id: str
    name: str
    features: tuple[str, ...]
    skills: tuple[str, ...]
    has_leave: bool = True


@dataclass(frozen=True)
class Readiness:
    """`lacking` are the activities that cannot be held, in the order of their names."""

    steps: tuple[Step, ...]
    lacking: tuple[Lacking, ...]
    is_published: bool

    @property
    def is_ready(self) -> bool:
        return all(step.is_done for step in self.steps if step.is_needed)


def readiness_of(db: DbSession, community_id: str, today: date) -> Readiness:
    """How far a community is."""
    groups, spaces = _live(db, LivingGroup, community_id, today), _live(db, Space, community_id, today)
    team, activities = _live(db, Facilitator, community_id, today), _live(db, Activity, community_id, today)
    able = _rostered(db, community_id, team, today)
    living = func.count(Resident.id)
    residents = db.scalar(select(living).where(Resident.community_id == community_id, stays_over(today, date.max)))
    wishes = db.scalar(select(func.count(Wish.id)).where(Wish.community_id == community_id))
    steps = (
        Step("groups", len(groups)),
        Step("spaces", len(spaces)),
        Step("team", len(team)),
        Step("roster", len(able)),
        Step("activities", len(activities)),
        Step("residents", residents or 0),
        Step("wishes", wishes or 0, is_needed=False),
    )
    return Readiness(steps, _lacking(activities, spaces, able), is_published(db, community_id))


def lacking_of(db: DbSession, community_id: str, today: date) -> Mapping[str, Lacking]:
    """What cannot be held as the house and the roster are, by the activity's id."""
    spaces, team = _live(db, Space, community_id, today), _live(db, Facilitator, community_id, today)
    activities = _live(db, Activity, community_id, today)
    found = _lacking(activities, spaces, _rostered(db, community_id, team, today))
    return {each.activity_id: each for each in found}


def _lacking(
    activities: Sequence[Activity], spaces: Sequence[Space], able: Sequence[Facilitator]
) -> tuple[Lacking, ...]:
    has = [set(space.features) for space in spaces]
    skills = {skill for each in able for skill in each.skills}
    found = []
    for row in activities:
        features = () if any(set(row.needs_features) <= each for each in has) else tuple(row.needs_features)
        unskilled = tuple(skill for skill in row.needs_skills if skill not in skills) if row.facilitators else ()
        is_led = row.facilitators > 0 and row.max_group > 1
        has_leave = not is_led or any(_may_lead(each, row) for each in able)
        if features or unskilled or not has_leave:
            found.append(Lacking(row.id, row.name, features, unskilled, has_leave))
    return tuple(found)


def _may_lead(person: Facilitator, activity: Activity) -> bool:
    return person.kind == STAFF or activity.key.casefold() in person.leads_alone


def _rostered(db: DbSession, community_id: str, team: Sequence[Facilitator], today: date) -> list[Facilitator]:
    ids = set(
        db.scalars(
            select(Roster.facilitator_id)
            .where(Roster.community_id == community_id, is_not_over(Roster, today))
            .distinct()
        )
    )
    return [each for each in team if each.id in ids]


def is_published(db: DbSession, community_id: str) -> bool:
    """Whether anything was ever published."""
    return db.scalar(select(Publication.id).where(Publication.community_id == community_id).limit(1)) is not None


def _live(db: DbSession, model: Any, community_id: str, today: date) -> list[Any]:
    rows = db.scalars(
        select(model).where(model.community_id == community_id, is_there(model, today)).order_by(model.name, model.id)
    )
    return list(rows)
