"""The rules of a schedule, in the order of the exchange format. A new rule: its file, a line here, its test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from solver.model.reading import Reading
from solver.model.reasons import Breach
from solver.model.rules import (
    apart,
    bleed,
    calm,
    cohort,
    count,
    escort,
    familiar,
    frozen,
    group,
    person,
    pin,
    place,
    refusal,
    required,
    seats,
    space,
    staff,
    support,
)
from solver.model.variables import Model


@dataclass(frozen=True)
class Rule:
    """`broken` yields what breaks it in a schedule, `post` asks it of a model; `sentence` says what it asks."""

    code: str
    name: str
    sentence: str
    broken: Callable[[Reading], Iterator[Breach]]
    post: Callable[[Model], None]


def _rule(code: str, module: ModuleType) -> Rule:
    name = module.__name__.rpartition(".")[2]
    sentence = " ".join((module.__doc__ or "").split("\n\n")[0].split()).removeprefix(f"{code} {name}: ")
    return Rule(code, name, sentence, module.broken, module.post)


RULES: tuple[Rule, ...] = (
    _rule("R1", place),
    _rule("R2", seats),
    _rule("R3", space),
    _rule("R4", staff),
    _rule("R5", group),
    _rule("R6", count),
    _rule("R7", person),
    _rule("R8", refusal),
    _rule("R9", calm),
    _rule("R10", apart),
    _rule("R11", support),
    _rule("R12", escort),
    _rule("R13", cohort),
    _rule("R14", required),
    _rule("R15", familiar),
    _rule("R16", bleed),
    _rule("R17", frozen),
    _rule("R18", pin),
)
