"""What the community offers as the director's page of the activities shows it: for how many, and who comes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Activity
from milieu.models.validity import is_there
from milieu.queries.programme.turnout import Asking, asking_of
from milieu.queries.settings import settings_of


@dataclass(frozen=True)
class ActivityLine:
    """An activity that is offered, how many are asked to it, what it asks of them, and when it is held.

    `months` are 1 to 12, none where it is held all year; `wet_twin` is the name of what takes its place out of them and
    in wet weather.
    """

    id: str
    name: str
    domains: tuple[str, ...]
    asking: Asking
    asks: tuple[str, ...]
    months: tuple[int, ...]
    wet_twin: str


@dataclass(frozen=True)
class Activities:
    """The groups that a community offers, by name, without its visits.

    `mean` is the share of all those asked who come, of `asked` invitations; `asks_more` the community's own setting.
    """

    groups: tuple[ActivityLine, ...]
    asks_more: bool
    asked: int
    mean: float


def activities_of(db: DbSession, community_id: str, week_start: date, *, today: date) -> Activities:
    """What is offered in a week."""
    asking = asking_of(db, community_id, week_start, today=today)
    rows = db.execute(
        select(
            Activity.id,
            Activity.key,
            Activity.name,
            Activity.domains,
            Activity.asks,
            Activity.months,
            Activity.wet_twin,
        )
        .where(
            Activity.community_id == community_id,
            Activity.max_group > 1,
            is_there(Activity, week_start),
        )
        .order_by(Activity.name, Activity.key)
    ).all()
    names = {row.key.casefold(): row.name for row in rows}
    groups = tuple(
        ActivityLine(
            row.id,
            row.name,
            tuple(row.domains),
            asking[row.id],
            tuple(row.asks),
            tuple(row.months),
            names.get(row.wet_twin.casefold(), ""),
        )
        for row in rows
    )
    return Activities(
        groups,
        settings_of(db, community_id).asks_more,
        sum(each.turnout.asked for each in asking.values()),
        next((each.turnout.mean for each in asking.values()), 1.0),
    )
