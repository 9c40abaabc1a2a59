"""Why somebody is invited, and why somebody is not: the rules and facts, and the terms of the score by person."""

from collections.abc import Iterator
from dataclasses import dataclass

from solver.documents.problem import ProblemDocument
from solver.documents.schedule import ScheduleDocument
from solver.explaining.effects import Effect
from solver.explaining.grounds import Ground, ground, of_breach, of_effects
from solver.explaining.ledger import Ledger, has_walk
from solver.explaining.obstacles import Obstacles
from solver.model.reading import Held, Reading
from solver.model.reasons import Breach


@dataclass(frozen=True)
class WhyNot:
    """`against` is what forbids it and the facts behind, empty where nothing does; `gain` what it would add to the
    score, and `grounds` the parts of that, what others would lose among them."""

    resident: str
    session: str
    against: tuple[Ground, ...]
    gain: int
    grounds: tuple[Ground, ...]


class Case:
    """One problem and one schedule of it, read once, to ask many questions of."""

    def __init__(self, problem: ProblemDocument, schedule: ScheduleDocument) -> None:
        self.problem, self.schedule = problem, schedule
        self.ledger = Ledger(Reading(problem, schedule.sessions))
        self.obstacles = Obstacles(self.ledger, schedule.relaxed)

    def session(self, name: str) -> Held:
        """Raises KeyError where the schedule has no such session."""
        return self.ledger.sessions[name]

    def why_invited(self, resident: str, session: str) -> tuple[Ground, ...]:
        """Why they are in it: what is demanded first, then what it is worth, the weightiest first, then what speaks
        against it.

        What the last part of the score is worth is what would be lost without them, so the amounts add up to that.
        Raises KeyError where they are not in the session.
        """
        one = self.session(session)
        if not self.ledger.is_in(resident, one):
            raise KeyError(f"{resident} is not in session {session}")
        effects = [Effect(each.about, -each.amount) for each in self.ledger.effects(resident, one)]
        grounds = (*self._demanded(resident, one), *of_effects(effects, resident, one, self.ledger))
        is_for = any(each.rule or each.amount > 0 for each in grounds)
        return grounds if is_for else (ground("why_free", 0, session=one.id), *grounds)

    def _demanded(self, resident: str, one: Held) -> Iterator[Ground]:
        person = self.ledger.reading.residents[resident]
        if one.is_frozen:
            yield ground("why_happened", 0, "R17", session=one.id)
        for pin in self.obstacles.pins_in(resident, one):
            yield ground("why_pinned", 0, "R18", resident=resident, session=one.id, pin=pin)
        if least := person.required.get(one.activity.id, 0):
            yield ground("why_required", 0, "R14", resident=resident, activity=one.activity.id, least=least)
        for each in self.obstacles.all_of(resident, one):
            if each.rule == "R5":
                least = one.activity.min_group
                yield ground("why_needed", 0, "R5", session=one.id, activity=one.activity.id, least=least)
            if each.rule == "R15":
                other = each.reason.fact("resident")
                yield ground("why_face", 0, "R15", resident=resident, session=one.id, other_resident=other)
        for leader in one.team:
            if resident in leader.familiar_to:
                rule = "R15" if person.needs_familiar else ""
                yield ground("why_familiar", 0, rule, resident=resident, session=one.id, facilitator=leader.id)

    def why_not(self, resident: str, session: str) -> WhyNot:
        """What forbids it and the facts behind, and what it would gain and lose, by whom.

        Raises KeyError where they are in the session.
        """
        one = self.session(session)
        if self.ledger.is_in(resident, one):
            raise KeyError(f"{resident} is in session {session}")
        against = [each for found in self.obstacles.all_of(resident, one) for each in self._against(found, one)]
        effects = self.ledger.effects(resident, one)
        grounds = of_effects(effects, resident, one, self.ledger)
        return WhyNot(resident, session, tuple(against), sum(each.amount for each in effects), grounds)

    def _against(self, found: Breach, one: Held) -> Iterator[Ground]:
        """A rule that forbids it, and who is in the place that it speaks of: the latter for the team alone."""
        yield of_breach(found)
        people = self.ledger.present[one]
        code = found.reason.code
        if code in ("seats", "group_large", "cohorts"):
            yield ground("taken_by", 0, found.rule, session=one.id, others=tuple(people))
        elif code == "wheelchairs":
            chairs = tuple(name for name, person in people.items() if person.wheelchair)
            yield ground("taken_by", 0, found.rule, session=one.id, others=chairs)
        elif code == "support":
            helped = tuple(name for name, person in people.items() if person.support)
            yield ground("helped_there", 0, found.rule, session=one.id, others=helped)
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
            yield ground("walked_then", 0, found.rule, day=day, minute=minute, others=walking)


def why_invited(
    problem: ProblemDocument, schedule: ScheduleDocument, resident: str, session: str
) -> tuple[Ground, ...]:
    """See `Case.why_invited`; for many questions of one schedule, make the case once."""
    return Case(problem, schedule).why_invited(resident, session)


def why_not(problem: ProblemDocument, schedule: ScheduleDocument, resident: str, session: str) -> WhyNot:
    """See `Case.why_not`."""
    return Case(problem, schedule).why_not(resident, session)
