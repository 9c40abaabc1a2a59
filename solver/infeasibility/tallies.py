"""What those of whom one activity is required ask of its sessions together: places, wheelchairs, support, hours.

Each is a bound that any schedule keeps, so that what it says is true by itself. Empty where nothing so simple clashes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solver.documents.problem import AttendPin
from solver.infeasibility.obstacles import reason, stretches
from solver.instance.demands import Demand, activities_of
from solver.instance.placements import Placements
from solver.instance.problem import Flags, Problem, is_any_use
from solver.model.reasons import Fact, Reason


@dataclass(frozen=True)
class Tally:
    """`attending` is how often each resident has to be in sessions of the activity, by number."""

    problem: Problem
    placements: Placements
    activity: int
    attending: Mapping[int, int]

    def hindrances(self) -> Iterator[Reason]:
        """Why what is asked of its sessions cannot be had, where counting alone shows it."""
        if self.never_meets:
            yield from self.apart()
        else:
            yield from self.unled() if self.is_never_led else self.reasons()

    def reasons(self) -> Iterator[Reason]:
        if len(self.attending) > 1 and self.places.any() and not self.has_begun:
            yield from self._too_many()

    @cached_property
    def places(self) -> Flags:
        """(times of the activity, S): where a session of it can be held."""
        return self.placements.places(self.activity)

    @cached_property
    def days(self) -> tuple[int, ...]:
        """On which days it can still be held."""
        times = self.problem.times.of_activity[self.activity][self.places.any(axis=1)]
        return tuple(sorted({int(self.problem.times.day[time]) for time in times}))

    @property
    def has_begun(self) -> bool:
        """Whether some of it has happened, so that what is left is less than its limits say."""
        return any(fact.activity == self.activity for fact in self.problem.facts)

    @cached_property
    def left(self) -> int:
        """How many more sessions of it its own limits allow."""
        row = self.problem.document.activities[self.activity]
        most = max(0, row.sessions.max - sum(fact.activity == self.activity for fact in self.problem.facts))
        return min(most, len(self.days)) if row.one_per_day else most

    @cached_property
    def needed(self) -> dict[int, int]:
        """How often each has yet to come, those alone who have not come often enough."""
        facts = [fact for fact in self.problem.facts if fact.activity == self.activity]
        owed = {r: least - sum(r in fact.residents for fact in facts) for r, least in self.attending.items()}
        return {r: least for r, least in owed.items() if least > 0}

    @property
    def is_short_of_days(self) -> bool:
        """Whether days, not its own limits, say how often it can be held."""
        row = self.problem.document.activities[self.activity]
        return row.one_per_day and self.left == len(self.days) and self.left < row.sessions.max

    def limits(self) -> Reason:
        """How often it can still be held."""
        row = self.problem.document.activities[self.activity]
        if self.has_begun:
            return reason("held_left", activity=row.id, often=self.left)
        if self.is_short_of_days:
            return reason("held_on_days", activity=row.id, weekdays=tuple(map(str, self.days)))
        return reason("held_often", activity=row.id, often=self.left)

    def _too_many(self) -> Iterator[Reason]:
        document, row = self.problem.document, self.problem.document.activities[self.activity]
        spaces = [document.spaces[s] for s in np.flatnonzero(self.places.any(axis=0)).tolist()]
        people = {r: document.residents[r] for r in self.needed}
        seats = min(row.max_group, max(space.capacity for space in spaces))
        chairs = min(seats, max(space.wheelchair_places for space in spaces))
        support = int(self.placements.strongest_team(self.activity)[self.places.any(axis=1)].max())
        wheelchairs = sum(often for r, often in self.needed.items() if people[r].wheelchair)
        helped = sum(often * people[r].support for r, often in self.needed.items())
        total = sum(self.needed.values())
        for kind, most, needed in (
            ("group" if seats == row.max_group else "seats", seats, total),
            ("chairs", chairs, wheelchairs),
            ("support", support, helped),
        ):
            if needed > most * self.left:
                facts: dict[str, Fact] = {"activity": row.id, "most": most, "needed": needed}
                if kind == "seats":
                    facts["spaces"] = tuple(space.id for space in spaces)
                if self.is_short_of_days:
                    yield reason(f"{kind}_short_days", **facts, weekdays=tuple(map(str, self.days)))
                else:
                    yield reason(f"{kind}_short", **facts, often=self.left)
                return

    def apart(self) -> Iterator[Reason]:
        """Who of them could not come always, and when and where they could; those who are alike together."""
        alike: dict[bytes, list[int]] = {}
        there = {r: self._there(r) for r in self.needed}
        for r, flags in there.items():
            if not np.array_equal(flags, self.places):
                alike.setdefault(flags.tobytes(), []).append(r)
        if alike or (self.has_begun and self.needed):
            yield self.limits()
        for group in sorted(alike.values(), key=lambda group: int(there[group[0]].sum())):
            yield self._only(group, there[group[0]])

    @property
    def never_meets(self) -> bool:
        """Whether the one session that is left suits not all of them, wherever and whenever it is."""
        common = self.places.copy()
        for r in self.needed:
            common &= self._there(r)
        return self.left == 1 and not common.any()

    @cached_property
    def refused(self) -> dict[int, list[int]]:
        """Of those who could lead it, whom each of the demanded refuses or is kept from."""
        return {r: [f for f in self._leaders if not self.problem.may_facilitator[f, r]] for r in self.needed}

    @property
    def is_never_led(self) -> bool:
        """Whether everybody who could lead the one session that is left is refused by somebody who has to be in it."""
        refused = {f for leaders in self.refused.values() for f in leaders}
        return self.left == 1 and bool(self._leaders) and refused == set(self._leaders)

    def unled(self) -> Iterator[Reason]:
        """Who refuses whom."""
        document = self.problem.document
        yield self.limits()
        for r, leaders in self.refused.items():
            if leaders:
                yield reason(
                    "leader_refused",
                    resident=document.residents[r].id,
                    facilitators=tuple(document.facilitators[f].id for f in leaders),
                    activity=document.activities[self.activity].id,
                )

    @cached_property
    def _leaders(self) -> list[int]:
        """Who could be one of those who lead it, empty where it needs nobody."""
        problem, a = self.problem, self.activity
        if not problem.document.activities[a].facilitators:
            return []
        times = problem.times.of_activity[a][self.places.any(axis=1)]
        return [
            f for f in np.flatnonzero(problem.available_at[times].any(axis=0)).tolist() if is_any_use(problem, a, f)
        ]

    def _there(self, r: int) -> Flags:
        """(times of the activity, S): where a resident could be in a session of it, whoever else is there."""
        problem, a = self.problem, self.activity
        ears = problem.ear[problem.times.of_activity[a], r][:, None]
        there: Flags = self.places & problem.may_space[:, r][None, :] & (ears >= problem.level[a][None, :])
        if problem.document.residents[r].wheelchair:
            there &= np.array([space.wheelchair_places > 0 for space in problem.document.spaces], bool)
        return there

    def _only(self, alike: list[int], there: Flags) -> Reason:
        problem, a = self.problem, self.activity
        who: dict[str, Fact] = {
            "others": tuple(problem.document.residents[r].id for r in alike),
            "activity": problem.document.activities[a].id,
        }
        if not np.array_equal(there.any(axis=0), self.places.any(axis=0)):
            spaces = np.flatnonzero(there.any(axis=0)).tolist()
            who["spaces"] = tuple(problem.document.spaces[s].id for s in spaces)
        times = stretches(problem, problem.times.of_activity[a][there.any(axis=1)])
        return reason("could_there" if "spaces" in who else "could_then", **who, times=times)


def tallies(problem: Problem, placements: Placements, demands: tuple[Demand, ...]) -> list[Tally]:
    """One for each activity that the demands require somebody to attend, by attendances and by pins."""
    document = problem.document
    asked: dict[int, Counter[int]] = {}
    pinned: dict[int, Counter[int]] = {}
    for demand in demands:
        if demand.rule == "R14":
            r, a = demand.names
            asked.setdefault(a, Counter())[r] = document.residents[r].required[document.activities[a].id]
        elif demand.rule == "R18" and isinstance(pin := document.pins[demand.names[0]], AttendPin):
            for a in activities_of(problem, demand):
                pinned.setdefault(a, Counter())[problem.resident_number[pin.attend]] += 1
    both = {a: asked.get(a, Counter()) | pinned.get(a, Counter()) for a in sorted({*asked, *pinned})}
    return [Tally(problem, placements, a, attending) for a, attending in both.items()]
