"""The referee: a judge of schedules that shares no code with the project and lies beside it, in ../shared."""

import importlib.util
import io
import json
import os
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PATH = Path(os.environ.get("MILIEU_REFEREE") or Path(__file__).resolve().parents[2] / "shared" / "referee_2.py")
needs_referee = pytest.mark.skipif(
    not PATH.exists() and not os.environ.get("CI"),
    reason=f"NOT RUN: the referee is not at {PATH}; nobody but ourselves has judged these schedules",
)


@dataclass(frozen=True)
class Verdict:
    """What the referee says of a schedule: `broken` is empty where every rule holds and the stated score is true."""

    status: str | None
    objective: int | None
    terms: dict[str, int] | None
    broken: tuple[str, ...]


class Referee:
    """Judges schedule files by the exchange contract alone."""

    def judge(self, problem: Path, schedule: Path) -> Verdict:
        """Read two files and say what is broken; ValueError where one cannot be read."""
        told = io.StringIO()
        with redirect_stdout(told):
            if load_referee().main([str(problem), str(schedule), "--json"]) == 2:
                raise ValueError(f"the referee cannot read {problem} or {schedule}")
        answer: dict[str, Any] = json.loads(told.getvalue())
        return Verdict(answer["status"], answer["objective"], answer["terms"], tuple(answer["broken"]))


@cache
def load_referee() -> ModuleType:
    """The referee's own module; an error where the file is missing, as there must be in CI."""
    spec = importlib.util.spec_from_file_location("milieu_referee", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def referee() -> Referee:
    """The referee; mark what asks for it with `needs_referee`."""
    return Referee()
