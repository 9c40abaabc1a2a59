"""What is still missing before a community's first week can be planned, and what would leave it thin."""

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
class Readiness:
    """`nowhere` are activities that no space can hold, `nobody` those that nobody on the roster can lead, by name."""

    steps: tuple[Step, ...]
    nowhere: tuple[str, ...]
    nobody: tuple[str, ...]
    is_published: bool

    @property
    def is_ready(self) -> bool:
        return all(step.is_done for step in self.steps if step.is_needed)


def readiness_of(db: DbSession, community_id: str, today: date) -> Readiness:
    """How far a community is."""
    groups, spaces = _live(db, LivingGroup, community_id, today), _live(db, Space, community_id, today)
    team, activities = _live(db, Facilitator, community_id, today), _live(db, Activity, community_id, today)
    rostered = set(
        db.scalars(
            select(Roster.facilitator_id)
            .where(Roster.community_id == community_id, is_not_over(Roster, today))
            .distinct()
        )
    )
    able = [each for each in team if each.id in rostered]
    skills = {skill for each in able for skill in each.skills}
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
    features = [set(space.features) for space in spaces]
    nowhere = tuple(row.name for row in activities if not any(set(row.needs_features) <= has for has in features))
    nobody = tuple(row.name for row in activities if row.facilitators and not set(row.needs_skills) <= skills)
    return Readiness(steps, nowhere, nobody, is_published(db, community_id))


def is_published(db: DbSession, community_id: str) -> bool:
    """Whether anything was ever published."""
    return db.scalar(select(Publication.id).where(Publication.community_id == community_id).limit(1)) is not None


def _live(db: DbSession, model: Any, community_id: str, today: date) -> list[Any]:
    rows = db.scalars(
        select(model).where(model.community_id == community_id, is_there(model, today)).order_by(model.name, model.id)
    )
    return list(rows)
