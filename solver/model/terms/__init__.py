"""The terms of the score, in the order of the exchange format. A new term: its file, a line here, its test."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from solver.model.reading import Reading
from solver.model.terms import (
    cancel,
    crowd,
    drop,
    engagement,
    group,
    interest,
    left_out,
    move,
    relocate,
    session,
    shortfall,
    target,
    thin_day,
    tie,
    time,
    walk,
    warm,
)
from solver.model.variables import Model


@dataclass(frozen=True)
class Term:
    """`value` is the term's part of the score, weight and sign included; `sentence` says what it counts."""

    name: str
    sentence: str
    value: Callable[[Reading], int]
    post: Callable[[Model], None]


def _term(module: ModuleType) -> Term:
    name = module.__name__.rpartition(".")[2]
    sentence = " ".join((module.__doc__ or "").split("\n\n")[0].split()).removeprefix(f"{name}: ")
    return Term(name, sentence, module.value, module.post)


_MODULES = (
    interest,
    time,
    engagement,
    shortfall,
    left_out,
    target,
    group,
    tie,
    warm,
    crowd,
    walk,
    session,
    thin_day,
    cancel,
    move,
    relocate,
    drop,
)
TERMS: tuple[Term, ...] = tuple(_term(module) for module in _MODULES)
