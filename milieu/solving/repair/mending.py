"""A published week mended by simple rules, where no better can be had: who may not stay is taken out, what cannot be
held is left out, nothing is added.

Safety and rights come first: least counts, demands and pins may go unmet, and are told; every other rule holds in the
end, for the empty week breaks none of them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from milieu.solving.contents import SessionContent
from milieu.solving.problem.document import ProblemSource
from solver.documents import exchange
from solver.model import check
from solver.model.reasons import Breach, Fact
from solver.model.rule import Yielding
from solver.model.rules import RULES

Facts: TypeAlias = dict[str, Fact]
_MOST_ROUNDS = 400


def mend(source: ProblemSource) -> tuple[SessionContent, ...] | None:
    """What is left of the published week; None where the rules led to nothing that can be published."""
    people = {row.id for row in source.document.residents}
    week = Week(source.document, source.past.frozen)
    week.sessions = {
        row.id: row.model_copy(update={"residents": tuple(each for each in row.residents if each in people)})
        for row in source.past.told
    }
    return _left(source, week.sessions) if week.mend() else None


def _left(source: ProblemSource, sessions: Mapping[str, exchange.Session]) -> tuple[SessionContent, ...]:
    published = source.past.published.sessions if source.past.published else ()
    return tuple(
        replace(each, places=tuple(place for place in each.places if place.resident_id in sessions[each.ref].residents))
        for each in published
        if each.ref in sessions
    )


class Week:
    """The sessions to come, as they dwindle. What happened is never touched."""

    def __init__(self, problem: exchange.ProblemDocument, frozen: Sequence[exchange.Session]) -> None:
        self.problem, self.frozen = problem, frozen
        self.sessions: dict[str, exchange.Session] = {}
        self.residents = {row.id: row for row in problem.residents}
        self.activities = {row.id: row for row in problem.activities}

    @property
    def whole(self) -> tuple[exchange.Session, ...]:
        return (*self.frozen, *self.sessions.values())

    def mend(self) -> bool:
        """Yield to what is broken until nothing that binds is; whether that came to an end."""
        for _ in range(_MOST_ROUNDS):
            binding = [each for each in check.broken(self.problem, self.whole) if check.relaxation(each) is None]
            if not binding:
                return True
            before = dict(self.sessions)
            for breach in binding:
                self.yield_to(breach)
            if self.sessions == before:
                return False
        return False

    def yield_to(self, breach: Breach) -> None:
        """Take out the least that ends one breach, as long as what it speaks of is still there."""
        YIELDS.get(breach.reason.code, Week.drop)(self, dict(breach.reason.facts))

    def drop(self, facts: Facts) -> None:
        """Leave the session out."""
        self.sessions.pop(str(facts.get("session", "")), None)

    def leave(self, facts: Facts) -> None:
        """Take the resident out of the session."""
        self._leave(str(facts["session"]), str(facts["resident"]))

    def leave_other(self, facts: Facts) -> None:
        """Of two who may not meet, the second leaves."""
        self._leave(str(facts["session"]), str(facts["other_resident"]))

    def drop_later(self, facts: Facts) -> None:
        """Of two sessions that stand in each other's way, the later is left out."""
        if (later := self._later(facts)) is not None:
            self.sessions.pop(later, None)

    def leave_later(self, facts: Facts) -> None:
        """Of two sessions that somebody cannot both attend, they leave the later."""
        if (later := self._later(facts)) is not None:
            self._leave(later, str(facts["resident"]))

    def _leave(self, name: str, *residents: str) -> None:
        if (session := self.sessions.get(name)) is not None:
            staying = tuple(each for each in session.residents if each not in residents)
            self.sessions[name] = session.model_copy(update={"residents": staying})

    def _later(self, facts: Facts) -> str | None:
        """Of two sessions the one to give way: of those still to come the later. None where they are no longer both
        there, or the resident no longer in both."""
        names, resident = (str(facts["session"]), str(facts["other"])), facts.get("resident")
        known = {row.id: row for row in self.whole}
        pair = [known[name] for name in names if name in known]
        if len(pair) < 2 or not all(resident is None or resident in row.residents for row in pair):
            return None
        there = [self.sessions[name] for name in names if name in self.sessions]
        return max(there, key=_when).id if there else None

    def leave_last(self, facts: Facts) -> None:
        """Take somebody out of the last of too many sessions."""
        mine = [
            row
            for row in self.sessions.values()
            if facts["resident"] in row.residents and facts.get("day", row.day) == row.day
        ]
        if mine:
            self._leave(max(mine, key=_when).id, str(facts["resident"]))

    def drop_last(self, facts: Facts) -> None:
        """Leave out the last of too many sessions of an activity or a facilitator."""
        mine = [
            row
            for row in self.sessions.values()
            if facts.get("day", row.day) == row.day
            and facts.get("activity", row.activity) == row.activity
            and ("facilitator" not in facts or facts["facilitator"] in row.facilitators)
        ]
        if mine:
            self.sessions.pop(max(mine, key=_when).id)

    def thin(self, facts: Facts) -> None:
        """Who likes the session least leaves, until the rest have room."""
        limit = "seats" if "seats" in facts else "most"
        self._thin(str(facts["session"]), self.residents, _excess(facts, "residents", limit))

    def thin_wheelchairs(self, facts: Facts) -> None:
        seated = {name: person for name, person in self.residents.items() if person.wheelchair}
        self._thin(str(facts["session"]), seated, _excess(facts, "wheelchairs", "places"))

    def _thin(self, name: str, people: Collection[str], excess: int) -> None:
        if (session := self.sessions.get(name)) is not None:
            crowd = [each for each in session.residents if each in people]
            by_liking = sorted(crowd, key=lambda each: (self._liking(each, session), each))
            self._leave(name, *by_liking[:excess])

    def spare_support(self, facts: Facts) -> None:
        """Who needs most support leaves, until there is enough for the rest."""
        name, excess = str(facts["session"]), _excess(facts, "needed", "given")
        session = self.sessions.get(name)
        needy = sorted(session.residents if session else (), key=lambda each: -self.residents[each].support)
        while excess > 0 and needy:
            excess -= self.residents[needy[0]].support
            self._leave(name, needy.pop(0))

    def keep_one_cohort(self, facts: Facts) -> None:
        """The largest of the groups that are kept apart stays."""
        name = str(facts["session"])
        if (session := self.sessions.get(name)) is not None and session.residents:  # others may have left it by now
            cohorts = [self.residents[each].cohort for each in session.residents]
            largest = max(sorted(set(cohorts)), key=cohorts.count)
            self._leave(name, *(each for each in session.residents if self.residents[each].cohort != largest))

    def spare_escorts(self, facts: Facts) -> None:
        """Of those who have to be brought at that moment, the latest sessions' people leave."""
        day, minute, excess = int(str(facts["day"])), int(str(facts["minute"])), _excess(facts, "needed", "escorts")
        bedsides = {row.id for row in self.problem.spaces if row.bedside}
        for session in sorted(self.sessions.values(), key=_when, reverse=True):
            end = session.begin + self.activities[session.activity].duration_minutes
            if session.day != day or minute not in (session.begin, end):
                continue
            for each in session.residents:
                person = self.residents[each]
                if excess > 0 and person.escort and session.space not in bedsides:
                    self._leave(session.id, each)
                    excess -= 1

    def _liking(self, resident: str, session: exchange.Session) -> int:
        return self.residents[resident].interests.get(session.activity, 0)


def _when(session: exchange.Session) -> tuple[int, int, str]:
    return session.day, session.begin, session.id


def _excess(facts: Facts, have: str, limit: str) -> int:
    return int(str(facts[have])) - int(str(facts[limit]))


def _nothing(week: Week, facts: Facts) -> None:
    """It may go unmet, or nothing that could be taken out would end it."""


_HOW: Mapping[Yielding, Callable[[Week, Facts], None]] = {
    "nothing": _nothing,
    "drop": Week.drop,
    "drop_later": Week.drop_later,
    "drop_last": Week.drop_last,
    "leave": Week.leave,
    "leave_other": Week.leave_other,
    "leave_later": Week.leave_later,
    "leave_last": Week.leave_last,
    "thin": Week.thin,
    "thin_wheelchairs": Week.thin_wheelchairs,
    "spare_support": Week.spare_support,
    "spare_escorts": Week.spare_escorts,
    "keep_one_cohort": Week.keep_one_cohort,
}
YIELDS: Mapping[str, Callable[[Week, Facts], None]] = {
    code: _HOW[each.how] for rule in RULES for code, each in rule.breaches.items()
}
"""How a published week yields to each breach, as its rule says."""
