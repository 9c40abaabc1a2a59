"""Doubts about spaces and facilitators."""

from collections.abc import Iterator

from solver.documents.problem import ProblemDocument
from solver.model.warnings.doubts import Doubt, warn


def of_spaces(problem: ProblemDocument) -> Iterator[Doubt]:
    for index, space in enumerate(problem.spaces):
        for key, others in (("adjacent", space.adjacent), ("shares", space.shares)):
            if space.id in others:
                yield warn(("spaces", index, key, others.index(space.id)), "itself", space=space.id)
        if space.id in {row.space for row in problem.previous}:
            continue  # it may have left, and is kept for what happened
        if space.open == ():
            yield warn(("spaces", index, "open"), "space_closed", space=space.id)
        if space.capacity == 0:
            yield warn(("spaces", index, "capacity"), "space_seatless", space=space.id)
        elif space.wheelchair_places > space.capacity:
            yield warn(
                ("spaces", index, "wheelchair_places"),
                "space_wheelchairs",
                space=space.id,
                places=space.wheelchair_places,
                seats=space.capacity,
            )


def of_facilitators(problem: ProblemDocument) -> Iterator[Doubt]:
    known = {name for row in problem.previous for name in row.facilitators}
    for index, person in enumerate(problem.facilitators):
        if person.id in known:
            continue  # they may have left, and are kept for what happened
        if person.available == ():
            yield warn(("facilitators", index, "available"), "leader_never", facilitator=person.id)
        elif person.max_sessions_per_day == 0:
            yield warn(("facilitators", index, "max_sessions_per_day"), "leader_none", facilitator=person.id)
