"""A schedule beside its problem, with everything looked up once: what the rules and terms in plain Python read.

Made from the documents alone, so that it shares nothing with the compiled problem and the model that the search uses.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from solver.documents.problem import Activity, Facilitator, ProblemDocument, Resident, Session, Space, Tie
from solver.model.reasons import Breach, breach


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """One session of a schedule and all that it names; times in minutes after midnight, `level` its noise."""

    session: Session
    activity: Activity
    space: Space
    team: tuple[Facilitator, ...]
    people: tuple[Resident, ...]
    begin: int
    end: int
    level: int
    is_frozen: bool

    @property
    def id(self) -> str:
        return self.session.id

    @property
    def day(self) -> int:
        return self.session.day


class Reading:
    """`held` are the sessions whose names are all known and differ; `strays` the complaints about the others.

    `ties` are those with a strength, by both of their residents; `friends` who is tied to whom above 0.
    """

    def __init__(self, problem: ProblemDocument, sessions: Iterable[Session]) -> None:
        self.problem = problem
        self.sessions = tuple(sessions)
        self.spaces = {row.id: row for row in problem.spaces}
        self.facilitators = {row.id: row for row in problem.facilitators}
        self.activities = {row.id: row for row in problem.activities}
        self.residents = {row.id: row for row in problem.residents}
        self.frozen = frozenset(row.id for row in problem.previous if is_past(problem, row))
        self.strays: list[Breach] = []
        self._read_ties()
        self._read_sessions()

    def _read_ties(self) -> None:
        self.ties: defaultdict[str, dict[str, Tie]] = defaultdict(dict)
        self.friends: defaultdict[str, set[str]] = defaultdict(set)
        self.apart = [(tie.a, tie.b) for tie in self.problem.ties if tie.apart]
        for tie in self.problem.ties:
            if tie.strength is not None:
                self.ties[tie.a][tie.b] = self.ties[tie.b][tie.a] = tie
            if tie.strength is not None and tie.strength > 0:
                self.friends[tie.a].add(tie.b)
                self.friends[tie.b].add(tie.a)

    @cached_property
    def minutes(self) -> dict[tuple[str, str], int]:
        """From zone to zone, both ways; none where it takes none."""
        there = {(a, b): cost for a, row in self.problem.travel.items() for b, cost in row.items()}
        return there | {(b, a): cost for (a, b), cost in there.items()}

    def _read_sessions(self) -> None:
        held = []
        self.by_space: defaultdict[str, list[Held]] = defaultdict(list)
        self.by_facilitator: defaultdict[str, list[Held]] = defaultdict(list)
        self.by_activity: defaultdict[str, list[Held]] = defaultdict(list)
        self.by_resident: defaultdict[str, list[Held]] = defaultdict(list)
        for session in self.sessions:
            if (stray := self._stray(session)) is not None:
                self.strays.append(stray)
                continue
            one = self._look_up(session)
            held.append(one)
            self.by_space[session.space].append(one)
            self.by_activity[session.activity].append(one)
            for name in session.facilitators:
                self.by_facilitator[name].append(one)
            for name in session.residents:
                self.by_resident[name].append(one)
        self.held = tuple(held)

    def _stray(self, session: Session) -> Breach | None:
        unknown = [] if session.activity in self.activities else [session.activity]
        unknown += [] if session.space in self.spaces else [session.space]
        unknown += [name for name in session.facilitators if name not in self.facilitators]
        unknown += [name for name in session.residents if name not in self.residents]
        if unknown:
            return breach("FORM", "unknown", session=session.id, names=tuple(unknown))
        for names in (session.facilitators, session.residents):
            if len(set(names)) < len(names):
                twice = tuple(sorted(name for name, count in Counter(names).items() if count > 1))
                return breach("FORM", "named_twice", session=session.id, names=twice)
        return None

    def _look_up(self, session: Session) -> Held:
        activity, space, begin = self.activities[session.activity], self.spaces[session.space], session.begin
        return Held(
            session=session,
            activity=activity,
            space=space,
            team=tuple(self.facilitators[name] for name in session.facilitators),
            people=tuple(self.residents[name] for name in session.residents),
            begin=begin,
            end=begin + activity.duration_minutes,
            level=max(activity.noise, space.noise),
            is_frozen=session.id in self.frozen,
        )

    @property
    def planned(self) -> Iterator[Held]:
        """The sessions that are no facts of the past: those that must keep the rules about a single session."""
        return (one for one in self.held if not one.is_frozen)


def is_past(problem: ProblemDocument, session: Session) -> bool:
    """Whether a session starts before `frozen_until`."""
    until = problem.frozen_until
    return until is not None and (session.day, session.begin) < (until.day, until.minute)


def touching(problem: ProblemDocument, key: str) -> dict[str, set[str]]:
    """The neighbours of each space by its `adjacent` or `shares`, both ways."""
    near: dict[str, set[str]] = {space.id: set() for space in problem.spaces}
    for space in problem.spaces:
        for other in space.adjacent if key == "adjacent" else space.shares:
            near[space.id].add(other)
            near[other].add(space.id)
    return near


def clashes(held: Iterable[Held], gap: int) -> Iterator[tuple[Held, Held]]:
    """Pairs on one day that overlap or lie closer than `gap` minutes, save those that are both facts of the past."""
    row = sorted(held, key=lambda one: (one.day, one.begin))
    for index, first in enumerate(row):
        for second in row[index + 1 :]:
            if second.day != first.day or second.begin >= first.end + gap:
                break
            if not (first.is_frozen and second.is_frozen):
                yield first, second


def hurries(reading: Reading, held: Iterable[Held], gap: int) -> Iterator[tuple[Held, Held]]:
    """As `clashes`, of somebody who has to go from the one to the other: with the way, where that takes longer."""
    longest = max((gap, *reading.minutes.values()))
    for first, second in clashes(held, longest):
        if second.begin < first.end + max(gap, way(reading, first, second)):
            yield first, second


def way(reading: Reading, first: Held, second: Held) -> int:
    """The minutes from the one session's space to the other's."""
    return reading.minutes.get((first.space.zone, second.space.zone), 0)


def overlap(first: Held, second: Held, gap: int = 0) -> bool:
    """Whether two sessions overlap or lie closer than `gap` minutes, and are not both facts of the past."""
    return (
        first.day == second.day
        and first.begin < second.end + gap
        and second.begin < first.end + gap
        and not (first.is_frozen and second.is_frozen)
    )


def exceeds(held: Sequence[Held], limit: int) -> bool:
    """Whether there are more sessions than the limit allows and than the past alone explains."""
    return len(held) > limit and len(held) > sum(one.is_frozen for one in held)


def crowded_days(held: Iterable[Held], limit: int) -> Iterator[tuple[int, int]]:
    """(day, count) of the days on which more sessions stand than the limit allows and the past alone explains."""
    count = Counter(one.day for one in held)
    past = Counter(one.day for one in held if one.is_frozen)
    yield from ((day, n) for day, n in count.items() if n > max(limit, past[day]))
