"""What can be chosen in the forms that change a draft by hand, by name; read from the week as it is now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Activity, Facilitator, Plan, Space
from milieu.queries.facts.by_day import Choice
from milieu.queries.residents.people import Person, people_of_week
from milieu.services.by_hand.edits import Spot
from milieu.services.by_hand.elsewhere import Elsewhere, best_of_days, elsewhere, free_on, repairs, who_can
from milieu.services.by_hand.keeping import Steps, steps_of
from milieu.services.by_hand.trying import source_of
from milieu.services.teller import Teller
from milieu.services.weeks.openings import Openings, who_else_in
from milieu.solving.contents import SessionContent, read_plan, read_published
from milieu.solving.problem.document import ProblemSource

MOST_PLACES = 6


@dataclass(frozen=True)
class Choices:
    """By name. `days` are those of the week that are not over."""

    days: tuple[date, ...]
    activities: tuple[Choice, ...]
    spaces: tuple[Choice, ...]
    leaders: tuple[Choice, ...]


@dataclass(frozen=True)
class Drafted:
    """A draft of a week with what its forms offer; read once for a page."""

    source: ProblemSource
    sessions: tuple[SessionContent, ...]
    choices: Choices
    steps: Steps

    def elsewhere(self, ref: str) -> list[Elsewhere]:
        """Where a session could go, best first."""
        return elsewhere(self.source, self.sessions, ref, most=MOST_PLACES)

    def best_of_days(self, ref: str) -> dict[date, Elsewhere | str]:
        """The best other place for a session on each day to come, else what stands in its way there."""
        return best_of_days(self.source, self.sessions, ref)

    def free_on(self, ref: str, on_date: date) -> list[Spot]:
        """Every other time and space of a day that a session could have."""
        return free_on(self.source, self.sessions, ref, on_date)

    def repairs(self, ref: str, spot: Spot) -> list[tuple[str, Elsewhere]]:
        """What comes nearest to a spot at which a session would break something, by kind."""
        return repairs(self.source, self.sessions, ref, spot)

    def names_of_leaders(self, ids: Iterable[str]) -> str:
        """Who leads, in a line."""
        wanted = set(ids)
        return ", ".join(each.name for each in self.choices.leaders if each.id in wanted)

    def who_can(self, ref: str, spot: Spot) -> tuple[str, ...]:
        """With whom of those invited it would break nothing there; nobody where more stands against it."""
        return who_can(self.source, self.sessions, ref, spot)

    def name_of_space(self, space_id: str) -> str:
        """What a space is called."""
        return next((each.name for each in self.choices.spaces if each.id == space_id), "")


def read_draft(db: DbSession, teller: Teller, week_start: date, plan_id: str) -> Drafted:
    """Raises NotFound; Conflict where the week is over."""
    source = source_of(db, teller.community_id, week_start, teller)
    rows = source.rows
    plan = db.get_one(Plan, (teller.community_id, plan_id))
    titles = {row.id: row.name for row in rows.activities.values()}
    offered = {row.id for row in source.facts.facts.activities}
    return Drafted(
        source,
        read_plan(db, plan),
        Choices(
            tuple(day for day in rows.week.days if day >= rows.rest_from),
            _named([row for row in rows.activities.values() if row.id in offered]),
            _named(rows.spaces.values()),
            _named(rows.facilitators.values()),
        ),
        steps_of(db, teller.community_id, plan_id, titles),
    )


@dataclass(frozen=True)
class WeekRead:
    """A week's sessions with the problem that they are held against, and who lives here in it, by name."""

    source: ProblemSource
    sessions: tuple[SessionContent, ...]
    people: tuple[Person, ...]


def read_week(db: DbSession, teller: Teller, week_start: date, plan_id: str = "") -> WeekRead:
    """A draft, or with no plan what is published. Raises NotFound; Conflict where the week is over."""
    source = source_of(db, teller.community_id, week_start, teller)
    if plan_id:
        sessions = read_plan(db, db.get_one(Plan, (teller.community_id, plan_id)))
    else:
        published = read_published(db, teller.community_id, week_start)
        sessions = published.sessions if published else ()
    people = people_of_week(db, teller.community_id, week_start)
    here = [each for each in people if each.id in source.rows.residents]
    return WeekRead(source, sessions, tuple(sorted(here, key=lambda each: (each.name.casefold(), each.id))))


def steps_in(db: DbSession, community_id: str, plan_id: str) -> Steps:
    """What was changed by hand in a draft."""
    titles = db.execute(select(Activity.id, Activity.name).where(Activity.community_id == community_id))
    return steps_of(db, community_id, plan_id, {row.id: row.name for row in titles})


def who_could_come(db: DbSession, teller: Teller, read: WeekRead, ref: str) -> Openings:
    """Whom nothing speaks against in a session of a draft, best first."""
    return who_else_in(db, teller.community_id, read.source.facts, read.sessions, ref)


def _named(rows: Iterable[Activity | Space | Facilitator]) -> tuple[Choice, ...]:
    return tuple(sorted((Choice(row.id, row.name) for row in rows), key=lambda each: each.name.casefold()))
