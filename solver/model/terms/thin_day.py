"""thin_day: taken off is what a day's programme lacks of its least number of sessions, visits to one not counted."""

from collections import Counter

from solver.model.reading import Reading
from solver.model.variables import Model


def value(reading: Reading) -> int:
    least = reading.problem.programme.min_sessions_per_day
    held = Counter(one.day for one in reading.held if one.activity.max_group > 1)
    lacking = sum(max(0, least - held[day]) for day in range(reading.problem.horizon.days))
    return -reading.problem.weights.thin_day * lacking


def post(model: Model) -> None:
    document, least = model.problem.document, model.problem.document.programme.min_sessions_per_day
    groups = [slot for slot in model.slots if document.activities[slot.activity].max_group > 1]
    for day in range(model.problem.days if least else 0):
        model.reward(document.weights.thin_day, -least)
        model.reward(document.weights.thin_day, model.reach(sum(model.on(slot).get(day, 0) for slot in groups), least))
