"""Fills the groups of a few planned sessions with residents of whom nothing is demanded: those first who are easiest to
bring. Plain Python, for proofs; what comes out is checked by who asks for it.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from solver.instance.placed import Placed
from solver.instance.problem import Problem
from solver.instance.rendering import rendered
from solver.model.check import broken


def completed(problem: Problem, sessions: tuple[Placed, ...]) -> list[Placed] | None:
    """The sessions with full groups, where they then keep every rule and meet every demand."""
    filling = _Filling(problem)
    rows = list(sessions)
    for row in rows:
        for r in row.residents:
            filling.enter(r, row)
    for k, row in enumerate(rows):
        rows[k] = filling.filled(row)
    return rows if not broken(problem.document, rendered(problem, problem.identities, rows)) else None


@dataclass
class _Filling:
    problem: Problem
    weeks: dict[int, list[Placed]] = field(default_factory=dict)

    def enter(self, r: int, row: Placed) -> None:
        self.weeks.setdefault(r, []).append(row)

    def filled(self, row: Placed) -> Placed:
        least = self.problem.document.activities[row.activity].min_group
        people = list(row.residents)
        for r in self.candidates(row) if len(people) < least else ():
            if self.may_join(r, row, people):
                people.append(r)
                self.enter(r, row)
                if len(people) >= least:
                    break
        return replace(row, residents=tuple(sorted(people)))

    def candidates(self, row: Placed) -> list[int]:
        problem = self.problem
        there = problem.may_activity[row.activity] & problem.may_space[row.space]
        there = there & (problem.ear[row.time] >= problem.level[row.activity, row.space])
        there = there & problem.may_facilitator[list(row.team)].all(axis=0)
        document = problem.document
        return sorted(
            np.flatnonzero(there).tolist(),
            key=lambda r: (
                document.residents[r].needs_familiar,
                document.residents[r].wheelchair,
                document.residents[r].support,
                bool(problem.fetched[row.space, r]),
                len(self.weeks.get(r, ())),
            ),
        )

    def may_join(self, r: int, row: Placed, people: list[int]) -> bool:
        document = self.problem.document
        person, place, activity = document.residents[r], document.spaces[row.space], document.activities[row.activity]
        everybody = [document.residents[q] for q in people] + [person]
        given = sum(document.facilitators[f].support for f in row.team)
        return (
            r not in people
            and sum(each.wheelchair for each in everybody) <= place.wheelchair_places
            and (activity.facilitators == 0 or sum(each.support for each in everybody) <= given)
            and not (document.separate_cohorts and len({each.cohort for each in everybody}) > 1)
            and not any({r, q} == set(pair) for pair in self.problem.apart for q in people)
            and (not person.needs_familiar or bool(self.problem.familiar[list(row.team), r].any()))
            and self.has_time(r, row)
        )

    def has_time(self, r: int, row: Placed) -> bool:
        times, person = self.problem.times, self.problem.document.residents[r]
        apart = self.problem.document.activities[row.activity].days_apart
        day, begin, end = times.day[row.time], times.begin[row.time], times.end[row.time]
        week = self.weeks.get(r, [])
        today = [other for other in week if times.day[other.time] == day]
        return (
            len(week) < person.sessions.max
            and len(today) < person.max_per_day
            and all(other.activity != row.activity or abs(int(times.day[other.time] - day)) >= apart for other in week)
            and all(
                not (begin < times.end[other.time] + gap and times.begin[other.time] < end + gap)
                for other in today
                for gap in (max(person.rest_minutes, int(self.problem.way[row.space, other.space])),)
            )
        )
