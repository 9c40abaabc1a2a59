"""The program of a whole problem: every schedule that keeps all rules is a point of it, worth at least its score.

What a rule asks beyond its rows is left out: the bounds stay bounds.
"""

import math
from collections.abc import Callable

from solver.bounds.linear.cells import cut_cells
from solver.bounds.linear.frame import Frame, Past
from solver.bounds.linear.program import Program
from solver.bounds.rows.attendance import post_company, post_escorts, post_people, post_seats, post_support
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
    post_seats,
    post_support,
    post_escorts,
    post_people,
    post_company,
)


class Week:
    """The program of a problem whose starts are all known (`has_all_times`); `linear` is its latest form.

    `has_starts`: with the starts of sessions, which pay where it is solved in whole numbers. Raises TimeUp where it is
    not written by `until`.
    """

    def __init__(self, problem: Problem, until: float = math.inf, has_starts: bool = False) -> None:
        program = Program(until)
        self.frame = Frame(problem, cut_cells(problem, program.check_time), program, Past(problem))
        for rule in (*RULES, post_starts) if has_starts else RULES:
            rule(self.frame)
        for term in POSTS.values():
            term(self.frame)
        self.linear = self.frame.program.finished()

    def refine(self, values: Reals) -> bool:
        """Rows and columns more, after those there are, that the columns' values do not keep; whether there are any."""
        if not split_ties(self.frame, values):
            return False
        self.linear = self.frame.program.finished()
        return True
