"""The random problems are what they claim to be: well formed, and with every field of the contract in use."""

from typing import Any

from pydantic import BaseModel

from solver.documents import problem as documents
from solver.documents.exchange import read_problem
from tests.solver.builders import written
from tests.solver.strategies import Chance, make_problem


def _keys(tree: Any) -> set[str]:
    if isinstance(tree, list):
        return set().union(*map(_keys, tree))
    if isinstance(tree, dict):
        return set(tree).union(*map(_keys, tree.values()))
    return set()


def test_random_problems_are_well_formed_and_use_every_field() -> None:
    trees = [make_problem(Chance(seed), 0.5) for seed in range(60)]
    models = [each for each in vars(documents).values() if isinstance(each, type) and issubclass(each, BaseModel)]
    fields = {str(field.validation_alias or name) for model in models for name, field in model.model_fields.items()}

    for tree in trees:
        read_problem(written(tree))

    assert fields - set().union(*map(_keys, trees)) == set()
