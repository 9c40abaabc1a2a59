"""warm: the residents who share a session with someone dear to them."""

from collections import defaultdict
from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    for name, friends in reading.warm.items():
        if any(not friends.isdisjoint(one.session.residents) for one in reading.by_resident.get(name, ())):
            yield Amount(About((name,)), reading.problem.weights.warm)


def post(model: Model) -> None:
    weight = model.problem.document.weights.warm
    friends: defaultdict[int, list[int]] = defaultdict(list)
    for a, b, strength, _ in model.problem.ties:
        if strength > 0:
            friends[a].append(b)
            friends[b].append(a)
    for r, near in friends.items():
        shared = sum(model.together(slot, r, q) for slot in model.slots for q in near)
        model.reward(weight, model.reach(shared, 1))


TERM: Term = term(__name__, __doc__, audience="team", amounts=amounts, post=post)
