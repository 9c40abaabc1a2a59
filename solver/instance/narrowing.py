"""A problem with fewer demands: what the others ask for is left out, everything else stands as it is."""

from dataclasses import replace

from solver.documents.problem import ProblemDocument
from solver.instance.demands import Demand, Wanted
from solver.instance.identity import contradicted_pins, identities_of
from solver.instance.problem import Problem


def narrowed(problem: Problem, wanted: Wanted) -> Problem:
    """The problem that demands only what is wanted. Its pins are numbered anew, in the order they had."""
    document = _narrowed(problem.document, wanted)
    return replace(
        problem,
        document=document,
        identities=identities_of(document, problem.frozen_until),
        contradictions=contradicted_pins(document, problem.frozen_until),
    )


def _narrowed(document: ProblemDocument, wanted: Wanted) -> ProblemDocument:
    number = {activity.id: a for a, activity in enumerate(document.activities)}
    activities = []
    for a, activity in enumerate(document.activities):
        least = wanted.get(Demand("R6", (a,)), 0)
        if least != activity.sessions.min:
            bounds = activity.sessions.model_copy(update={"min": least})
            activity = activity.model_copy(update={"sessions": bounds})
        activities.append(activity)
    residents = []
    for r, person in enumerate(document.residents):
        # What is no longer asked keeps its name: of what is held by wish, it says that they may be there.
        rows = {name: wanted.get(Demand("R14", (r, number[name])), 0) for name in person.required}
        residents.append(person if person.required == rows else person.model_copy(update={"required": rows}))
    pins = tuple(pin for k, pin in enumerate(document.pins) if wanted.get(Demand("R18", (k,)), 0) > 0)
    return document.model_copy(update={"activities": tuple(activities), "residents": tuple(residents), "pins": pins})
