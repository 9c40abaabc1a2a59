"""A term of the score as one record: what it counts, what a change adds to it, what of that is told, and to whom."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from solver.documents.problem import Resident
from solver.model.amounts import Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Audience, Weighed
from solver.model.variables import Model

Attending: TypeAlias = Callable[[Attendances, Resident, Held, int], Iterable[Amount]]
Holding: TypeAlias = Callable[[Attendances, Held, int], Iterable[Amount]]
Reasons: TypeAlias = Callable[[Attendances, Resident, Held, Sequence[Amount]], Iterable[Weighed]]


@dataclass(frozen=True)
class Term:
    """One term. What it yields may hold amounts of 0, and several about the same.

    - `sentence` says what it counts.
    - `amounts` are its parts in a schedule; `post` asks a model for it.
    - `attending` is what it adds to them that a resident comes to a session (the last argument is 1) or leaves it (-1),
      `holding` that a session which nobody is in is held (1) or called off (-1); None where that is always nothing. Of
      what counts up to a limit, it asks for the `nth`: who comes makes the count so large, who leaves had made it so.
    - `reasons` tells the amounts of a resident's being in a session as reasons for it and against it, whether they are
      in it or not; their codes are `codes`, and `audience` is who may be told.
    """

    name: str
    sentence: str
    amounts: Callable[[Reading], Iterable[Amount]]
    post: Callable[[Model], None]
    attending: Attending | None
    holding: Holding | None
    reasons: Reasons | None
    codes: tuple[str, ...]
    audience: Audience

    def value(self, reading: Reading) -> int:
        """The term's part of the score."""
        return sum(each.n for each in self.amounts(reading))


def term_of_sessions(
    module: str,
    docstring: str | None,
    *,
    amounts: Callable[[Reading], Iterable[Amount]],
    post: Callable[[Model], None],
    holding: Holding,
) -> Term:
    """A term that no single attendance changes: there is nothing to tell of an invitation."""
    name, sentence = _named(module, docstring)
    return Term(name, sentence, amounts, post, None, holding, None, (), "team")


def term_of_people(
    module: str,
    docstring: str | None,
    *,
    amounts: Callable[[Reading], Iterable[Amount]],
    post: Callable[[Model], None],
    attending: Attending,
    reasons: Reasons,
    codes: tuple[str, ...],
    audience: Audience,
    holding: Holding | None = None,
) -> Term:
    """A term that speaks of who is in a session."""
    name, sentence = _named(module, docstring)
    return Term(name, sentence, amounts, post, attending, holding, reasons, codes, audience)


def _named(module: str, docstring: str | None) -> tuple[str, str]:
    """A term is called as its file is; its sentence is the first paragraph of the file."""
    name = module.rpartition(".")[2]
    return name, " ".join((docstring or "").split("\n\n")[0].split()).removeprefix(f"{name}: ")
