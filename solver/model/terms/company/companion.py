"""companion: the residents who share a session with someone dear to them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    for name, friends in reading.friends.items():
        if any(not friends.isdisjoint(one.session.residents) for one in reading.by_resident.get(name, ())):
            yield Amount(About((name,)), reading.problem.weights.companion)


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    """Who would for the first time, or no longer, share a session with somebody dear to them."""
    friends = now.reading.friends.get(person.id)
    if friends is None or friends.isdisjoint(now.present[one]):
        return
    if not _has_met(now, person.id, one):
        yield Amount(now.of_resident[person.id], step * now.weights.companion)
    for other in [other for other in now.present[one] if other in friends]:
        theirs = now.reading.friends[other]
        has_another = any(each in theirs and each != person.id for each in now.present[one])
        if not has_another and not _has_met(now, other, one):
            yield Amount(now.of_resident[other], step * now.weights.companion)


def _has_met(now: Attendances, name: str, without: Held) -> bool:
    """Whether they share another session with somebody dear to them."""
    friends = now.reading.friends[name]
    return any(each is not without and not friends.isdisjoint(now.present[each]) for each in now.week[name])


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    friends = [other for other in now.reading.friends.get(person.id, ()) if other in now.present[one]]
    told = {other for other in friends if frozenset((person.id, other)) not in now.private}
    for part in parts:
        [who] = part.about.residents
        if who == person.id and told:
            yield weighed("why_warm", part.n, resident=person.id, session=one.id)
        elif who in told:
            yield weighed("why_warms", part.n, resident=person.id, session=one.id, other_resident=who)


def post(model: Model) -> None:
    weight = model.problem.document.weights.companion
    friends: defaultdict[int, list[int]] = defaultdict(list)
    for a, b, strength, _ in model.problem.ties:
        if strength > 0:
            friends[a].append(b)
            friends[b].append(a)
    for r, near in friends.items():
        shared = sum(model.together(slot, r, q) for slot in model.slots for q in near)
        model.reward(weight, model.reach(shared, 1))


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_warm", "why_warms"),
    audience="team",
)
