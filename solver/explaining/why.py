"""Why somebody is invited, and why somebody is not: the rules and facts, and the terms of the score by person."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from solver.documents.problem import ProblemDocument, Session
from solver.documents.schedule import Relaxed, ScheduleDocument
from solver.explaining.breaches import Breaches
from solver.explaining.ledger import Ledger
from solver.model.attendances import has_walk
from solver.model.reading import Held, Reading
from solver.model.reasons import Breach, Weighed, of_breach, weighed


@dataclass(frozen=True)
class WhyNot:
    """`against` is what forbids it and the facts behind, empty where nothing does; `gain` what it would add to the
    score, and `reasons` the parts of that, what others would lose among them."""

    resident: str
    session: str
    against: tuple[Weighed, ...]
    gain: int
    reasons: tuple[Weighed, ...]


class Case:
    """One problem and one schedule of it, read once, to ask many questions of.

    The ties of pairs in `private` count, and no reason speaks of them.
    """

    def __init__(
        self,
        problem: ProblemDocument,
        sessions: Iterable[Session],
        relaxed: Sequence[Relaxed] = (),
        private: Collection[frozenset[str]] = frozenset(),
    ) -> None:
        self.problem, self.relaxed = problem, tuple(relaxed)
        self.ledger = Ledger(Reading(problem, sessions), private)
        self.breaches = Breaches(self.ledger, self.relaxed)

    @classmethod
    def of(cls, problem: ProblemDocument, schedule: ScheduleDocument) -> "Case":
        return cls(problem, schedule.sessions, schedule.relaxed)

    def session(self, name: str) -> Held:
        """Raises KeyError where the schedule has no such session."""
        return self.ledger.sessions[name]

    def why_invited(self, resident: str, session: str) -> tuple[Weighed, ...]:
        """Why they are in it: what is demanded first, then what it is worth, the weightiest first, then what speaks
        against it.

        What the last part of the score is worth is what would be lost without them, so the amounts add up to that.
        Raises KeyError where they are not in the session.
        """
        one = self.session(session)
        if not self.ledger.is_in(resident, one):
            raise KeyError(f"{resident} is not in session {session}")
        reasons = (*self._demanded(resident, one), *self.ledger.reasons(resident, one))
        is_for = any(each.amount >= 0 for each in reasons)
        return reasons if is_for else (weighed("why_free", 0, session=one.id), *reasons)

    def _demanded(self, resident: str, one: Held) -> Iterator[Weighed]:
        person = self.ledger.reading.residents[resident]
        if one.is_frozen:
            yield weighed("why_happened", 0, "R17", session=one.id)
        for pin in self.breaches.pins_in(resident, one):
            yield weighed("why_pinned", 0, "R18", resident=resident, session=one.id, pin=pin)
        if least := person.required.get(one.activity.id, 0):
            yield weighed("why_required", 0, "R14", resident=resident, activity=one.activity.id, least=least)
        for each in self.breaches.all_of(resident, one):
            if each.rule == "R5":
                least = one.activity.min_group
                yield weighed("why_needed", 0, "R5", session=one.id, activity=one.activity.id, least=least)
            if each.rule == "R15":
                other = each.reason.fact("resident")
                yield weighed("why_face", 0, "R15", resident=resident, session=one.id, other_resident=other)
        for leader in one.team:
            if resident in leader.familiar_to:
                rule = "R15" if person.needs_familiar else ""
                yield weighed("why_familiar", 0, rule, resident=resident, session=one.id, facilitator=leader.id)

    def why_not(self, resident: str, session: str) -> WhyNot:
        """What forbids it and the facts behind, and what it would gain and lose, by whom.

        Raises KeyError where they are in the session.
        """
        one = self.session(session)
        if self.ledger.is_in(resident, one):
            raise KeyError(f"{resident} is in session {session}")
        against = [each for found in self.breaches.all_of(resident, one) for each in self._against(found, one)]
        gain, reasons = self.ledger.gain(resident, one), self.ledger.reasons(resident, one)
        return WhyNot(resident, session, tuple(against), gain, reasons)

    def _against(self, found: Breach, one: Held) -> Iterator[Weighed]:
        """A rule that forbids it, and who is in the place that it speaks of: the latter for the team alone."""
        yield of_breach(found)
        people = self.ledger.present[one]
        code = found.reason.code
        if code in ("seats", "group_large", "cohorts"):
            yield weighed("taken_by", 0, found.rule, session=one.id, others=tuple(people))
        elif code == "wheelchairs":
            chairs = tuple(name for name, person in people.items() if person.wheelchair)
            yield weighed("taken_by", 0, found.rule, session=one.id, others=chairs)
        elif code == "support":
            helped = tuple(name for name, person in people.items() if person.support)
            yield weighed("helped_there", 0, found.rule, session=one.id, others=helped)
        elif code == "escorts":
            day, minute = found.reason.fact("day"), found.reason.fact("minute")
            walking = tuple(
                dict.fromkeys(
                    name
                    for each, those in self.ledger.present.items()
                    if each.day == day and minute in (each.begin, each.end)
                    for name, person in those.items()
                    if has_walk(person, each)
                )
            )
            yield weighed("walked_then", 0, found.rule, day=day, minute=minute, others=walking)


def why_invited(
    problem: ProblemDocument, schedule: ScheduleDocument, resident: str, session: str
) -> tuple[Weighed, ...]:
    """See `Case.why_invited`; for many questions of one schedule, make the case once."""
    return Case.of(problem, schedule).why_invited(resident, session)


def why_not(problem: ProblemDocument, schedule: ScheduleDocument, resident: str, session: str) -> WhyNot:
    """See `Case.why_not`."""
    return Case.of(problem, schedule).why_not(resident, session)
