"""Exact neighbourhoods: small fresh models of a part of the schedule, everything else fixed, chosen by what they
gained.

The compiled search does the bulk of the work; what it leaves are improvements that need many residents' weeks, or two
sessions' places, to change at once. Where only who comes is open HiGHS solves them, half a home at a time; where
sessions move, CP-SAT. Loads OR-Tools.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from solver.exact.highs import solve_by_highs
from solver.instance.placed import Found, Placed
from solver.instance.problem import Identity, Problem
from solver.model.building import Answer, build_model, fixed_slot, place_at, solve_model
from solver.model.variables import FREE, Model, Slot

SECONDS = 2.0  # for one neighbourhood
MOST_FREE = 2500  # literals
AT_FIRST = 2500  # people times sessions of the first neighbourhood that HiGHS is asked for …
WIDER, NARROWER = 1.25, 0.8  # … and how much larger the next may be where it ended in half its time, else smaller


@dataclass
class Kind:
    """One way to choose a part, and what it has brought so far per second."""

    name: str
    build: Callable[[Found], Model | None]
    solve: Callable[[Model, tuple[Identity, ...], float, int, int | None], Answer] = solve_model
    gained: float = 20.0
    spent: float = 1.0
    size: float = AT_FIRST

    def adapt(self, answer: Answer, spent: float, seconds: float) -> None:
        """As large as can be solved in its time."""
        is_done = answer.status in ("optimal", "infeasible")
        if not is_done or spent < seconds / 2:
            self.size *= WIDER if is_done else NARROWER


@dataclass
class Improver:
    problem: Problem
    identities: tuple[Identity, ...]
    seed: int
    chance: Random = field(init=False)
    kinds: list[Kind] = field(init=False)
    number: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.kinds = [
            Kind("people", self.some_people),
            Kind("friends", self.some_friends),
            Kind("sessions", self.some_sessions),
            Kind("weeks", self.some_weeks, solve_by_highs),
            Kind("days", self.some_days, solve_by_highs),
        ]
        self.friends: dict[int, list[int]] = {}
        for a, b, strength, _ in self.problem.ties:
            if strength > 0:
                self.friends.setdefault(a, []).append(b)
                self.friends.setdefault(b, []).append(a)

    def improve(self, found: Found, until: float) -> Iterator[Found]:
        """Ever better schedules until the moment `until` (`time.monotonic()`); yields after every neighbourhood."""
        while (now := time.monotonic()) < until:
            kind = self.choose()
            self.number += 1
            model = kind.build(found)
            kind.spent += time.monotonic() - now
            if model is not None:
                begun = time.monotonic()
                seconds = min(SECONDS, until - begun)
                answer = kind.solve(model, self.identities, seconds, self.number, found.objective + 1)
                spent = time.monotonic() - begun
                kind.spent += spent
                kind.adapt(answer, spent, seconds)
                if answer.objective is not None and answer.objective > found.objective:
                    kind.gained += answer.objective - found.objective
                    found = Found(answer.objective, 0, answer.sessions)
            yield found

    def choose(self) -> Kind:
        """The kinds in proportion to what they gain a second, none ever given up."""
        return self.chance.choices(self.kinds, [max(0.05, kind.gained / kind.spent) for kind in self.kinds])[0]

    def some_people(self, found: Found) -> Model | None:
        """The whole weeks of a few residents who share sessions."""
        if not found.sessions:
            return None
        people: list[int] = []
        for session in self.chance.sample(found.sessions, min(3, len(found.sessions))):
            people += self.chance.sample(session.residents, min(4, len(session.residents)))
        return self.weeks_of(found, people)

    def some_friends(self, found: Found) -> Model | None:
        """The whole weeks of a resident, their friends, and theirs."""
        if not self.friends:
            return None
        people = [self.chance.choice(sorted(self.friends))]
        for r in people:
            if len(people) > 12:
                break
            people += [q for q in self.friends[r] if q not in people]
        return self.weeks_of(found, people[:14])

    def some_weeks(self, found: Found) -> Model | None:
        """The whole weeks of many residents: of all who are in some sessions, as far as there is room."""
        if not found.sessions:
            return None
        most, people = max(2, int(self.kind("weeks").size) // len(found.sessions)), dict[int, None]()
        for session in self.chance.sample(found.sessions, len(found.sessions)):
            people |= dict.fromkeys(session.residents)
            if len(people) >= most:
                break
        return self.attendance(found, [set(list(people)[:most])] * len(found.sessions))

    def some_days(self, found: Found) -> Model | None:
        """Who comes to the sessions of a few days, of the whole home, as far as there is room."""
        everybody = set(range(len(self.problem.document.residents)))
        if not found.sessions or not everybody:
            return None
        most = max(2, int(self.kind("days").size) // len(everybody))
        turn = self.chance.sample(range(self.problem.days), self.problem.days)
        days = [turn[int(self.problem.times.day[session.time])] for session in found.sessions]
        chosen = set(sorted(range(len(days)), key=days.__getitem__)[:most])
        return self.attendance(found, [everybody if k in chosen else set() for k in range(len(days))])

    def kind(self, name: str) -> Kind:
        return next(kind for kind in self.kinds if kind.name == name)

    def attendance(self, found: Found, free: list[set[int]], most: int | None = None) -> Model | None:
        """Sessions stay; of each, these people are free. None where that is more than so many literals."""
        rows = zip(found.sessions, free, strict=True)
        slots = [fixed_slot(self.problem, self.identities, placed, sorted(people)) for placed, people in rows]
        return build_model(self.problem, slots, []) if most is None or _free_literals(slots) <= most else None

    def weeks_of(self, found: Found, people: list[int]) -> Model | None:
        return self.attendance(found, [set(people)] * len(found.sessions), MOST_FREE)

    def some_sessions(self, found: Found) -> Model | None:
        """A few sessions that may go anywhere, with all who may come to them."""
        if not found.sessions:
            return None
        chosen = set(self.chance.sample(range(len(found.sessions)), min(2, len(found.sessions))))
        day = int(self.problem.times.day[found.sessions[min(chosen)].time])
        slots = []
        for k, placed in enumerate(found.sessions):
            if k in chosen:
                slots.append(self.loose(placed, day))
            else:
                slots.append(fixed_slot(self.problem, self.identities, placed, ()))
        return build_model(self.problem, slots, []) if _free_literals(slots) <= 4 * MOST_FREE else None

    def loose(self, placed: Placed, day: int) -> Slot:
        """The session with its old options and those of one day, led and attended by anybody."""
        problem = self.problem
        slot = fixed_slot(problem, self.identities, placed, range(len(problem.document.residents)))
        times = [
            t
            for t in problem.times.of_activity[placed.activity].tolist()
            if t == placed.time or problem.times.day[t] == day
        ]
        spaces = [s for s in range(problem.open_at.shape[1]) if problem.fits_space[placed.activity, s]]
        options = [(t, s) for t in times for s in spaces if problem.open_at[t, s] and self.may_stand(placed, t, s)]
        if len(options) > 24:
            options = self.chance.sample(options, 24)
        slot.options = dict.fromkeys(
            [place_at(problem, *option) for option in {*options, (placed.time, placed.space)}], FREE
        )
        slot.people = {
            r: FREE
            for r in range(len(problem.document.residents))
            if problem.may_activity[placed.activity, r]
            and any(problem.ear[place.time, r] >= 0 for place in slot.options)
        }
        return slot

    def may_stand(self, placed: Placed, time_: int, space: int) -> bool:
        times = self.problem.times
        claimed = self.problem.alike.get((placed.activity, int(times.day[time_]), int(times.begin[time_]), space))
        if claimed is None:
            return True
        return placed.identity >= 0 and self.problem.identity_number[self.identities[placed.identity].id] in claimed


def _free_literals(slots: list[Slot]) -> int:
    return sum(
        isinstance(literal, int) and literal == FREE
        for slot in slots
        for row in (slot.options, slot.team, slot.people)
        for literal in row.values()
    )
