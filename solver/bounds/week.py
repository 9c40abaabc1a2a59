"""The program of a whole problem: every schedule that keeps all rules is a point of it, worth at least its score."""

from collections.abc import Callable

from solver.bounds.attendance import post_company, post_escorts, post_people, post_seats, post_support, post_time
from solver.bounds.cells import cut_cells
from solver.bounds.frame import Frame, Past
from solver.bounds.placement import post_counts, post_pins, post_sets, post_spaces, post_staff
from solver.bounds.program import Linear, Program
from solver.bounds.worth import POSTS
from solver.problem import Problem

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
    post_time,
    post_company,
)


def build_week(problem: Problem) -> Linear:
    """All rules and terms over the problem's cells. What a rule asks beyond its rows is left out: bounds stay bounds."""
    program = Program()
    frame = Frame(problem, cut_cells(problem), program, Past(problem))
    for rule in RULES:
        rule(frame)
    for term in POSTS.values():
        term(frame)
    return program.finished()
