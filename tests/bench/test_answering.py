"""A peer's answer: what it shows is read before it counts, on the clock and with the memory of whoever asks."""

import json
import sys
from functools import cache
from pathlib import Path

import pytest

from bench.adapters.answering import answer, rising
from bench.adapters.peer import Ask, Peer
from bench.asked.greedy import plan
from bench.memory import PROC
from bench.peers import PEERS
from solver.documents.exchange import read_problem
from solver.instance.compilation import compile_problem
from solver.model.building import solve_model, whole_model
from solver.model.check import objective
from solver.search.memory.packing import pack
from tests.solver.builders import read
from tests.solver.strategies import Chance, make_problem

TREE = make_problem(Chance(4), 0.2)
RAW = json.dumps(TREE).encode()
DOCUMENT = read(TREE)


def speaking(script: str) -> Peer:
    """A peer that runs a few lines of Python, with `say` to write a line and `folder` where the problem lies."""
    head = f"import json, sys, time; say = lambda **tree: print(json.dumps(tree), flush=True); folder = {str(Path)!r}\n"
    return Peer("made", "made", lambda ask: [sys.executable, "-c", head + script, str(ask.problem)])


def rows(document=DOCUMENT) -> list[dict[str, object]]:
    return [json.loads(row.model_dump_json()) for row in plan(document)]


def test_a_right_schedule_counts_and_a_wrong_one_is_told() -> None:
    wrong = [dict(row, residents=["nobody"]) for row in rows()] or [{"id": "s"}]
    run = answer(speaking(f"say(sessions={rows()!r}); say(sessions={wrong!r}); say(bound=9999)"), RAW, 5, 1)

    assert run.score == objective(DOCUMENT, plan(DOCUMENT))
    assert (run.wrong, run.bound, run.word) == (1, 9999, "")
    assert run.fault
    assert 0 < run.curve[0][0] < run.seconds + 0.1


def test_a_statement_without_a_schedule_counts_for_nothing() -> None:
    run = answer(speaking("say(objective=1000000); print('no more memory')"), RAW, 5, 1)

    assert run.curve == ()
    assert (run.word, run.fault) == ("nothing", "no more memory")


def test_whoever_overstays_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.adapters.answering.GRACE", 0.2)

    run = answer(speaking(f"say(sessions={rows()!r}); time.sleep(60)"), RAW, 0.5, 1)

    assert run.score is not None
    assert run.seconds < 10


@pytest.mark.skipif(not PROC.is_dir(), reason="only Linux tells what a process uses")
def test_memory_is_that_of_all_processes() -> None:
    hold = "x = bytearray(60_000_000); import time; time.sleep(1)"
    script = f"import subprocess; p = subprocess.Popen([sys.executable, '-c', {hold!r}]); {hold}"

    run = answer(speaking(script), RAW, 5, 1)

    assert run.memory is not None
    assert 120e6 < run.memory < 220e6


def test_who_cannot_be_run_is_skipped_with_a_word() -> None:
    run = answer(Peer("made", "made", lambda ask: [], missing=lambda: "skipped: no Java"), RAW, 5, 1)

    assert (run.word, run.curve, run.memory) == ("skipped: no Java", (), None)


def test_only_better_points_are_kept_in_the_order_of_time() -> None:
    assert rising([(3.0, 7), (1.0, 5), (2.0, 4), (4.0, 7)]) == ((1.0, 5), (3.0, 7))


@pytest.mark.slow(2)
@pytest.mark.parametrize("name", ["solver", "hand", "cpsat", "highs"])
def test_every_peer_plans_a_small_week(name: str) -> None:
    run = answer(PEERS[name], RAW, 6, 1)

    assert (run.word, run.wrong, run.fault) == ("", 0, "")
    assert run.score is not None
    assert run.score <= proved_best()
    if run.bound is not None:
        assert run.bound >= proved_best()


@cache
def proved_best() -> int:
    """The best score of the small week."""
    problem = compile_problem(read_problem(RAW), "")
    found = solve_model(whole_model(problem), pack(problem).identities, 20, 0).objective
    assert found is not None
    return found


def test_the_commands_say_what_is_asked(tmp_path: Path) -> None:
    ask = Ask(tmp_path / "p.json", tmp_path / "s.json", 7.0, 2, 3)

    for name in ("solver", "hand", "cpsat", "highs", "timefold", "exchanges"):
        command = PEERS[name].command(ask)
        assert str(ask.problem) in command
        assert command[command.index("--seconds") + 1] == "7.0"
        assert command[command.index("--seed") + 1] == "3"
