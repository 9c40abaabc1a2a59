"""A published week mended by simple rules, where no better can be had: who may not stay is taken out, what cannot be
held is left out, nothing is added.

Safety and rights come first: least counts, demands and pins may go unmet, and are told; every other rule holds in the
end, for the empty week breaks none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from milieu.solving.contents import SessionContent
from milieu.solving.problem.document import ProblemSource
from solver.documents import exchange
from solver.model import check
from solver.model.reasons import Breach, Fact

_LATER = ("facilitator_taken", "space_taken", "shared_space", "bleed")
_CROWDED = {"seats": "residents", "group_large": "residents", "wheelchairs": "wheelchairs"}
_MOST_ROUNDS = 400


def mend(source: ProblemSource) -> tuple[SessionContent, ...] | None:
    """What is left of the published week; None where the rules led to nothing that can be published."""
    people = {row.id for row in source.document.residents}
    week = _Week(source.document, source.past.frozen)
    week.sessions = {
        row.id: row.model_copy(update={"residents": tuple(each for each in row.residents if each in people)})
        for row in source.past.told
    }
    for _ in range(_MOST_ROUNDS):
        binding = [each for each in check.broken(source.document, week.whole) if check.relaxation(each) is None]
        if not binding:
            return _left(source, week.sessions)
        before = dict(week.sessions)
        for breach in binding:
            week.yield_to(breach)
        if week.sessions == before:
            return None
    return None


def _left(source: ProblemSource, sessions: Mapping[str, exchange.Session]) -> tuple[SessionContent, ...]:
    published = source.past.published.sessions if source.past.published else ()
    return tuple(
        replace(each, places=tuple(place for place in each.places if place.resident_id in sessions[each.ref].residents))
        for each in published
        if each.ref in sessions
    )


class _Week:
    """The sessions to come, as they dwindle. What happened is never touched."""

    def __init__(self, problem: exchange.ProblemDocument, frozen: Sequence[exchange.Session]) -> None:
        self.problem, self.frozen = problem, frozen
        self.sessions: dict[str, exchange.Session] = {}
        self.residents = {row.id: row for row in problem.residents}
        self.activities = {row.id: row for row in problem.activities}

    @property
    def whole(self) -> tuple[exchange.Session, ...]:
        return (*self.frozen, *self.sessions.values())

    def yield_to(self, breach: Breach) -> None:
        """Take out the least that ends one breach, as long as what it speaks of is still there."""
        code, facts = breach.reason.code, dict(breach.reason.facts)
        name = str(facts.get("session", ""))
        if code in _LATER or code == "resident_taken":
            if not self._still_clash(name, str(facts["other"]), facts.get("resident")):
                return
            name = self._later(name, str(facts["other"]))
        if code == "escorts":
            self._spare_escorts(int(str(facts["day"])), int(str(facts["minute"])), _excess(facts, "needed", "escorts"))
        elif code in ("resident_day", "resident_all", "activity_twice"):
            self._leave_last(facts)
        elif code in ("facilitator_day", "too_many", "twice_a_day"):
            self._drop_last(facts)
        elif code in _CROWDED:
            self._thin(name, code, facts)
        elif code == "cohorts":
            self._keep_one_cohort(name)
        elif code == "support":
            self._spare_support(name, _excess(facts, "needed", "given"))
        elif code == "apart":
            self._leave(name, str(facts["other_resident"]))
        elif "resident" in facts:
            self._leave(name, str(facts["resident"]))
        else:
            self.sessions.pop(name, None)

    def _leave(self, name: str, *residents: str) -> None:
        if (session := self.sessions.get(name)) is not None:
            staying = tuple(each for each in session.residents if each not in residents)
            self.sessions[name] = session.model_copy(update={"residents": staying})

    def _still_clash(self, one: str, other: str, resident: Fact | None) -> bool:
        """Whether both sessions are still there, and the resident still in both."""
        known = {row.id: row for row in self.whole}
        pair = [known[name] for name in (one, other) if name in known]
        return len(pair) == 2 and (resident is None or all(resident in row.residents for row in pair))

    def _later(self, one: str, other: str) -> str:
        """Of two sessions the one to give way: of those still to come the later."""
        there = [self.sessions[name] for name in (one, other) if name in self.sessions]
        return max(there, key=_when).id if there else one

    def _leave_last(self, facts: dict[str, Fact]) -> None:
        """Take somebody out of the last of too many sessions."""
        mine = [
            row
            for row in self.sessions.values()
            if facts["resident"] in row.residents
            and facts.get("day", row.day) == row.day
            and facts.get("activity", row.activity) == row.activity
        ]
        if mine:
            self._leave(max(mine, key=_when).id, str(facts["resident"]))

    def _drop_last(self, facts: dict[str, Fact]) -> None:
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

    def _thin(self, name: str, code: str, facts: dict[str, Fact]) -> None:
        limit = next(key for key in ("seats", "places", "most") if key in facts)
        session = self.sessions.get(name)
        if session is not None:
            crowd = [r for r in session.residents if code != "wheelchairs" or self.residents[r].wheelchair]
            by_liking = sorted(crowd, key=lambda each: (self._liking(each, session), each))
            self._leave(name, *by_liking[: _excess(facts, _CROWDED[code], limit)])

    def _spare_support(self, name: str, excess: int) -> None:
        session = self.sessions.get(name)
        needy = sorted(session.residents if session else (), key=lambda each: -self.residents[each].support)
        while excess > 0 and needy:
            excess -= self.residents[needy[0]].support
            self._leave(name, needy.pop(0))

    def _keep_one_cohort(self, name: str) -> None:
        if (session := self.sessions.get(name)) is not None:
            cohorts = [self.residents[each].cohort for each in session.residents]
            largest = max(sorted(set(cohorts)), key=cohorts.count)
            self._leave(name, *(each for each in session.residents if self.residents[each].cohort != largest))

    def _spare_escorts(self, day: int, minute: int, excess: int) -> None:
        zones = {row.id: row.zone for row in self.problem.spaces}
        for session in sorted(self.sessions.values(), key=_when, reverse=True):
            end = session.begin + self.activities[session.activity].duration_minutes
            if session.day != day or minute not in (session.begin, end):
                continue
            for each in session.residents:
                person = self.residents[each]
                if excess > 0 and person.escort and person.zone != zones[session.space]:
                    self._leave(session.id, each)
                    excess -= 1

    def _liking(self, resident: str, session: exchange.Session) -> int:
        return self.residents[resident].interests.get(session.activity, 0)


def _when(session: exchange.Session) -> tuple[int, int, str]:
    return session.day, session.begin, session.id


def _excess(facts: dict[str, Fact], have: str, limit: str) -> int:
    return int(str(facts[have])) - int(str(facts[limit]))
