"""The whole week as a mixed-integer program: what may be held where and when, who leads and who comes.

`held` says whether an activity is at a time in a space; `leads` and `comes` belong to the activity at that time. Two
sessions of one activity never begin together here, which where they are one a day they could not. Facts stand outside:
the spaces, leaders and residents that they take are left out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ortools.math_opt.python import mathopt

from bench.adapters.past import is_leading, is_taken, was_there
from solver.documents.exchange import Session, clock
from solver.instance.problem import Identity, Problem, has_leaders, is_any_use

MOST = 60_000  # variables of attendance; above it starts are thinned
STEPS = (0, 30, 60, 120)  # minutes between starts, 0 = all

Event = tuple[int, int]  # activity, time
Variable: TypeAlias = mathopt.Variable
total = mathopt.fast_sum


@dataclass
class Week:
    problem: Problem
    model: mathopt.Model
    held: dict[Event, dict[int, Variable]] = field(default_factory=dict)
    leads: dict[Event, dict[int, Variable]] = field(default_factory=dict)
    comes: dict[Event, dict[int, Variable]] = field(default_factory=dict)
    named: dict[int, dict[int, Variable]] = field(default_factory=dict)  # identity -> time -> its session is then
    worth: list[Any] = field(default_factory=list)
    is_whole: bool = True

    def binary(self) -> Variable:
        return self.model.add_binary_variable()

    def part(self, most: float = 1.0) -> Variable:
        """A continuous variable from 0."""
        return self.model.add_variable(lb=0.0, ub=most)

    def keep(self, condition: Any) -> None:
        self.model.add_linear_constraint(condition)

    def happens(self, event: Event) -> Any:
        return total(self.held[event].values())

    def when(self, event: Event) -> tuple[int, int, int]:
        times, t = self.problem.times, event[1]
        return int(times.day[t]), int(times.begin[t]), int(times.end[t])

    def of(self, r: int) -> Iterator[tuple[Event, Variable]]:
        for event, people in self.comes.items():
            if r in people:
                yield event, people[r]

    def sessions(self, holds: Callable[[Variable], bool]) -> tuple[Session, ...]:
        """The facts and what a solution holds."""
        document, rows, number = self.problem.document, [], 0
        for fact in self.problem.facts:
            old = document.previous[fact.previous]
            kept = tuple(name for name in old.residents if name in self.problem.resident_number)
            rows.append(old.model_copy(update={"residents": kept}))
        for event, spaces in self.held.items():
            for s, variable in spaces.items():
                if holds(variable):
                    name = next(
                        (
                            self.problem.identities[k].id
                            for k, mine in self.named.items()
                            if self.problem.identities[k].activity == event[0]
                            and event[1] in mine
                            and holds(mine[event[1]])
                        ),
                        None,
                    )
                    while name is None or (name.startswith("s ") and name in self.problem.reserved):
                        number += 1
                        name = f"s {number}"
                    rows.append(self._session(event, s, name, holds))
        return tuple(rows)

    def _session(self, event: Event, s: int, name: str, holds: Callable[[Variable], bool]) -> Session:
        document = self.problem.document
        day, begin, _ = self.when(event)
        return Session(
            id=name,
            activity=document.activities[event[0]].id,
            day=day,
            start=clock(begin),
            space=document.spaces[s].id,
            facilitators=tuple(document.facilitators[f].id for f, v in self.leads[event].items() if holds(v)),
            residents=tuple(document.residents[r].id for r, v in self.comes[event].items() if holds(v)),
        )


def build(problem: Problem) -> Week:
    from bench.adapters.highs.rules import post_rules
    from bench.adapters.highs.terms import post_terms

    events, is_whole = _thinned(problem)
    week = Week(problem, mathopt.Model(), is_whole=is_whole)
    for event, spaces in events.items():
        a = event[0]
        week.held[event] = {s: week.binary() for s in spaces}
        count = problem.document.activities[a].facilitators
        t, staff = event[1], range(len(problem.skills[a]) if count else 0)
        able = [f for f in staff if problem.available_at[t, f] and is_any_use(problem, a, f)]
        week.leads[event] = {f: week.binary() for f in able if not is_leading(problem, t, f)}
        week.comes[event] = {r: week.binary() for r in _guests(problem, event, spaces)}
    for k, identity in enumerate(problem.identities):
        week.named[k] = {event[1]: week.binary() for event in events if event[0] == identity.activity}
    post_rules(week)
    post_terms(week)
    week.model.maximize(total(week.worth))
    return week


def _thinned(problem: Problem) -> tuple[dict[Event, list[int]], bool]:
    """Every activity at every time with the spaces it may have then, at as fine a grid as stays small."""
    for step in STEPS:
        events = dict(_events(problem, step))
        if sum(len(_guests(problem, event, spaces)) for event, spaces in events.items()) <= MOST or step == STEPS[-1]:
            break
    is_exact = all(row.one_per_day for row in problem.document.activities) and all(
        problem.turnaround[s] == problem.turnaround[q] for s, others in enumerate(problem.shares) for q in others
    )
    return events, step == 0 and is_exact


def _events(problem: Problem, step: int) -> Iterator[tuple[Event, list[int]]]:
    kept = {(each.activity, each.day, each.begin) for each in problem.identities}
    for a, activity in enumerate(problem.document.activities):
        last = (-1, -step)
        for t in problem.times.of_activity[a].tolist():
            day, begin = int(problem.times.day[t]), int(problem.times.begin[t])
            is_due = day != last[0] or begin >= last[1] + step
            if not (is_due or (a, day, begin) in kept) or not has_leaders(problem, a, t):
                continue
            spaces = [
                s
                for s in range(problem.open_at.shape[1])
                if problem.fits_space[a, s]
                and problem.open_at[t, s]
                and not is_taken(problem, t, s)
                and problem.document.spaces[s].capacity >= activity.min_group
            ]
            if spaces:
                last = (day, begin) if is_due else last
                yield (a, t), spaces


def _guests(problem: Problem, event: Event, spaces: Iterable[int]) -> list[int]:
    """Who may come at all."""
    a, t = event
    quiet = min(int(problem.level[a, s]) for s in spaces)
    found = [r for r in range(problem.ear.shape[1]) if problem.may_activity[a, r] and problem.ear[t, r] >= quiet]
    return [r for r in found if not was_there(problem, t, a, r)]


def by_day(week: Week, events: Iterable[Event]) -> dict[int, list[Event]]:
    found: defaultdict[int, list[Event]] = defaultdict(list)
    for event in events:
        found[week.when(event)[0]].append(event)
    return found


def identities_of(week: Week) -> Iterator[tuple[int, Identity]]:
    return enumerate(week.problem.identities)
