"""The schedule document of the exchange format, version 2, as frozen models."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator, Field, Strict

from solver.documents.fields import Count, Document, Id, NoNull, Positive
from solver.documents.problem import Session

Status: TypeAlias = Literal["optimal", "feasible", "infeasible", "unknown"]
Whole: TypeAlias = Annotated[int, Strict()]
Digest: TypeAlias = Annotated[str, Strict(), Field(pattern=r"^[0-9a-f]{64}$")]


class CountDemand(Document):
    """An activity's least count of sessions."""

    rule: Literal["R6"] = "R6"
    activity: Id


class RequiredDemand(Document):
    """A resident's required activity."""

    rule: Literal["R14"] = "R14"
    resident: Id
    activity: Id


class PinDemand(Document):
    """A pin, by its place in the problem's list."""

    rule: Literal["R18"] = "R18"
    pin: Count


class CountRelaxed(CountDemand):
    by: Positive


class RequiredRelaxed(RequiredDemand):
    by: Positive


Demand: TypeAlias = Annotated[CountDemand | RequiredDemand | PinDemand, Discriminator("rule")]
Relaxed: TypeAlias = Annotated[CountRelaxed | RequiredRelaxed | PinDemand, Discriminator("rule")]


class ScheduleDocument(Document):
    """`conflict` and `because` are None where the document has none: an infeasible one has both, an unknown one may say
    in `because` what stands in the way as far as it is known."""

    format: Literal["milieu-schedule/2"] = "milieu-schedule/2"  # in a file it has to be said
    problem: Digest
    status: Status
    objective: Whole | None
    bound: Whole | None
    sessions: tuple[Session, ...]
    terms: dict[Annotated[str, Strict()], Whole]
    relaxed: tuple[Relaxed, ...] = ()
    conflict: Annotated[tuple[Demand, ...] | None, NoNull] = None
    because: Annotated[tuple[Id, ...] | None, NoNull] = None
