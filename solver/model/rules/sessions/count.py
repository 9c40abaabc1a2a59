"""R6 count: an activity has between its least and its most sessions, on different days where it is held once a day.

Only the least count may be relaxed, and its breach (`too_few`) says by how much.
"""

from collections.abc import Iterator

from solver.model.reading import Reading, crowded_days, exceeds
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model


def broken(reading: Reading) -> Iterator[Breach]:
    for activity in reading.problem.activities:
        held, bounds = reading.by_activity.get(activity.id, []), activity.sessions
        if len(held) < bounds.min:
            yield breach(
                "R6", "too_few", activity=activity.id, sessions=len(held), least=bounds.min, by=bounds.min - len(held)
            )
        if exceeds(held, bounds.max):
            yield breach("R6", "too_many", activity=activity.id, sessions=len(held), most=bounds.max)
        if activity.one_per_day:
            for day, count in crowded_days(held, 1):
                yield breach("R6", "twice_a_day", activity=activity.id, day=day, sessions=count)


def post(model: Model) -> None:
    document = model.problem.document
    for a, activity in enumerate(document.activities):
        mine = [slot for slot in model.planned if slot.activity == a]
        past = [slot for slot in model.facts if slot.activity == a]
        total = sum(slot.present for slot in mine)
        model.limit(total, max(0, activity.sessions.max - len(past)))
        if model.wants("R6", a):
            model.limit(activity.sessions.min, total + len(past))
        if activity.one_per_day:
            for day in range(model.problem.days):
                held = sum(day in model.on(slot) for slot in past)
                model.limit(sum(model.on(slot).get(day, 0) for slot in mine), max(0, 1 - held))


RULE: Rule = rule(
    "R6",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="here",
    breaches={
        "too_few": Yields("nothing"),
        "too_many": Yields("drop_last"),
        "twice_a_day": Yields("drop_last"),
    },
)
