"""The third reading: the search's running score and rules against the full ones, after many random moves."""

import pytest

from bench.asked.homes import make_home
from solver.search.cooling import bent_round
from solver.search.parameters import PARAMETERS
from tests.solver.search.searches import Trial
from tests.solver.strategies import Chance, make_problem


@pytest.mark.parametrize("seed", range(60))
def test_states_of_small_problems_keep_every_rule_and_know_their_score(seed: int) -> None:
    trial = Trial(make_problem(Chance(seed), 0.6 if seed % 2 else 0.3), seed)
    trial.annealer.begin([])
    for temperature in (60.0, 20.0, 2.0):
        trial.annealer.step(400, temperature, temperature, share=0.3)

        assert trial.disagreements() == []


@pytest.mark.slow(0.8)
@pytest.mark.parametrize("is_tight", [False, True])
def test_the_running_score_is_the_full_one_after_100_000_moves(is_tight: bool) -> None:
    trial = Trial(make_home(40, 3, is_tight).tree)
    trial.annealer.begin([])

    for _ in range(10):
        trial.annealer.step(10_000, 40.0, 10.0, share=0.1)

        assert trial.disagreements() == []


def test_what_was_best_is_loaded_again_whole() -> None:
    trial = Trial(make_home(30, 2).tree)
    trial.annealer.begin([])
    trial.annealer.step(20_000, 30.0, 3.0)
    best = trial.annealer.found()
    assert best is not None

    trial.annealer.restart(best)

    assert trial.annealer.state.objective == best.objective
    assert tuple(trial.annealer.state.sessions()) == best.sessions


def test_equal_seeds_make_equal_moves() -> None:
    tree = make_home(30, 2).tree
    states = []
    for _ in range(2):
        trial = Trial(tree, seed=7)
        trial.annealer.begin([])
        trial.annealer.step(5_000, 30.0, 3.0)
        states.append(trial.annealer.state.sessions())

    assert states[0] == states[1]


@pytest.mark.parametrize("times", [0.1, 0.3, 2.0])
def test_a_repair_is_cooled_slowly_to_its_knee(times: float, monkeypatch: pytest.MonkeyPatch) -> None:
    annealer = Trial(make_home(30, 2).tree).annealer
    annealer.hot, annealer.cold = 20.0, 0.5
    now, temperatures = [0.0], list[tuple[float, float, float]]()

    def step(moves: int, hot: float, cold: float) -> None:
        temperatures.append((now[0], hot, cold))
        now[0] += 0.04

    monkeypatch.setattr(annealer, "step", step)
    for _ in bent_round(annealer, 4.0, times * annealer.hot, lambda: now[0]):
        pass

    assert temperatures[0][1] == pytest.approx(times * annealer.hot)
    assert temperatures[-1][2] == pytest.approx(annealer.cold, rel=0.1)
    assert [cold for _, _, cold in temperatures] == sorted((cold for _, _, cold in temperatures), reverse=True)
    knee, part = PARAMETERS.knee, PARAMETERS.knee_time
    above = [at for at, hot, _ in temperatures if hot >= knee * annealer.hot * 0.999]
    assert len(above) / len(temperatures) == pytest.approx(part, abs=0.03) if times > knee else not above
