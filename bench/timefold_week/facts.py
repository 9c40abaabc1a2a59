"""What Timefold plans with: places, leaders and people as facts, meetings and seats as what is planned.

Run by the other environment's Python, which has none of the solver's packages.
"""

from dataclasses import dataclass, field
from typing import Annotated

from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import HardSoftScore


@dataclass(eq=False)
class Place:
    time: int
    day: int
    begin: int
    end: int
    space: int
    part: int
    noise: int
    capacity: int
    wheelchairs: int
    comfort: int
    crowd: int  # what each above the comfort costs
    rest: int
    shares: list[int]


@dataclass(eq=False)
class Leader:
    number: int  # -1: nobody is needed
    mask: int
    support: int
    rest: int
    most: int
    available: list[int]


@dataclass(eq=False)
class Person:
    number: int
    wheelchair: int
    support: int
    rest: int
    day: int
    cohort: str
    ear: list[int]
    spaces: list[int]
    staff: list[int]
    walk: list[int]
    interest: list[int]
    times: list[int]
    left_out: int
    gains: list[int]  # of so many sessions: engagement and what is no longer lacking


@dataclass(eq=False)
class Aim:
    person: int
    activities: list[int]
    least: int
    weight: int
    is_hard: bool


@dataclass(eq=False)
class Tie:
    a: int
    b: int
    strength: int
    cap: int
    warm: int


@dataclass(eq=False)
class Bound:
    """Somebody who was in a meeting, or must be."""

    person: int
    meeting: int
    cost: int
    is_hard: bool


@planning_entity
@dataclass(eq=False)
class Meeting:
    id: Annotated[int, PlanningId]
    activity: int
    noise: int
    least: int
    most: int
    cost: int
    needed: bool
    one_per_day: bool
    mask: int
    count: int
    day: int  # where it was published; -1 where it is new
    begin: int
    space: int
    cancel: int
    move: int
    relocate: int
    places: Annotated[list[Place], ValueRangeProvider(id="places")]
    leaders: Annotated[list[Leader], ValueRangeProvider(id="leaders")]
    seconds: Annotated[list[Leader], ValueRangeProvider(id="seconds")]
    place: Annotated[Place | None, PlanningVariable(value_range_provider_refs=["places"], allows_unassigned=True)] = (
        field(default=None)
    )
    first: Annotated[Leader | None, PlanningVariable(value_range_provider_refs=["leaders"])] = field(default=None)
    second: Annotated[Leader | None, PlanningVariable(value_range_provider_refs=["seconds"])] = field(default=None)


@planning_entity
@dataclass(eq=False)
class Seat:
    id: Annotated[int, PlanningId]
    person: Person
    meetings: Annotated[list[Meeting], ValueRangeProvider(id="meetings")]
    meeting: Annotated[
        Meeting | None, PlanningVariable(value_range_provider_refs=["meetings"], allows_unassigned=True)
    ] = field(default=None)


@planning_solution
@dataclass(eq=False)
class Week:
    aims: Annotated[list[Aim], ProblemFactCollectionProperty]
    ties: Annotated[list[Tie], ProblemFactCollectionProperty]
    bounds: Annotated[list[Bound], ProblemFactCollectionProperty]
    meetings: Annotated[list[Meeting], PlanningEntityCollectionProperty]
    seats: Annotated[list[Seat], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)
