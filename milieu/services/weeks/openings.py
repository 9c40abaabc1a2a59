"""Who else could come to a published session, best first: whom nothing speaks against, each with what speaks for them.

What speaks against somebody is what the rules say of the session with them in it; no rule is written down a second
time here. For whoever invites: reasons name residents, and no family reads them.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from milieu.calendar.weeks import monday_of
from milieu.clock import local_day
from milieu.database import DbSession
from milieu.machine.memory import Memory
from milieu.queries.basis import basis_of, marked_before
from milieu.queries.published.marks import called_off, marks_of
from milieu.queries.residents.people import Person, residents_here
from milieu.solving.contents import Place, SessionContent
from milieu.solving.problem.commitments.past import as_session
from milieu.solving.problem.document import WeekFacts, read_facts
from solver.documents.exchange import ProblemDocument, Session
from solver.model import check
from solver.model.reasons import Breach

MOST = 12
"""How many are told: more than anybody asks before a session begins."""

_REMEMBERED: Memory[WeekFacts] = Memory(8)
MIXES = "cohorts"
_HARMLESS = frozenset({"group_small"})  # that a group is still too small is no reason to keep somebody out of it


@dataclass(frozen=True)
class Candidate:
    """Somebody who could come. `freed_by` is what they were invited to at this hour and is not held, "" = nothing.

    `liking` is how much they like the activity, -2..5; `sits_well_with` are those invited whom they like to be with, as
    far as the team may know; `invitations` counts what else they are invited to this week.
    """

    person: Person
    freed_by: str
    liking: int
    sits_well_with: tuple[str, ...]
    invitations: int

    @property
    def rank(self) -> tuple[object, ...]:
        """Who has lost something first, then who likes it most, who meets somebody, who is invited to least."""
        return (
            not self.freed_by,
            -self.liking,
            -len(self.sits_well_with),
            self.invitations,
            self.person.walking_key,
        )


@dataclass(frozen=True)
class Openings:
    """`free` places that nobody has by now, those of people who will not come among them, and who could have them."""

    free: int
    candidates: tuple[Candidate, ...]


def who_else(db: DbSession, community_id: str, ref: str, on: date, now: datetime) -> Openings:
    """Who else could come to a session of a day; nobody to a visit, to what is not held, and once the week is over.

    Raises NotFound where there is no such community.
    """
    basis = basis_of(db, community_id, monday_of(on), now)
    if basis.publication_id is None or (basis.until is not None and basis.until.day > (on - basis.week_start).days):
        return Openings(0, ())
    day = basis.until.day if basis.until else -1
    earlier = marked_before(db, community_id, basis.week_start, local_day(now, basis.timezone))
    key = (basis.community_id, basis.week_start, basis.facts, basis.publication_id, earlier, day)
    week = _REMEMBERED.recall(key, lambda: read_facts(db, community_id, basis.week_start, now))
    sessions = week.past.published.sessions if week.past.published else ()
    off = called_off(db, community_id, [each.ref for each in sessions])
    asked = next((each for each in sessions if each.ref == ref and each.on_date == on), None)
    if asked is None or asked.is_visit or ref in off or asked.activity_id not in _offered(week):
        return Openings(0, ())
    marks = marks_of(db, community_id, refs=[each.ref for each in sessions if each.on_date == on]).values()
    is_out = {each.resident_id for each in marks if each.outcome not in (None, "attended")}
    came = {each.resident_id for each in marks if each.outcome == "attended" and each.session_ref == ref}
    there = [each for each in asked.places if each.resident_id not in is_out]
    there += [Place(each) for each in sorted(came - {place.resident_id for place in there})]
    if (free := asked.seats - len(there)) <= 0:
        return Openings(0, ())
    asked = replace(asked, places=tuple(there))
    held = [asked if each.ref == ref else each for each in sessions if each.ref not in off]
    known = set(asked.residents) | is_out
    people = [
        each for each in residents_here(db, community_id, on) if each.id in week.rows.residents and each.id not in known
    ]
    freed = {
        resident: each.title
        for each in sessions
        if each.ref in off and _overlap(each, asked)
        for resident in each.residents
    }
    ranked = sorted(_Ranking(week, held, freed, asked, people).candidates(), key=lambda each: each.rank)
    return Openings(free, tuple(_Opening(week, held, asked).fitting(ranked)))


def who_else_in(
    db: DbSession, community_id: str, week: WeekFacts, sessions: Sequence[SessionContent], ref: str
) -> Openings:
    """The same for a draft, where nothing has happened yet. Nobody to a visit, nor to what is called off."""
    asked = next((each for each in sessions if each.ref == ref), None)
    if (
        asked is None
        or asked.is_visit
        or ref in called_off(db, community_id, [ref])
        or asked.activity_id not in _offered(week)
    ):
        return Openings(0, ())
    people = [
        each
        for each in residents_here(db, community_id, asked.on_date)
        if each.id in week.rows.residents and each.id not in asked.residents
    ]
    ranked = sorted(_Ranking(week, sessions, {}, asked, people).candidates(), key=lambda each: each.rank)
    return Openings(max(0, asked.seats - len(asked.places)), tuple(_Opening(week, sessions, asked).fitting(ranked)))


def _offered(week: WeekFacts) -> frozenset[str]:
    return frozenset(row.id for row in week.facts.activities)


@dataclass(frozen=True)
class _Ranking:
    """What speaks for each of the `people`, from the rows; `held` are the week's sessions without what is off."""

    week: WeekFacts
    held: Sequence[SessionContent]
    freed: Mapping[str, str]
    asked: SessionContent
    people: Sequence[Person]

    def candidates(self) -> Iterator[Candidate]:
        """All of them; whom anything speaks against is found by the rules."""
        others, counts = self._others(), Counter(who for each in self.held for who in each.residents)
        liking = {row.id: row.interests.get(self.asked.activity_id, 0) for row in self.week.facts.residents}
        for person in self.people:
            well_with = tuple(sorted(others.get(person.id, ())))
            yield Candidate(
                person, self.freed.get(person.id, ""), liking.get(person.id, 0), well_with, counts[person.id]
            )

    def _others(self) -> dict[str, list[str]]:
        """By resident, who of those invited they like to be with, as they are called."""
        invited = {each: self.week.rows.residents[each] for each in self.asked.residents if self._lives_here(each)}
        found: dict[str, list[str]] = {}
        for tie in self.week.rows.ties:
            if tie.is_apart or tie.kind == "meet" or (tie.strength or 0) <= 0 or tie.visibility != "team":
                continue
            for one, other in ((tie.resident_id, tie.other_id), (tie.other_id, tie.resident_id)):
                if other in invited:
                    row = invited[other]
                    found.setdefault(one, []).append(row.called or row.given_name)
        return found

    def _lives_here(self, resident_id: str) -> bool:
        return resident_id in self.week.rows.residents


