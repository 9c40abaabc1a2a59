"""tie: what tied residents have of each session that they share, of pleasant ties at most `cap` sessions."""

from collections.abc import Iterator, Sequence

from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.tie
    for tie in reading.problem.ties:
        if tie.strength is not None:
            shared = sum(tie.b in one.session.residents for one in reading.by_resident.get(tie.a, ()))
            counted = min(shared, tie.cap) if tie.strength > 0 else shared
            yield Amount(About((min(tie.a, tie.b), max(tie.a, tie.b))), weight * tie.strength * counted)


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    if not (ties := now.reading.ties.get(person.id)):
        return
    name, present = person.id, now.present[one]
    for other in [other for other in ties if other in present]:
        strength, cap = ties[other].strength or 0, ties[other].cap
        paid = step
        if strength > 0:
            nth = sum(other in now.present[each] for each in now.week[name]) + (step > 0)
            paid = step if nth <= cap else 0
        about = About((name, other) if name < other else (other, name))
        yield Amount(about, now.weights.tie * strength * paid)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    """Whom they know there: also where the two have met as often as counts."""
    ties = now.reading.ties.get(person.id, {})
    told = [part for part in parts if frozenset(part.about.residents) not in now.private]
    met = [(other, part.n) for part in told for other in part.about.residents if other != person.id]
    for code, is_liked in (("why_knows", True), ("why_tension", False)):
        rows = [(other, n) for other, n in met if ((ties[other].strength or 0) > 0) == is_liked]
        total = sum(n for _, n in rows)
        if total or (rows and is_liked):
            others = tuple(other for other, _ in rows)
            yield weighed(code, total, resident=person.id, session=one.id, others=others)


def post(model: Model) -> None:
    weight = model.problem.document.weights.tie
    for a, b, strength, cap in model.problem.ties:
        if strength > 0:
            shared = sum(model.together(slot, a, b) for slot in model.slots)
            model.reward(weight * strength, model.reach(shared, cap))
        else:
            for slot in model.slots:
                model.reward(weight * strength, model.both(slot.people.get(a, 0), slot.people.get(b, 0)))


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_knows", "why_tension"),
    audience="team",
)
