"""What `milieu plan` prints of a run that ended in a draft."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from milieu.commands.weeks import run_plan
from milieu.database import unit_of_work
from milieu.installation.serving import open_engines
from milieu.settings import Settings
from milieu.solving.process.child import SolverChild
from tests.milieu.builders import MONDAY, FixedClock, small_community
from tests.milieu.weeks import FRIDAY, quick

REFUSED = "Ada Made-Up has said no to {}, so that their care plan's demand for it is left out."
Plan = Callable[..., str]


class Friday(FixedClock):
    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(0.01)  # while another thread plans


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Plan:
    """Plans a week in which the care plan asks for what Ada has said no to; what is printed."""
    settings = Settings(data_dir=tmp_path, solver_workers=1)
    monkeypatch.setattr("milieu.commands.weeks.SystemClock", lambda: Friday(FRIDAY))
    monkeypatch.setattr(SolverChild, "of", lambda *_given: quick())

    def run(*refused: str, as_json: bool = False) -> str:
        engines = open_engines(settings)
        with unit_of_work(engines) as db:
            elm = small_community(db)
            for name in refused:
                elm.requirement(elm.residents["ada"], elm.activities[name])
                elm.refusal(elm.residents["ada"], activity=elm.activities[name])
        engines.dispose()
        with capture_logs():  # which a command writes elsewhere
            assert run_plan(settings, MONDAY, community=None, seconds=5, is_published=False, as_json=as_json) == 0
        return capsys.readouterr().out

    return run


def test_what_was_left_out_is_listed(plan: Plan) -> None:
    first, *listed, last = plan("chess", "choir").splitlines()

    assert first.startswith("The week of 2026-11-30 is planned, with a score of ")
    assert listed[0] == "2 demands were left out or lowered:"
    assert sorted(listed[1:]) == [f"  {REFUSED.format('Chess')}", f"  {REFUSED.format('Choir')}"]
    assert last == "It is a draft: `milieu publish --week 2026-11-30` publishes it."


def test_one_thing_is_told_as_one(plan: Plan) -> None:
    assert plan("chess").splitlines()[1:3] == ["1 demand was left out or lowered:", f"  {REFUSED.format('Chess')}"]


def test_nothing_is_said_where_nothing_was_left_out(plan: Plan) -> None:
    assert len(plan().splitlines()) == 2


def test_programs_read_it_too(plan: Plan) -> None:
    assert json.loads(plan("chess", as_json=True))["notes"] == [REFUSED.format("Chess")]
