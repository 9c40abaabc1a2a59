"""The referee: a judge of schedules that shares no code with the project and lies beside it, in ../shared."""

import importlib.util
import io
import json
import os
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

REFEREE = Path(os.environ.get("MILIEU_REFEREE") or Path(__file__).parents[2] / "shared" / "referee.py")


@dataclass(frozen=True)
class Verdict:
    """What the referee says of a schedule: `broken` is empty where every rule holds and the stated score is true."""

    status: str | None
    objective: int | None
    terms: dict[str, int] | None
    broken: tuple[str, ...]


class Referee:
    """Judges schedule files by the exchange contract alone."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def judge(self, problem: Path, schedule: Path) -> Verdict:
        """Read two files and say what is broken; ValueError where one cannot be read."""
        told = io.StringIO()
        with redirect_stdout(told):
            if self._module.main([str(problem), str(schedule), "--json"]) == 2:
                raise ValueError(f"the referee cannot read {problem} or {schedule}")
        answer: dict[str, Any] = json.loads(told.getvalue())
        return Verdict(answer["status"], answer["objective"], answer["terms"], tuple(answer["broken"]))


@pytest.fixture(scope="session")
def referee() -> Referee:
    """The referee. Where it does not lie beside the project its tests say that they did not run; in CI they fail."""
    if not REFEREE.is_file():
        leave = pytest.fail if os.environ.get("CI") else pytest.skip
        leave(f"The referee does not lie beside the project: there is no {REFEREE.name} in ../shared")
    spec = importlib.util.spec_from_file_location("referee", REFEREE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Referee(module)
