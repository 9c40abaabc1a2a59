"""A term of the score as one record: what it counts, whom each amount is about, and how a model asks for it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from solver.model.reading import Reading
from solver.model.reasons import Audience
from solver.model.variables import Model


class About(NamedTuple):
    """What an amount of the score belongs to.

    `residents` is whose it is: one, both of a tied pair in the order of their ids, or nobody's where it is a living
    group's, a session's or a day's. What it speaks of besides is "" or None where there is none.
    """

    residents: tuple[str, ...] = ()
    group: str = ""
    domain: str = ""
    session: str = ""
    day: int | None = None


class Amount(NamedTuple):
    """So many points does one part of a term add to the score (below 0: take from it), weight included."""

    about: About
    n: int


@dataclass(frozen=True)
class Term:
    """`amounts` are the parts of the term in a schedule, those that are 0 left out or not, one `about` as often as it
    likes; `sentence` says what it counts, `audience` who may be told that it speaks for or against an invitation."""

    name: str
    sentence: str
    audience: Audience
    amounts: Callable[[Reading], Iterable[Amount]]
    post: Callable[[Model], None]

    def value(self, reading: Reading) -> int:
        """The term's part of the score."""
        return sum(each.n for each in self.amounts(reading))


def term(
    module: str,
    docstring: str | None,
    *,
    audience: Audience,
    amounts: Callable[[Reading], Iterable[Amount]],
    post: Callable[[Model], None],
) -> Term:
    """The record of the term in a file: named as the file is, its sentence the first paragraph of the docstring."""
    name = module.rpartition(".")[2]
    sentence = " ".join((docstring or "").split("\n\n")[0].split()).removeprefix(f"{name}: ")
    return Term(name, sentence, audience, amounts, post)
