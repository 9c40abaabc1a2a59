"""Random problems with every field of the contract in use, through the search, the check and the referee."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import solver.model.building  # noqa: F401 - loads OR-Tools once, for all the searchers that are forked from here
from solver.documents import problem as documents
from solver.documents.exchange import ScheduleDocument, digest, read_problem, read_schedule, write_schedule
from solver.model.check import read_whole
from tests.solver.builders import NOT_SOLVED, Tree, read, written
from tests.solver.judge import judged, needs_referee
from tests.solver.run.test_solve import rows_of, run
from tests.solver.strategies import Chance, make_lively, make_problem, make_schedule, seeds

FIELDS = {
    str(field.validation_alias or name)
    for model in vars(documents).values()
    if isinstance(model, type) and issubclass(model, BaseModel)
    for name, field in model.model_fields.items()
}


def keys_of(tree: Any) -> set[str]:
    rows = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return set(tree if isinstance(tree, dict) else ()).union(*map(keys_of, rows))


def any_start(chance: Chance, tree: Tree) -> ScheduleDocument | None:
    """Now and then a schedule to begin from, with anything wrong in it."""
    rows = [] if chance.maybe(0.6) else make_schedule(chance, tree)
    fields = {"problem": "0" * 64, "status": "feasible", **NOT_SOLVED, "sessions": rows}
    return ScheduleDocument.model_validate(fields) if rows else None


@pytest.mark.slow(6)
@needs_referee
def test_what_is_found_keeps_every_rule_whatever_the_problem_says() -> None:
    seen: set[str] = set()
    statuses: set[str] = set()

    @settings(max_examples=30, deadline=None, derandomize=True, database=None)
    @given(seeds(), st.sampled_from([1, 2]), st.booleans())
    def solves(chance: Chance, workers: int, relax: bool) -> None:
        tree = chance.choice([make_problem, make_lively])(chance, chance.choice([0.2, 0.5, 1.0]))
        if chance.maybe(0.3):  # the weights that count anyway, said
            tree["weights"] = read(tree).weights.model_dump(mode="json")
        seen.update(keys_of(tree))
        raw = written(tree)
        problem = read_problem(raw)

        found, _ = run(tree, 0.5, any_start(chance, tree), workers=workers, relax=relax)

        statuses.add(found.status)
        assert read_whole(problem, digest(raw), found) == []
        assert read_schedule(write_schedule(found), problem) == found
        if found.status in ("optimal", "feasible"):
            breaks, terms = judged(tree, rows_of(found), [row.model_dump(mode="json") for row in found.relaxed])
            assert not breaks
            assert {name: value for name, value in terms.items() if value} == {
                k: v for k, v in found.terms.items() if v
            }
            assert found.bound is None or found.bound >= sum(terms.values())
            assert not found.relaxed or relax

    solves()

    assert FIELDS - seen == set()
    assert "infeasible" in statuses
    assert statuses & {"optimal", "feasible"}  # what is proved within that time depends on the machine
