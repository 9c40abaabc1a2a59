"""The program of a whole problem: every schedule that keeps all rules is a point of it, worth at least its score.

What a rule asks beyond its rows is left out: the bounds stay bounds. It is written in two parts. The first tells of
residents only how often they come to each activity in each part of a day, whatever the day: a fifth of the whole, which
proves nearly as much. The second tells on which days.
"""

import math
from collections.abc import Callable

from solver.bounds.linear.cells import cut_cells
from solver.bounds.linear.frame import Frame, Level, Past
from solver.bounds.linear.program import Program
from solver.bounds.rows.attendance import (
    post_choices,
    post_cohorts,
    post_company,
    post_days,
    post_escorts,
    post_people,
    post_seats,
    post_support,
    post_visits,
)
from solver.bounds.rows.company import split_ties
from solver.bounds.rows.placement import post_counts, post_pins, post_sets, post_spaces, post_staff
from solver.bounds.rows.starts import post_starts
from solver.bounds.rows.worth import POSTS
from solver.instance.problem import Problem, Reals

RULES: tuple[Callable[[Frame], None], ...] = (
    post_sets,
    post_counts,
    post_spaces,
    post_staff,
    post_pins,
    post_people,
)
LEVEL_RULES: tuple[Callable[[Frame, Level], None], ...] = (post_seats, post_support, post_escorts, post_company)
DAY_RULES: tuple[Callable[[Frame], None], ...] = (post_choices, post_days, post_cohorts)


class Week:
    """The program of a problem whose starts are all known (`has_all_times`); `linear` is its latest form.

    `has_starts`: all of it at once, with the starts of sessions, which pay where it is solved in whole numbers. Raises
    TimeUp where it is not written by `until`.
    """

    def __init__(self, problem: Problem, until: float = math.inf, has_starts: bool = False) -> None:
        program = Program(until)
        self.frame = Frame(problem, cut_cells(problem, program.check_time), program, Past(problem))
        self.has_days = False
        for rule in RULES:
            rule(self.frame)
        for term in POSTS.values():
            term(self.frame)
        if has_starts:
            self._tell_days()
            post_starts(self.frame)
        else:
            post_visits(self.frame)
            self._post_levels(self.frame.by_strand)
        self.linear = self.frame.program.finished()

    def refine(self, values: Reals) -> bool:
        """Rows and columns more, after those there are: the days, then what the columns' values do not keep; whether
        there are any. Raises TimeUp as above.
        """
        if not self.has_days:
            self._tell_days()
        elif not split_ties(self.frame, values):
            return False
        self.linear = self.frame.program.finished()
        return True

    def _tell_days(self) -> None:
        self._post_levels(*self.frame.levels)
        for rule in DAY_RULES:
            rule(self.frame)
        for write in self.frame.later:
            write()
        self.has_days = True

    def _post_levels(self, *levels: Level) -> None:
        for level in levels:
            for rule in LEVEL_RULES:
                rule(self.frame, level)
