"""Scenarios beside a week: who is told otherwise, who gains and who loses, and what it asks of those who lead.

Everything is counted from the sessions of the two; what the planner counts is read for both by the scenario's own
problem, so that a difference is one of the weeks and not of what is supposed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.machine.memory import Memory
from milieu.models import Plan, Run
from milieu.queries.basis import basis_of
from milieu.queries.names import names_of
from milieu.services.what_if import WHAT_IF
from milieu.services.what_if.asking import week_beside
from milieu.services.what_if.finding import supposed_problem
from milieu.services.what_if.supposing import Supposed, read_supposed
from milieu.solving.answer.checking import Checked, check_week, is_same_week
from milieu.solving.contents import SessionContent, read_plan
from milieu.solving.problem.document import ProblemSource
from milieu.solving.problem.known import source_of
from solver.documents.exchange import OF_CHANGES
from solver.explaining.comparing import people_told

MOST_SHOWN = 3
_MOST_REMEMBERED = 16


@dataclass(frozen=True)
class Who:
    """Somebody by id and name."""

    id: str
    name: str


@dataclass(frozen=True)
class UnitChange:
    """Of a living group who has fewer invitations to what they like than in the week beside, and who has more."""

    name: str
    invitations: int
    loses: tuple[Who, ...]
    gains: tuple[Who, ...]


@dataclass(frozen=True)
class Part:
    """A session that is otherwise: as it is in the week beside (None: new) and in the scenario (None: gone).

    `leaves` and `comes` are who is invited no more and who is now; `gains` and `loses` how many of them like it.
    """

    ref: str
    before: SessionContent | None
    after: SessionContent | None
    leaders: tuple[str, ...]
    leaves: tuple[Who, ...]
    comes: tuple[Who, ...]
    gains: int
    loses: int

    @property
    def shown(self) -> SessionContent:
        """As it is in the scenario, else as it was."""
        session = self.after or self.before
        assert session is not None
        return session


@dataclass(frozen=True)
class Figures:
    """What one week comes to. `nothing` and `little` are who is invited to nothing and to less than they wish; minutes
    of who leads by id, groups by domain.
    """

    invitations: int
    nothing: tuple[Who, ...]
    little: tuple[Who, ...]
    minutes: Mapping[str, int]
    domains: Mapping[str, int]
    groups: int
    visits: int


@dataclass(frozen=True)
class Scenario:
    """A scenario as one compares it. `state` and `message` are its run's; without a plan the rest is empty.

    `told` are those for whom something that stood is otherwise, `asked` those who are only invited to more. `terms` are
    the differences of the score's parts, without what the changes cost, and `gain` their sum. `is_older`: the week
    beside it is another by now. `because` is why there is none.
    """

    run_id: str
    supposed: Supposed
    state: str
    message: str
    because: tuple[str, ...]
    asked_at: datetime
    plan_id: str
    told: tuple[Who, ...] = ()
    asked: tuple[Who, ...] = ()
    units: tuple[UnitChange, ...] = ()
    figures: Figures | None = None
    parts: tuple[Part, ...] = ()
    terms: Mapping[str, int] | None = None
    gain: int = 0
    is_older: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being planned."""
        return self.state in ("queued", "running")


@dataclass(frozen=True)
class Comparison:
    """The week's own figures and the scenarios asked for last, the newest first. `leaders` are names by id, of
    those who lead in any of them.
    """

    week_start: date
    is_draft: bool
    own: Figures
    units: tuple[tuple[str, int], ...]
    people: int
    leaders: Mapping[str, str]
    scenarios: tuple[Scenario, ...]

    @property
    def residents(self) -> frozenset[str]:
        """Everybody whom it may name."""
        found = {each.id for figures in self._figures for each in (*figures.nothing, *figures.little)}
        for scenario in self.scenarios:
            found |= {each.id for each in (*scenario.told, *scenario.asked)}
            found |= {each.id for part in scenario.parts for each in (*part.leaves, *part.comes)}
            found |= {each.id for unit in scenario.units for each in (*unit.loses, *unit.gains)}
        return frozenset(found)

    @property
    def _figures(self) -> list[Figures]:
        return [self.own, *(each.figures for each in self.scenarios if each.figures is not None)]


_REMEMBERED: Memory[Scenario] = Memory(_MOST_REMEMBERED)


def compare_scenarios(db: DbSession, community_id: str, week_start: date, now: datetime) -> Comparison:
    """Raises NotFound, Invalid; Conflict where the week is over, or where there is nothing beside which they stand."""
    beside, sessions = week_beside(db, community_id, week_start)
    runs = db.scalars(
        select(Run)
        .where(Run.community_id == community_id, Run.week_start == week_start, Run.kind == WHAT_IF)
        .order_by(Run.requested_at.desc(), Run.id)
        .limit(MOST_SHOWN)
    ).all()
    reading = _Reading.of(db, community_id, week_start, now, sessions)
    basis = basis_of(db, community_id, week_start, now)
    version = db.scalar(
        select(Plan.version).where(Plan.community_id == community_id, Plan.id == beside.get("plan", ""))
    )
    key = (basis, tuple(beside.items()), version)

    def shown(run: Run) -> Scenario:
        state = (key, run.id, run.state, run.plan_id)
        return _REMEMBERED.recall(state, lambda: _shown(reading, run, beside))

    own, scenarios = reading.own, tuple(map(shown, runs))
    led = {
        who for figures in (reading.own, *(each.figures for each in scenarios)) if figures for who in figures.minutes
    }
    return Comparison(
        week_start,
        "plan" in beside,
        own,
        tuple((name, reading.invitations(reading.sessions, members)) for name, members in reading.units),
        len(reading.people),
        {who: reading.names.get(who, "") for who in sorted(led, key=lambda who: reading.names.get(who, ""))},
        scenarios,
    )


