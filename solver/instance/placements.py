"""Where a session of an activity could be held at all, whatever else is planned: looked up once for each activity."""

from functools import cached_property

import numpy as np

from solver.instance.problem import Flags, Ints, Problem, has_leaders


class Placements:
    """What a problem's demands do not change: it serves every narrowed problem of the same document."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._places: dict[int, Flags] = {}

    @cached_property
    def chairs(self) -> Flags:
        return np.array([person.wheelchair for person in self.problem.document.residents], bool)

    @cached_property
    def support(self) -> Ints:
        return np.array([person.support for person in self.problem.document.residents], np.int64)

    def places(self, a: int) -> Flags:
        """(times of the activity, S): open, fitting, with leaders, and with enough residents who could come."""
        if a not in self._places:
            problem, found = self.problem, self.held(a)
            least = problem.document.activities[a].min_group
            for space in np.flatnonzero(found.any(axis=0)).tolist() if least else ():
                found[:, space] &= self.largest_groups(a, space) >= least
            self._places[a] = found
        return self._places[a]

    def held(self, a: int) -> Flags:
        """(times of the activity, S): open, fitting and with leaders, whoever could come."""
        problem = self.problem
        times = problem.times.of_activity[a]
        found: Flags = problem.open_at[times] & problem.fits_space[a] & self.led(a)[:, None]
        return found

    def led(self, a: int) -> Flags:
        """(times of the activity,): whether enough facilitators are there who could lead it."""
        times = self.problem.times.of_activity[a].tolist()
        return np.array([has_leaders(self.problem, a, time) for time in times], bool)

    def welcome(self, a: int, space: int) -> Flags:
        """(times of the activity, R): who may be in a session there, as far as each is concerned alone."""
        problem = self.problem
        ears = problem.ear[problem.times.of_activity[a]]
        there: Flags = (ears >= problem.level[a, space]) & (problem.may_activity[a] & problem.may_space[space])
        return there

    def largest_groups(self, a: int, space: int) -> Ints:
        """(times of the activity,): no more residents than these can be together there: seats, wheelchairs, support
        and cohorts.
        """
        problem = self.problem
        there = self.welcome(a, space)
        groups = [there]
        if problem.document.separate_cohorts:
            groups = [there & (problem.cohort == cohort) for cohort in np.unique(problem.cohort)]
        most = np.zeros(len(there), np.int64)
        for group in groups:
            most = np.maximum(most, np.minimum(self._seated(group, space), self._supported(a, group)))
        return np.minimum(most, problem.document.spaces[space].capacity)

    def _seated(self, group: Flags, space: int) -> Ints:
        places = self.problem.document.spaces[space].wheelchair_places
        chairs: Ints = (group & self.chairs).sum(axis=1)
        others: Ints = (group & ~self.chairs).sum(axis=1)
        return others + np.minimum(chairs, places)

    def _supported(self, a: int, group: Flags) -> Ints:
        """How many of a group the strongest team there could support: those first who need least."""
        left = self.strongest_team(a)
        count = np.zeros(len(group), np.int64)
        for need in range(4):
            there = (group & (self.support == need)).sum(axis=1)
            taken = there if need == 0 else np.minimum(there, left // need)
            count += taken
            left = left - taken * need
        return count

    def strongest_team(self, a: int) -> Ints:
        """(times of the activity,): the most support that a team could give; without limit where nobody leads."""
        problem = self.problem
        size, times = problem.document.activities[a].facilitators, problem.times.of_activity[a]
        if size == 0:
            return np.full(len(times), 1 << 40, np.int64)
        given = np.array([row.support for row in problem.document.facilitators], np.int64)
        there = np.where(problem.available_at[times], given, 0)
        there.sort(axis=1)
        strongest: Ints = there[:, -size:].sum(axis=1)
        return strongest
