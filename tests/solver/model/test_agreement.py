"""Two readings that share nothing: what the model is asked (`post`) and what the check says (`broken`, `amounts`).

A schedule that the search made is changed in one place; then everything is fixed in a model of the whole problem, which
must be feasible exactly where the check finds nothing broken, and must score what the check scores.
"""

from collections import Counter
from dataclasses import replace

import pytest
from ortools.sat.python import cp_model

from solver.documents.problem import Session
from solver.instance.placed import Placed
from solver.instance.rendering import rendered
from solver.instance.size import size_of
from solver.model.building import whole_model
from solver.model.check import broken, score
from solver.model.variables import Model, Slot
from tests.solver.search.searches import Trial
from tests.solver.strategies import Chance, make_problem

SMALL = 12_000
SEEDS = range(120)


def changed(chance: Chance, trial: Trial, rows: list[Placed]) -> list[Placed]:
    """One change: somebody more or less, another place, time or team, a session less, or none."""
    if not rows:
        return rows
    k = chance.randrange(len(rows))
    row, rest = rows[k], rows[:k] + rows[k + 1 :]
    problem = trial.problem
    match chance.randrange(7):
        case 0:
            return rest
        case 1 | 2:
            r = chance.randrange(len(problem.document.residents))
            return [*rest, replace(row, residents=tuple(sorted({r} ^ set(row.residents))))]
        case 3:
            return [*rest, replace(row, time=int(chance.choice(problem.times.of_activity[row.activity].tolist())))]
        case 4:
            return [*rest, replace(row, space=chance.randrange(len(problem.document.spaces)))]
        case 5:
            return [
                *rest,
                replace(row, team=tuple(sorted(chance.some(list(range(len(problem.document.facilitators))))))),
            ]
        case _:
            return rows


def slots_of(trial: Trial, model: Model, rows: list[Placed]) -> dict[int, Placed] | None:
    """Which slot of the model holds which session, or None where the model has no such option."""
    found: dict[int, Placed] = {}
    for row in sorted(rows, key=lambda row: row.time):
        name = trial.pools.identities[row.identity].id if row.identity >= 0 else None
        for k, slot in enumerate(model.slots):
            mine = slot.identity.id if slot.identity is not None else None
            if slot.is_fact or k in found or slot.activity != row.activity or mine != name:
                continue
            if not any((place.time, place.space) == (row.time, row.space) for place in slot.options):
                return None
            if not set(row.residents) <= slot.people.keys() or not set(row.team) <= slot.team.keys():
                return None
            found[k] = row
            break
        else:
            return None
    return found


def fix(model: Model, slot: Slot, row: Placed | None) -> None:
    def say(literal: "cp_model.LiteralT", value: bool) -> None:
        if isinstance(literal, int):
            if bool(literal) != value:
                model.cp.add_bool_or([])
        else:
            model.cp.add(literal == int(value))

    say(slot.present, row is not None)
    for place, literal in slot.options.items():
        say(literal, row is not None and (place.time, place.space) == (row.time, row.space))
    for f, literal in slot.team.items():
        say(literal, row is not None and f in row.team)
    for r, literal in slot.people.items():
        say(literal, row is not None and r in row.residents)


def solved(model: Model) -> int | None:
    """The objective of a model in which everything is fixed, or None where it cannot be."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model.cp)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return round(solver.objective_value) if status == cp_model.OPTIMAL else None


def compare(seed: int) -> tuple[list[str], bool] | None:
    """The rules that the check finds broken, and whether the model agrees; None where the model has no such option."""
    chance = Chance(seed)
    trial = Trial(make_problem(chance, 0.5 if seed % 2 else 0.3), seed)
    if size_of(trial.problem) > SMALL:
        return None
    trial.annealer.begin([])
    trial.annealer.step(500, 20.0, 5.0, share=0.2)
    rows = changed(chance, trial, trial.annealer.state.sessions())
    model = whole_model(trial.problem)
    held = slots_of(trial, model, rows)
    if held is None:
        return None
    for k, slot in enumerate(model.slots):
        if not slot.is_fact:
            fix(model, slot, held.get(k))
    sessions: tuple[Session, ...] = rendered(trial.problem, trial.pools.identities, rows)
    breaches = [each.rule for each in broken(trial.problem.document, sessions)]
    objective = solved(model)
    if breaches:
        return breaches, objective is None
    return [], objective == sum(score(trial.problem.document, sessions).values())


@pytest.mark.slow(3)
def test_the_model_and_the_check_agree_on_changed_schedules() -> None:
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        result = compare(seed)
        if result is not None:
            rules, agree = result
            assert agree, (seed, rules)
            seen.update(set(rules) or {"none"})

    assert seen["none"] >= 10
    assert len(seen) >= 6, seen


@pytest.mark.parametrize("seed", range(400, 412))
def test_what_the_model_makes_keeps_every_rule_and_scores_what_it_says(seed: int) -> None:
    from solver.model.building import solve_model

    trial = Trial(make_problem(Chance(seed), 0.3), seed)
    if size_of(trial.problem) > SMALL:
        pytest.skip("too large")

    answer = solve_model(whole_model(trial.problem), trial.pools.identities, 10.0, 0)

    if answer.status in ("optimal", "feasible"):
        sessions = rendered(trial.problem, trial.pools.identities, answer.sessions)
        assert broken(trial.problem.document, sessions) == []
        assert answer.objective == sum(score(trial.problem.document, sessions).values())
