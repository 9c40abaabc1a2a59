"""A rule of a schedule as one record: how it is read and posted, and what its breaches mean to those who live by it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from solver.model.reading import Reading
from solver.model.reasons import Breach
from solver.model.variables import Model

Yielding: TypeAlias = Literal[
    "nothing",  # it may go unmet, or nothing that could be taken out would end it
    "drop",  # the session is left out
    "drop_later",  # of two sessions the later
    "drop_last",  # the last of too many of an activity or a facilitator
    "leave",  # the resident leaves the session
    "leave_other",  # of two residents the second
    "leave_later",  # the resident leaves the later of two sessions
    "leave_last",  # the resident leaves the last of too many
    "thin",  # who likes the session least leaves it, until the rest have room
    "thin_wheelchairs",  # the same of those in wheelchairs
    "spare_support",  # who needs most support leaves, until there is enough for the rest
    "spare_escorts",  # of those who have to be brought at a moment, the latest sessions' people leave
    "keep_one_cohort",  # the largest of the groups that are kept apart stays
]
Asking: TypeAlias = Literal["session", "person", "week", "here", "never"]
"""How a rule is asked of a change of attendances: by its own reading of the sessions that were touched, of those with
none but the people who were touched, or of these people's weeks; here, from what the ledger counts; or never, as who
comes does not matter to it."""

Looking: TypeAlias = Literal["alone", "alone last", "elsewhere"]
"""Whether lifting the rule alone is tried to say why a demand cannot be met, in turn or after all others, or whether
what looks for hours, leaders and weeks finds it."""


@dataclass(frozen=True)
class Yields:
    """What a broken rule yields to: `how` in a published week that is mended by taking out alone.

    `leaves_out` is what the breach is called where it keeps somebody out of all sessions of an activity; "" where none
    of it can.
    """

    how: Yielding
    leaves_out: str = ""


@dataclass(frozen=True)
class Rule:
    """One rule. `broken` yields what breaks it in a schedule, `post` asks it of a model; `sentence` says what it asks.

    `breaches` are the codes of its breaches and what each yields to.
    """

    code: str
    name: str
    sentence: str
    broken: Callable[[Reading], Iterator[Breach]]
    post: Callable[[Model], None]
    asked: Asking
    looked_for: Looking
    breaches: Mapping[str, Yields]


def rule(
    code: str,
    module: str,
    docstring: str | None,
    *,
    broken: Callable[[Reading], Iterator[Breach]],
    post: Callable[[Model], None],
    asked: Asking,
    breaches: Mapping[str, Yields],
    looked_for: Looking = "elsewhere",
) -> Rule:
    """A rule is called as its file is; its sentence is the first paragraph of the file."""
    name = module.rpartition(".")[2]
    sentence = " ".join((docstring or "").split("\n\n")[0].split()).removeprefix(f"{code} {name}: ")
    return Rule(code, name, sentence, broken, post, asked, looked_for, breaches)