@dataclass(frozen=True)
class _Reading:
    """A week as it stands and what is known of its people; scenarios are read against it."""

    db: DbSession
    now: datetime
    sessions: tuple[SessionContent, ...]
    names: Mapping[str, str]
    source: ProblemSource

    @classmethod
    def of(
        cls, db: DbSession, community_id: str, week_start: date, now: datetime, sessions: tuple[SessionContent, ...]
    ) -> "_Reading":
        source = source_of(db, community_id, week_start, now, repair=False)
        return cls(db, now, sessions, names_of(db, community_id), source)

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(self.source.rows.residents)

    @property
    def units(self) -> list[tuple[str, tuple[str, ...]]]:
        groups = self.source.facts.facts.groups
        return [(self.names.get(group.id, ""), tuple(group.members)) for group in groups]

    @property
    def own(self) -> Figures:
        return self.figures(self.sessions)

    def who(self, ids: Iterable[str]) -> tuple[Who, ...]:
        """Those who live here, by name."""
        here = self.source.rows.residents
        return tuple(sorted((Who(each, self.names.get(each, "")) for each in ids if each in here), key=_name))

    def figures(self, sessions: Sequence[SessionContent]) -> Figures:
        """What a week comes to."""
        counts = Counter(who for each in sessions for who in each.residents)
        rows = self.source.document.residents
        minutes: Counter[str] = Counter()
        for each in sessions:
            for leader in each.facilitators:
                minutes[leader] += each.end_minute - each.start_minute
        groups = [each for each in sessions if not each.is_visit]
        return Figures(
            sum(counts[who] for who in self.people),
            self.who(row.id for row in rows if not counts[row.id] and row.sessions.max),
            self.who(row.id for row in rows if 0 < counts[row.id] < row.sessions.min),
            dict(minutes),
            dict(Counter(each.domains[0] if each.domains else "" for each in groups)),
            len(groups),
            len(sessions) - len(groups),
        )

    @staticmethod
    def invitations(sessions: Iterable[SessionContent], members: Iterable[str]) -> int:
        """How many of a living group."""
        own = set(members)
        return sum(len(own.intersection(each.residents)) for each in sessions)

    def liked(self, sessions: Iterable[SessionContent]) -> Counter[str]:
        """How many invitations to something that they like each has."""
        likes = {row.id: row.interests for row in self.source.document.residents}
        return Counter(
            who for each in sessions for who in each.residents if likes.get(who, {}).get(each.activity_id, 0) > 0
        )


def _shown(reading: _Reading, run: Run, beside: Mapping[str, str]) -> Scenario:
    asked = run.asked or {}
    supposed, because = read_supposed(asked["supposed"]), (run.because or {}).get("because", ())
    plan_id = run.plan_id or ""
    empty = Scenario(run.id, supposed, run.state, run.message, tuple(map(str, because)), run.requested_at, plan_id)
    plan = reading.db.get(Plan, {"community_id": run.community_id, "id": plan_id}) if plan_id else None
    if plan is None:
        return empty
    sessions = read_plan(reading.db, plan)
    try:
        source = supposed_problem(reading.db, run, reading.sessions, reading.now)
    except (Invalid, Conflict):  # what it supposes is of something that is there no more
        return empty
    before, after = check_week(source, reading.sessions), check_week(source, sessions)
    told = people_told(before.sessions, after.sessions)
    terms = differences(before, after)
    return Scenario(
        run.id,
        supposed,
        run.state,
        run.message,
        tuple(map(str, because)),
        run.requested_at,
        plan.id,
        reading.who(told.told),
        reading.who(told.only_invited),
        _units(reading, sessions),
        reading.figures(sessions),
        parts_of(reading, sessions),
        terms,
        sum(terms.values()),
        is_older=asked.get("beside") != dict(beside),
    )


def differences(before: Checked, after: Checked) -> dict[str, int]:
    """What each part of the score would gain, where it is another, without what the changes themselves cost."""
    names = [name for name in after.terms if name not in OF_CHANGES]
    found = {name: after.terms[name] - before.terms.get(name, 0) for name in names}
    return {name: difference for name, difference in found.items() if difference}


def _units(reading: _Reading, sessions: Sequence[SessionContent]) -> tuple[UnitChange, ...]:
    was, now = reading.liked(reading.sessions), reading.liked(sessions)
    return tuple(
        UnitChange(
            name,
            reading.invitations(sessions, members),
            reading.who(who for who in members if now[who] < was[who]),
            reading.who(who for who in members if now[who] > was[who]),
        )
        for name, members in reading.units
    )


def parts_of(reading: _Reading, sessions: Sequence[SessionContent]) -> tuple[Part, ...]:
    """What is otherwise in a scenario, session by session, in the order of time."""
    was, now = ({each.ref: each for each in week} for week in (reading.sessions, sessions))
    likes = {row.id: row.interests for row in reading.source.document.residents}
    found = []
    for ref in dict.fromkeys((*was, *now)):
        before, after = was.get(ref), now.get(ref)
        if before is not None and after is not None and is_same_week([before], [after]):
            continue
        there, here = set(before.residents if before else ()), set(after.residents if after else ())
        session = after or before
        assert session is not None

        def is_liked(who: str, what: str = session.activity_id) -> bool:
            return likes.get(who, {}).get(what, 0) > 0

        found.append(
            Part(
                ref,
                before,
                after,
                tuple(reading.names.get(each, "") for each in session.facilitators),
                reading.who(there - here),
                reading.who(here - there),
                sum(map(is_liked, here - there)),
                sum(map(is_liked, there - here)),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.shown.on_date, each.shown.start_minute, each.ref)))


def _name(who: Who) -> str:
    return who.name
