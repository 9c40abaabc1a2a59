"""interest: over residents and activities, interest times sessions attended, of liked activities at most two."""

from collections import Counter
from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
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


TERM: Term = term(__name__, __doc__, audience="anybody", amounts=amounts, post=post)
