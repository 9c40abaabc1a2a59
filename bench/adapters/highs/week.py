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

from solver.documents.exchange import Session, clock
from solver.instance.problem import Identity, Problem

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


def by_day(week: Week, events: Iterable[Event]) -> dict[int, list[Event]]:
    found: defaultdict[int, list[Event]] = defaultdict(list)
    for event in events:
        found[week.when(event)[0]].append(event)
    return found


def identities_of(week: Week) -> Iterator[tuple[int, Identity]]:
    return enumerate(week.problem.identities)
