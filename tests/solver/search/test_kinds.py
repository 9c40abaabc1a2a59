"""Shares of moves are shares, and what came of each kind of move is counted."""

import pytest

from bench.asked.changes import change
from bench.asked.homes import make_home
from bench.asked.questions import Question
from bench.moves import lines
from solver.search.memory.kinds import KINDS
from solver.search.moves.attendance import drawing as attendance
from solver.search.moves.demands import drawing as demands
from solver.search.moves.programme import drawing as programme
from tests.solver.search.searches import Trial
from tests.solver.search.test_moves import kind_of_home

DRAWN = {"attendance": attendance.SHARES, "programme": programme.SHARES, "demands": demands.SHARES}


@pytest.mark.parametrize("name", DRAWN)
def test_the_shares_of_moves_are_all_there_is(name: str) -> None:
    assert sum(DRAWN[name].values()) == pytest.approx(1)
    assert DRAWN[name].keys() <= set(KINDS)


def test_every_kind_of_move_has_a_share() -> None:
    assert {"swap", "reinstate", "keep usual"} == set(KINDS) - {kind for shares in DRAWN.values() for kind in shares}


def test_moves_of_a_new_week_are_tried_as_their_shares_say() -> None:
    trial = Trial({**make_home(30, 3).tree, "usual": []}, 5)
    trial.annealer.begin([])
    trial.annealer.step(200_000, 30.0, 30.0, share=0.25)
    counts = {each.kind: each for each in trial.annealer.state.counts()}

    assert sum(each.tried for each in counts.values()) == 200_000
    for kind, share in programme.SHARES.items():
        assert counts[kind].tried == pytest.approx(50_000 * share, rel=0.1)
    for kind in ("drop", "trade"):
        assert counts[kind].tried == pytest.approx(150_000 * attendance.SHARES[kind], rel=0.05)
    for each in counts.values():
        assert 0 <= each.gained <= each.accepted <= each.tried
    for kind in ("bring", "trade", "drop", "shift", "exchange"):
        assert 0 < counts[kind].gained < counts[kind].accepted


def test_moves_of_a_repair_a_base_week_and_dense_ties_are_counted_beside_them() -> None:
    home = make_home(30, 3)
    repair = Trial(change(home.tree, home.witness, "away", 1), 5)
    dense = Trial(kind_of_home("everybody tied"), 5)
    used = Trial(home.tree, 5)
    for trial in (repair, dense, used):
        trial.annealer.begin([])
        trial.annealer.step(20_000, 30.0, 30.0, share=0.25)

    assert {each.kind: each for each in repair.annealer.state.counts()}["reinstate"].tried > 100
    assert {each.kind: each for each in used.annealer.state.counts()}["keep usual"].gained > 10
    assert {each.kind: each for each in dense.annealer.state.counts()}["swap"].accepted > 100


def test_counts_outlive_a_restart_and_make_a_table() -> None:
    trial = Trial(make_home(12, 3).tree, 5)
    trial.annealer.begin([])
    trial.annealer.step(5_000, 30.0, 30.0, share=0.25)
    before = trial.annealer.state.counts()

    trial.annealer.begin([])

    assert trial.annealer.state.counts() == before
    table = list(lines(Question("", "home 12", 12, b""), before))
    assert table[0] == "| home 12 | tried | of all | accepted | score rose |"
    assert len(table) == 2 + sum(each.tried > 0 for each in before)
