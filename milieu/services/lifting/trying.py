"""Each way out of an impossible week is tried: planned in a short search as the press would, and counted.

What lifting one demand costs is then said of a week that is there, beside the weeks of the others. That week is not
kept: the press plans it anew and longer.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, update

from milieu.clock import Clock
from milieu.database import DbSession, Engines, reading
from milieu.models import Activity, Run
from milieu.queries.names import names_of
from milieu.services.lifting.ways import COUNT, DEMAND, FIXED, KEPT_IN, KEPT_OUT, MAY_LIFT, WayOut, ways_out
from milieu.services.weeks.editions import WITHDRAWN
from milieu.services.weeks.plans.again import around, read_again
from milieu.services.weeks.plans.drafts import sessions_of
from milieu.services.weeks.plans.planning import end_run
from milieu.services.weeks.plans.requested import LIFTING
from milieu.services.weeks.plans.solves import Solved, Ticket, is_ours, persisting, solve
from milieu.solving.answer.answers import contents_of
from milieu.solving.answer.checking import check_week
from milieu.solving.answer.sentences import Sentences
from milieu.solving.backend import SolveBackend
from milieu.solving.contents import SessionContent, read_published
from milieu.solving.problem.document import ProblemSource, problem_of, read_facts
from milieu.solving.problem.rows import Rows
from milieu.solving.repair.beginning import begin_from
from solver.documents import exchange
from solver.explaining.comparing import people_told

FOUND, IMPOSSIBLE, UNKNOWN = "found", "impossible", "unknown"
STANDS = ""
"""Under this key stands what the week comes to as it is."""


@dataclass(frozen=True)
class Tried:
    """What a week comes to without one demand: `state` is of FOUND, IMPOSSIBLE (`because` says why) and UNKNOWN.

    Of a week that was found: on which days and at which minutes the activity is held and how many `places` it gives;
    ids of those for whom what is published is otherwise, who has `fewer` invitations to what they like than in the week
    that stands, who is invited to nothing, to less than they wish, to nothing that they like, and, of a demand for one
    person, who is `invited` to it; all `invitations`, and those to something `liked`.
    """

    state: str
    because: tuple[str, ...] = ()
    times: tuple[tuple[date, int], ...] = ()
    places: int = 0
    invitations: int = 0
    liked: int = 0
    is_published: bool = False
    told: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()
    little: tuple[str, ...] = ()
    unliked: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()

    @property
    def residents(self) -> frozenset[str]:
        """Everybody whom it may name."""
        return frozenset((*self.told, *self.fewer, *self.nothing, *self.little, *self.unliked, *self.invited))


@dataclass(frozen=True)
class Trial:
    """How far the ways out of a run are tried: what is known by their keys, and whether more is to come. `stands` is
    what the draft comes to, else what is published, None where there is neither.
    """

    is_open: bool = False
    stands: Tried | None = None
    tried: Mapping[str, Tried] = field(default_factory=lambda: MappingProxyType({}))


def trial_of(db: DbSession, community_id: str, run_id: str) -> Trial:
    """What is known of the ways out of a run by now."""
    for run in db.scalars(_trials(community_id).order_by(Run.requested_at.desc(), Run.id)):
        if (run.asked or {}).get("of") == run_id:
            known = {key: _read(each) for key, each in (run.because or {}).get("ways", {}).items()}
            return Trial(run.state in ("queued", "running"), known.pop(STANDS, None), known)
    return Trial()


def try_ways(engines: Engines, clock: Clock, ticket: Ticket, child: SolveBackend, facts_at: datetime) -> None:
    """Do a run that tries the ways out of another, one after the other, each kept as soon as it is known. Raises
    NotFound, Conflict; Interrupted.
    """
    with reading(engines) as db:
        run = db.get_one(Run, {"community_id": ticket.community_id, "id": ticket.run_id})
        of = str((run.asked or {}).get("of", ""))
        ways = [each for each in ways_out(db, ticket.community_id, of) if each.kind in MAY_LIFT]
    found: dict[str, dict[str, Any]] = {}
    solved = None
    for way in ways:
        with reading(engines) as db:
            trial = _Week.without(db, ticket.community_id, of, way, facts_at)
        if trial.stands and STANDS not in found:
            found[STANDS] = _as_json(trial.figures(trial.stands, way))
        start = begin_from(trial.source, trial.draft) if trial.draft else None
        solved = solve(engines, clock, ticket, trial.source, child, start=start, seconds=ticket.seconds / len(ways))
        found[way.key] = _as_json(trial.counted(solved, way, ticket.run_id))
        persisting(engines, lambda db: _keep(db, ticket, found))
        if solved.was_stopped:
            break
    persisting(engines, lambda db: end_run(db, ticket, clock.now(), {"state": "done", "problem": None}))


@dataclass(frozen=True)
class _Week:
    """The week that the press would plan: `plain` by the facts alone, `source` as it is asked for, the `draft` where it
    is planned around one, what is `published`, None where nothing is, and what `stands`.
    """

    plain: ProblemSource
    source: ProblemSource
    draft: tuple[SessionContent, ...]
    published: tuple[SessionContent, ...] | None
    stands: tuple[SessionContent, ...]
    words: Sentences

    @classmethod
    def without(cls, db: DbSession, community_id: str, run_id: str, way: WayOut, facts_at: datetime) -> "_Week":
        run = db.get_one(Run, {"community_id": community_id, "id": run_id})
        facts = read_facts(
            db, community_id, run.week_start, facts_at, supposing=lambda rows: _LIFTED[way.kind](rows, way)
        )
        plain, again = problem_of(facts, repair=False), read_again(run.asked)
        drafted = sessions_of(db, community_id, run.week_start)
        source = around(plain, drafted, again) if again else plain
        told = read_published(db, community_id, run.week_start)
        published = None if told is None or told.publication.kind == WITHDRAWN else told.sessions
        words = Sentences(names_of(db, community_id), source.document, birthdays=source.birthdays)
        return cls(plain, source, drafted if again else (), published, drafted or published or (), words)

    def counted(self, solved: Solved, way: WayOut, run_id: str) -> Tried:
        """What came of it."""
        if solved.schedule is None:
            said = (solved.proof.because or ()) if solved.proof is not None else ()
            return Tried(UNKNOWN if solved.proof is None else IMPOSSIBLE, tuple(map(self.words.named, said)))
        week = check_week(self.plain, contents_of(self.source, solved.schedule.sessions, run_id)).contents
        return self.figures(week, way)

    def figures(self, week: Sequence[SessionContent], way: WayOut) -> Tried:
        """What a week comes to, that of the trial or the one that stands."""
        rows = self.plain.document.residents
        counts = Counter(who for each in week for who in each.residents)
        liked, stood = self._liked(week), self._liked(self.stands)
        of_it = [each for each in week if each.activity_id == way.activity_id]
        return Tried(
            FOUND,
            times=tuple((each.on_date, each.start_minute) for each in of_it),
            places=sum(len(each.residents) for each in of_it),
            invitations=sum(counts[row.id] for row in rows),
            liked=sum(liked.values()),
            is_published=self.published is not None,
            told=self._told(week),
            fewer=tuple(row.id for row in rows if liked[row.id] < stood[row.id]),
            nothing=tuple(row.id for row in rows if not counts[row.id] and row.sessions.max),
            little=tuple(row.id for row in rows if 0 < counts[row.id] < row.sessions.min),
            unliked=tuple(row.id for row in rows if counts[row.id] and not liked[row.id] and _has_likes(row)),
            invited=tuple(sorted({who for each in of_it for who in each.residents} & {way.resident_id})),
        )

    def _liked(self, week: Iterable[SessionContent]) -> Counter[str]:
        """How many invitations to something that they like each has."""
        likes = {row.id: row.interests for row in self.plain.document.residents}
        return Counter(
            who for each in week for who in each.residents if likes.get(who, {}).get(each.activity_id, 0) > 0
        )

    def _told(self, week: Iterable[SessionContent]) -> tuple[str, ...]:
        if self.published is None:
            return ()
        before, after = check_week(self.plain, self.published), check_week(self.plain, week)
        here = {row.id for row in self.plain.document.residents}
        return tuple(sorted(people_told(before.sessions, after.sessions, here).told))


def _without_count(rows: Rows, way: WayOut) -> Rows:
    row = rows.activities[way.activity_id]
    given = {column.key: getattr(row, column.key) for column in Activity.__table__.columns}
    return replace(rows, activities={**rows.activities, row.id: Activity(**{**given, "sessions_min": 0})})


def _without_demand(rows: Rows, way: WayOut) -> Rows:
    kept = [each for each in rows.requirements.get(way.resident_id, ()) if each.activity_id != way.activity_id]
    return replace(rows, requirements={**rows.requirements, way.resident_id: kept})


def _without_pin(rows: Rows, way: WayOut) -> Rows:
    return replace(rows, pins=[each for each in rows.pins if each.id != way.key.partition("|")[2]])


_LIFTED: Mapping[str, Callable[[Rows, WayOut], Rows]] = MappingProxyType(
    {
        COUNT: _without_count,
        DEMAND: _without_demand,
        FIXED: _without_pin,
        KEPT_IN: _without_pin,
        KEPT_OUT: _without_pin,
    }
)
"""The rows of a week without each kind of what may be lifted."""


def _has_likes(row: exchange.Resident) -> bool:
    return any(amount > 0 for amount in row.interests.values())


def _trials(community_id: str) -> Any:
    return select(Run).where(Run.community_id == community_id, Run.kind == LIFTING)


def _keep(db: DbSession, ticket: Ticket, found: Mapping[str, Any]) -> None:
    db.execute(update(Run).where(*is_ours(ticket)).values(because={"ways": dict(found)}))


def _as_json(tried: Tried) -> dict[str, Any]:
    known = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(tried).items()}
    return known | {"times": [[day.isoformat(), minute] for day, minute in tried.times]}


def _read(tree: Mapping[str, Any]) -> Tried:
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in tree.items()}
    return Tried(**{**told, "times": tuple((date.fromisoformat(day), minute) for day, minute in tree["times"])})
