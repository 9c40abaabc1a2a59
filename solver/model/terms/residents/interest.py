"""interest: over residents and activities, interest times sessions attended, of liked activities at most two."""

from collections import Counter
from collections.abc import Iterator, Sequence

from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.variables import Model

PAID = 2  # sessions of one liked activity that count


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.interest
    for name, held in reading.by_resident.items():
        interests, total = reading.residents[name].interests, 0
        for activity, count in Counter(one.activity.id for one in held).items():
            interest = interests.get(activity, 0)
            total += interest * (min(count, PAID) if interest > 0 else count)
        yield Amount(About((name,)), weight * total)


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    if interest := person.interests.get(one.activity.id, 0):
        nth = sum(each.activity is one.activity for each in now.week[person.id]) + (step > 0)
        paid = step if interest < 0 or nth <= PAID else 0
        yield Amount(now.of_resident[person.id], now.weights.interest * interest * paid)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    """That they like it is true of a third session too."""
    activity, liking = one.activity.id, person.interests.get(one.activity.id, 0)
    code = "why_likes" if liking > 0 else "why_dislikes"
    for part in parts:
        if part.n or liking > 0:
            yield weighed(code, part.n, resident=person.id, session=one.id, activity=activity, liking=liking)


def post(model: Model) -> None:
    problem, weight = model.problem, model.problem.document.weights.interest
    for a in range(len(problem.document.activities)):
        mine = [slot for slot in model.slots if slot.activity == a]
        for r in range(len(problem.document.residents)):
            like, total = int(problem.interest[a, r]), sum(slot.people.get(r, 0) for slot in mine)
            if like > 0:
                model.reward(weight * like, model.reach(total, 2))
            elif like < 0:
                for slot in mine:
                    model.reward(weight * like, slot.people.get(r, 0))


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_likes", "why_dislikes"),
    audience="anybody",
)
