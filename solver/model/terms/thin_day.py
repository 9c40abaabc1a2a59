"""thin_day: taken off is what a day's programme lacks of its least number of sessions, visits to one not counted."""

from collections import Counter
from collections.abc import Iterator

from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.term import Term, term_of_sessions
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    least = reading.problem.programme.min_sessions_per_day
    held = Counter(one.day for one in reading.held if one.activity.max_group > 1)
    for day in range(reading.problem.horizon.days):
        yield Amount(About(day=day), -reading.problem.weights.thin_day * max(0, least - held[day]))


def holding(now: Attendances, one: Held, step: int) -> Iterator[Amount]:
    if one.activity.max_group > 1:
        least = now.problem.programme.min_sessions_per_day
        nth = sum(each.day == one.day and each.activity.max_group > 1 for each in now.held()) + (step > 0)
        if nth <= least:
            yield Amount(About(day=one.day), step * now.weights.thin_day)


def post(model: Model) -> None:
    document, least = model.problem.document, model.problem.document.programme.min_sessions_per_day
    groups = [slot for slot in model.slots if document.activities[slot.activity].max_group > 1]
    for day in range(model.problem.days if least else 0):
        model.reward(document.weights.thin_day, -least)
        model.reward(document.weights.thin_day, model.reach(sum(model.on(slot).get(day, 0) for slot in groups), least))


TERM: Term = term_of_sessions(__name__, __doc__, amounts=amounts, post=post, holding=holding)