class _Opening:
    """A session as it is by now, without those who will not come, in its week: somebody is tried out in it."""

    def __init__(self, week: WeekFacts, sessions: Sequence[SessionContent], asked: SessionContent) -> None:
        start = week.week.start
        self.problem: ProblemDocument = week.facts.model_copy(update={"pins": ()})
        self.sessions = {each.ref: as_session(week.seating, each, start, each.residents) for each in sessions}
        self.asked = self.sessions[asked.ref]
        self.day = {ref: each for ref, each in self.sessions.items() if each.day == self.asked.day}

    def fitting(self, ranked: Sequence[Candidate]) -> Iterator[Candidate]:
        """The first of them with whom the session breaks no rule that it does not break without."""
        alone, before, found = self._who_can(ranked), self._broken(self.day, []), 0
        if any(each.reason.code == MIXES and dict(each.reason.facts)["session"] == self.asked.id for each in before):
            return  # one more would be one more to meet whom they may not
        for each in ranked:
            if found == MOST:
                return
            if each.person.id in alone and not self._broken(self.day, [each.person.id]) - before:
                found += 1
                yield each

    def _who_can(self, ranked: Sequence[Candidate]) -> set[str]:
        """Whom nothing of their own speaks against: all are read at once, so what is about the whole group is not."""
        everybody = {each.person.id for each in ranked}
        kept: set[str] = set()
        for each in self._broken(self.sessions, everybody) - self._broken(self.sessions, []):
            named = {value for name, value in each.reason.facts if name in ("resident", "other_resident")}
            kept |= {str(value) for value in named} if len(named & everybody) == 1 else set()
        return everybody - kept

    def _broken(self, sessions: Mapping[str, Session], more: Collection[str]) -> set[Breach]:
        """What is broken with more people in it; that a group is small, or a demand not met, keeps nobody out."""
        with_them = self.asked.model_copy(update={"residents": tuple(sorted({*self.asked.residents, *more}))})
        return {
            each
            for each in check.broken(self.problem, tuple({**sessions, self.asked.id: with_them}.values()))
            if check.relaxation(each) is None and each.reason.code not in _HARMLESS
        }


def _overlap(one: SessionContent, other: SessionContent) -> bool:
    is_near = one.start_minute < other.end_minute and other.start_minute < one.end_minute
    return one.on_date == other.on_date and is_near
