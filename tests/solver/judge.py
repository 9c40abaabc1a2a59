"""The referee of the exchange format, where it lies beside the project: an outside opinion on whole schedules."""

import importlib.util
import os
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PATH = Path(__file__).resolve().parents[3] / "shared" / "referee.py"
needs_referee = pytest.mark.skipif(
    not PATH.exists() and not os.environ.get("CI"),
    reason=f"NOT RUN: the referee is not at {PATH}; nobody but ourselves has judged these schedules",
)


@cache
def _referee() -> ModuleType:
    spec = importlib.util.spec_from_file_location("milieu_referee", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)  # fails where the file is missing, as it must in CI
    return module


def judged(problem: dict[str, Any], sessions: list[Any], relaxed: list[Any]) -> tuple[Counter[str], dict[str, int]]:
    """How often each rule is broken, and the terms of the score, as the referee reads them."""
    referee = _referee().Referee(problem, {"sessions": sessions, "relaxed": relaxed})
    referee.check()
    terms = referee.score()
    return Counter(line.partition(":")[0] for line in referee.broken), terms
