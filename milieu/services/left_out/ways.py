"""How a draft could give somebody what they miss: each way is tried by the solver's own reading, and keeps every rule.

A free place comes first, then one for which they leave something of their own, then one in the place of somebody who
has enough, then a visit of their own.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from milieu.services.by_hand.edits import Spot
from milieu.services.by_hand.elsewhere import elsewhere
from milieu.services.by_hand.trying import new_ref
from milieu.services.left_out.missing import LITTLE, NEW, NOTHING, REFUSED, UNKNOWN, UNLOVED
from milieu.solving.answer.answers import private_pairs
from milieu.solving.answer.checking import is_open
from milieu.solving.contents import Place, SessionContent, named
from milieu.solving.problem.commitments.past import as_session
from milieu.solving.problem.document import ProblemSource
from solver.documents.exchange import Activity, Resident, Session
from solver.explaining.elsewhere import Option, options_of
from solver.explaining.fairness import kept_out
from solver.explaining.ledger import by_person
from solver.explaining.why import Case
from solver.model import check

JOIN, LEAVE, INSTEAD, VISIT = WAYS = ("join", "leave", "instead", "visit")
CALLED_OFF = "called_off"
"""Why nobody goes to a session that the staff have said is off; beside the codes of `solver.explaining.fairness`."""
MOST_WAYS = 2
ENOUGH = 5
"""Who makes room keeps at least so many invitations."""

_VISITED = frozenset({NOTHING, LITTLE, REFUSED, UNLOVED})


@dataclass(frozen=True)
class Way:
    """One way: `kind` of WAYS, the session `ref` that they would be invited to ("" for a visit that is yet to be).

    `leaves` is the ref of the session that they would leave, `leaves_title` its name; `instead` who would make room.
    `less` are those besides who would have a little less by it. `spot` is a new visit's. `has_neighbour`:
    somebody of their living group is there, of whom nobody is known whom they like.
    """

    kind: str
    ref: str
    activity_id: str
    title: str
    on_date: date
    start_minute: int
    space: str
    gain: int
    leaves: str = ""
    leaves_title: str = ""
    instead: str = ""
    less: tuple[str, ...] = ()
    spot: Spot | None = None
    has_neighbour: bool = False


@dataclass(frozen=True)
class KeptOut:
    """Why somebody is in no session of what they love, and of which session.

    `code` is CALLED_OFF or one of `solver.explaining.fairness`.
    """

    code: str
    activity_id: str
    title: str
    on_date: date | None = None
    start_minute: int = 0


@dataclass(frozen=True)
class Wanted:
    """What would mend it for one resident: the kinds that they miss, and what is known that bears on it.

    `avoid` are activities that they said no to of late; `near` who lives in the same living group.
    """

    resident_id: str
    kinds: tuple[str, ...]
    loved: frozenset[str]
    friends: frozenset[str]
    near: frozenset[str]
    met: frozenset[str]
    avoid: frozenset[str]


class Ways:
    """A draft, read once for many people. `off` are the sessions that were called off: nobody is led to one."""

    def __init__(
        self,
        source: ProblemSource,
        sessions: Sequence[SessionContent],
        wished: Mapping[str, int],
        off: Collection[str] = (),
    ) -> None:
        self.source, self.sessions, self._wished, self._off = source, sessions, wished, off
        self.case = Case(source.document, self._week(sessions), private=private_pairs(source))
        self.by_ref = {each.ref: each for each in sessions}
        self._people = {row.id: row for row in source.document.residents}
        self._counts = Counter(who for each in sessions for who in each.residents)

    def of(self, wanted: Wanted) -> tuple[Way, ...]:
        """The best ways for somebody, at most two, for two different sessions."""
        if wanted.resident_id not in self._people:
            return ()
        found = [*self._options(wanted, may_displace=False)]
        if len({each.ref for each in found}) < MOST_WAYS:
            found += self._options(wanted, may_displace=True)
        chosen: dict[str, Way] = {}
        for each in sorted(found, key=lambda each: self._rank(wanted, each)):
            chosen.setdefault(each.ref, each)
        ways = list(chosen.values())[:MOST_WAYS]
        if len(ways) < MOST_WAYS and _VISITED & set(wanted.kinds):
            ways += self._visit(wanted)
        return tuple(ways)

    def kept_out(self, resident_id: str, activities: Collection[str]) -> tuple[KeptOut, ...]:
        """Why somebody is in no session of these activities, what came nearest first."""
        person = self._people.get(resident_id)
        if person is None:
            return ()
        titles = {row.id: row.name for row in self.source.rows.activities.values()}
        known = sorted(each for each in activities if each in titles)
        found = []
        for reason in kept_out(self.case.ledger, self.case.breaches, person, known):
            facts = dict(reason.facts)
            session, activity = self.by_ref.get(str(facts.get("session", ""))), str(facts["activity"])
            if session is not None and session.ref in self._off:
                found.append(KeptOut(CALLED_OFF, activity, titles[activity], session.on_date, session.start_minute))
                continue
            when = (session.on_date, session.start_minute) if session else (None, 0)
            found.append(KeptOut(reason.code, activity, titles[activity], *when))
        return tuple(found)

    def _options(self, wanted: Wanted, *, may_displace: bool) -> Iterator[Way]:
        """What the solver finds, as far as it gives them what they miss."""
        ledger = self.case.ledger
        for option in options_of(ledger, self.case.breaches, wanted.resident_id, may_displace):
            session = self.by_ref.get(option.session)
            if session is None or not is_open(self.source.facts, session) or bool(option.instead) != may_displace:
                continue
            if option.session in self._off or option.leaves in self._off:
                continue
            if option.leaves and not self._may_leave(wanted, option, session):
                continue
            if option.instead and not self._has_enough(option.instead):
                continue
            if any(_MENDS[kind](wanted, session) for kind in wanted.kinds) and session.activity_id not in wanted.avoid:
                yield self._way(wanted, option, session)

    def _may_leave(self, wanted: Wanted, option: Option, session: SessionContent) -> bool:
        """Nobody leaves what they love for it, nor the same at another time; and it leaves them with no fewer."""
        left = self.by_ref.get(option.leaves)
        if left is None or not is_open(self.source.facts, left) or {NOTHING, LITTLE} & set(wanted.kinds):
            return False
        return left.activity_id not in wanted.loved and left.activity_id != session.activity_id

    def _has_enough(self, resident_id: str) -> bool:
        return self._counts[resident_id] > max(ENOUGH, self._wished.get(resident_id, 0))

    def _way(self, wanted: Wanted, option: Option, session: SessionContent) -> Way:
        left = self.by_ref.get(option.leaves)
        kind = INSTEAD if option.instead else LEAVE if option.leaves else JOIN
        own = {option.resident, option.instead}
        less = tuple(each.resident for each in by_person(option.effects) if each.gain < 0 and each.resident not in own)
        return Way(
            kind,
            session.ref,
            session.activity_id,
            session.title,
            session.on_date,
            session.start_minute,
            session.space_name,
            option.gain,
            option.leaves,
            left.title if left else "",
            option.instead,
            less,
            has_neighbour=UNKNOWN in wanted.kinds and not wanted.friends and _small_and_near(wanted, session),
        )

    def _rank(self, wanted: Wanted, way: Way) -> tuple[object, ...]:
        session = self.by_ref[way.ref]
        mended = sum(_MENDS[kind](wanted, session) for kind in wanted.kinds)
        return -mended, WAYS.index(way.kind), -way.gain, way.on_date, way.start_minute, way.ref

    def _visit(self, wanted: Wanted) -> list[Way]:
        """A visit more, where somebody is free for one."""
        person = self._people[wanted.resident_id]
        for activity in self._visits(person, wanted):
            if (way := self._visit_by(person, activity)) is not None:
                return [way]
        return []

    def _visits(self, person: Resident, wanted: Wanted) -> list[Activity]:
        """The visits that they may be paid, the best liked first."""
        held = Counter(each.activity_id for each in self.sessions)
        rows = [
            row
            for row in self.source.facts.facts.activities
            if row.max_group == 1
            and held[row.id] < row.sessions.max
            and person.interests.get(row.id, 0) >= 0
            and row.id not in wanted.avoid
            and (row.id in wanted.loved or wanted.kinds[0] != UNLOVED)
        ]
        return sorted(rows, key=lambda row: (-person.interests.get(row.id, 0), row.id))

    def _visit_by(self, person: Resident, activity: Activity) -> Way | None:
        rows, document = self.source.rows, self.source.document
        leaders = tuple(row.id for row in document.facilitators[: activity.facilitators])
        made = named(
            rows.activities[activity.id],
            next(iter(rows.spaces.values())),
            ref=new_ref(self.source),
            on_date=rows.week.days[0],
            start_minute=0,
            end_minute=activity.duration_minutes,
            facilitators=leaders,
            places=(Place(person.id),),
        )
        before, stood = self._score(self.sessions), self._broken(self.sessions)
        for each in elsewhere(self.source, [*self.sessions, made], made.ref, most=MOST_WAYS):
            spot = each.spot
            there = replace(
                made,
                on_date=spot.on_date,
                start_minute=spot.start_minute,
                end_minute=spot.start_minute + activity.duration_minutes,
                space_id=spot.space_id,
                facilitators=spot.facilitators,
            )
            if person.id in each.coming and not self._broken([*self.sessions, there]) - stood:
                gain = self._score([*self.sessions, there]) - before
                where = rows.spaces[spot.space_id].name
                return Way(VISIT, "", activity.id, there.title, spot.on_date, spot.start_minute, where, gain, spot=spot)
        return None

    def _week(self, sessions: Sequence[SessionContent]) -> tuple[Session, ...]:
        """The week as the solver reads it: what has begun as it was."""
        start, seating, past = self.source.week.start, self.source.facts.seating, self.source.past
        to_come = [each for each in sessions if is_open(self.source.facts, each)]
        return (*past.frozen, *(as_session(seating, each, start, each.residents) for each in to_come))

    def _broken(self, sessions: Sequence[SessionContent]) -> set[tuple[object, ...]]:
        return {each.subject for each in check.broken(self.source.document, self._week(sessions))}

    def _score(self, sessions: Sequence[SessionContent]) -> int:
        return sum(check.score(self.source.document, self._week(sessions)).values())


def _small_and_near(wanted: Wanted, session: SessionContent) -> bool:
    """Where nobody is known whom they like: a group in which they meet somebody from next door."""
    return not session.is_visit and bool(wanted.near & set(session.residents))


def _with_friend(wanted: Wanted, session: SessionContent) -> bool:
    if not wanted.friends:
        return _small_and_near(wanted, session)
    return not session.is_visit and bool(wanted.friends & set(session.residents))


_MENDS: Mapping[str, Callable[[Wanted, SessionContent], bool]] = {
    NOTHING: lambda wanted, session: True,
    LITTLE: lambda wanted, session: True,
    UNLOVED: lambda wanted, session: session.activity_id in wanted.loved,
    UNKNOWN: _with_friend,
    REFUSED: lambda wanted, session: session.activity_id not in wanted.avoid,
    NEW: lambda wanted, session: not session.is_visit and session.activity_id not in wanted.met,
}
"""Whether an invitation to a session would give them what they miss, by kind."""
