"""What can be chosen in the forms of the house: the community's own rows, and the words that it uses already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Activity, Facilitator, LivingGroup, Space
from milieu.models.validity import is_there
from milieu.queries.residents.people import residents_here

Named = tuple[str, str]
"""The id or the key of a row, and its name."""


@dataclass(frozen=True)
class Choices:
    """Rows that have not ended, by name; `activities` by key, and of them `groups_led` those that are no visits.

    `residents` with their rooms, for names can be alike.
    """

    zones: Sequence[str]
    skills: Sequence[str]
    features: Sequence[str]
    groups: Sequence[Named]
    spaces: Sequence[Named]
    activities: Sequence[Named]
    groups_led: Sequence[Named]
    residents: Sequence[Named]


def choices_of(db: DbSession, community_id: str, today: date) -> Choices:
    """All of them; a few small queries."""
    groups, spaces = _live(db, LivingGroup, community_id, today), _live(db, Space, community_id, today)
    team, activities = _live(db, Facilitator, community_id, today), _live(db, Activity, community_id, today)
    return Choices(
        _words([[row.zone] for row in (*groups, *spaces)]),
        _words([*(row.skills for row in team), *(row.needs_skills for row in activities)]),
        _words([*(row.features for row in spaces), *(row.needs_features for row in activities)]),
        _named(groups),
        _named(spaces),
        [(row.key, row.name) for row in activities],
        [(row.key, row.name) for row in activities if row.max_group > 1],
        [(each.id, f"{each.name}, {each.room}") for each in residents_here(db, community_id, today)],
    )


def _live(db: DbSession, model: Any, community_id: str, today: date) -> list[Any]:
    rows = db.scalars(
        select(model).where(model.community_id == community_id, is_there(model, today)).order_by(model.name, model.id)
    )
    return list(rows)


def _named(rows: Iterable[Any]) -> list[Named]:
    return [(row.id, row.name) for row in rows]


def _words(lists: Iterable[Iterable[str]]) -> list[str]:
    return sorted({word for each in lists for word in each if word}, key=str.casefold)
