"""Why each place of a schedule is given: what the solver says of it, as the reasons that are kept and told on pages."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from milieu.reasons import FAVOURITE, LIKED, MADE_OF, Reason
from milieu.solving.problem.people.newcomers import SMALL_GROUP
from milieu.solving.problem.programme.offers import TOGETHER
from solver.documents.exchange import ProblemDocument, Resident, Session
from solver.explaining.why import Case
from solver.model.reasons import Fact, Weighed

FEW_OTHERS = 2
_AGAINST = {"why_dislikes", "why_other_time", "why_tension"}
_CODES = {sources[0]: code for code, sources in MADE_OF.items()}


class Reasons:
    """Reads one problem and one schedule of it. Ties of `private` pairs count, but are never told.

    `said_by`: whose word it is that a resident likes an activity, by (resident, activity); `birthdays`: what they are
    asked to for their birthday, likewise.
    """

    def __init__(
        self,
        problem: ProblemDocument,
        sessions: Sequence[Session],
        private: Collection[frozenset[str]] = frozenset(),
        said_by: Mapping[tuple[str, str], str] | None = None,
        birthdays: Collection[tuple[str, str]] = frozenset(),
    ) -> None:
        self._case = Case(problem, sessions, private=private)
        self._residents = {row.id: row for row in problem.residents}
        self._said_by, self._birthdays = said_by or {}, birthdays

    def of(self, session: str, resident: str) -> tuple[Reason, ...]:
        """The reasons for a place: what is demanded, then the weightiest first. None where nothing speaks for it."""
        person = self._residents.get(resident)
        if person is None:
            return (Reason("kept"),)
        found = self._case.why_invited(resident, session)
        worth = Counter[str]()
        for each in found:
            worth[each.code] += each.amount
        rows: list[tuple[bool, int, Reason]] = []
        for each in found:
            code = _CODES.get(each.code, "")
            if code in TOLD and (reason := TOLD[code](_Told(each, person, self._said_by, self._birthdays))) is not None:
                more = sum([worth[other] for other in MADE_OF[code][1:]])
                rows.append((not each.rule, -each.amount - more, reason))
        rows.sort(key=lambda row: row[:2])
        return tuple(dict.fromkeys(reason for _, _, reason in rows)) or _last_resort(found)


class _Told:
    """One of the solver's reasons, with what a page has to know besides."""

    def __init__(
        self,
        each: Weighed,
        person: Resident,
        said_by: Mapping[tuple[str, str], str],
        birthdays: Collection[tuple[str, str]],
    ) -> None:
        self._facts: dict[str, Fact] = dict(each.reason.facts)
        self.person, self.said_by, self.birthdays = person, said_by, birthdays

    def number(self, fact: str) -> int:
        return int(str(self._facts[fact]))

    def text(self, fact: str) -> str:
        return str(self._facts[fact])

    def count(self, fact: str) -> int:
        """How many ids the fact lists."""
        ids = self._facts[fact]
        return len(ids) if isinstance(ids, tuple) else 1


def _demanded(told: _Told) -> Reason | None:
    """By the care plan, or for their birthday."""
    is_birthday = (told.person.id, told.text("activity")) in told.birthdays
    return Reason("birthday", 1) if is_birthday else Reason("care_plan", told.number("least"))


def _wish(told: _Told) -> Reason | None:
    liking, whose = told.number("liking"), told.said_by.get((told.person.id, told.text("activity")))
    return Reason("wish", liking, said_by=whose) if liking >= LIKED else None


def _aim(told: _Told) -> Reason | None:
    """Of their care plan, or that who has just come has a small group."""
    domain = told.text("domain")
    return Reason("new", 1) if domain == SMALL_GROUP else Reason("aim", told.number("least"), domain)


def _time(told: _Told) -> Reason | None:
    """Only where they like one part of the day best of all."""
    best = [part for part, liking in told.person.times.items() if liking >= FAVOURITE]
    return Reason("time", FAVOURITE) if best == [told.text("part")] else None


def _group_aim(told: _Told) -> Reason | None:
    """Only what the living group aims at itself: that it is with others is everybody's."""
    domain = told.text("domain")
    return None if domain == TOGETHER else Reason("group_aim", told.number("least"), domain)


def _fair(told: _Told) -> Reason | None:
    others = told.number("sessions")
    return Reason("fair", others) if others <= FEW_OTHERS else None


TOLD: Mapping[str, Callable[[_Told], Reason | None]] = {
    "care_plan": _demanded,
    "wish": _wish,
    "aim": _aim,
    "company": lambda told: Reason("company", told.count("others")),
    "familiar": lambda told: Reason("familiar", 1),
    "time": _time,
    "group_aim": _group_aim,
    "fair": _fair,
}
"""How a page's reason is made of the solver's, None where that is too weak to be told."""


def _last_resort(found: Sequence[Weighed]) -> tuple[Reason, ...]:
    """What is told where there is nothing else to tell."""
    facts = {each.code: dict(each.reason.facts) for each in found}
    [kept], [needed] = MADE_OF["kept"], MADE_OF["needed"]
    if kept in facts:
        return (Reason("kept"),)
    if needed in facts:
        return (Reason("needed", int(str(facts[needed]["least"]))),)
    return () if facts.keys() & _AGAINST else (Reason("open"),)
