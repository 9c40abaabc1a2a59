"""Work that is counted instead of timed: numbers that say the same on a machine that is slow or busy."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from ortools.sat.python import cp_model

from solver.exact import benders
from solver.model import building
from tests.patience import PROVING

WORK = 0.5  # of CP-SAT for one question, in the seconds that it counts itself


def lines_run(do: Callable[[], object]) -> int:
    """How many lines of Python are begun, calls and returns among them, while something is done; each turn of a loop
    counts.
    """
    count = 0

    def note(_frame: FrameType, _event: str, _argument: Any) -> Any:
        nonlocal count
        count += 1
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        do()
    finally:
        sys.settrace(before)
    return count


@contextmanager
def counted() -> Iterator[None]:
    """CP-SAT ends by the work it has done, not by the clock: what it finds is the same on every machine."""
    make = building.new_solver

    def new(_seconds: float, seed: int = 0) -> cp_model.CpSolver:
        solver = make(PROVING, seed)
        solver.parameters.max_deterministic_time = WORK
        return solver

    with pytest.MonkeyPatch.context() as patch:
        for module in (building, benders):
            patch.setattr(module, "new_solver", new)
        yield
