"""What people fixed, as far as it can be had: one pin that nothing can hold would leave the week without any plan.

A pin is held against the facts, and who is fixed in a session against those who are before them: whom they do not meet,
how many have a seat, and where else they are fixed. Who cannot be there is not fixed; a session that too few are left
for is planned freely. An activity is held as often as it was fixed besides what is published of it, whatever its own
counts say.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from milieu.solving.problem.commitments.demands import PIN_AWAY, PIN_FEW, PIN_IMPOSSIBLE, PIN_PAST, PIN_REFUSED, Note
from milieu.solving.problem.commitments.rest import Rest, is_kept_from, may_attend
from solver.documents.exchange import (
    AbsentPin,
    Activity,
    AttendPin,
    Facilitator,
    Pin,
    PinnedSession,
    ProblemDocument,
    Resident,
    SessionBounds,
    SessionPin,
    Space,
)


def settle_pins(problem: ProblemDocument) -> tuple[ProblemDocument, tuple[Note, ...]]:
    """The problem with the pins that can be kept, and what was dropped."""
    if not problem.pins:
        return problem, ()
    fixing = _Fixing(problem)
    kept = fixing.kept()
    changed = {"pins": kept, "activities": tuple(fixing.as_often(each) for each in problem.activities)}
    return problem.model_copy(update=changed), tuple(fixing.notes)


@dataclass(frozen=True)
class Clash:
    """Another session that was fixed; `leader` is who would have to lead both, "" where it is the space they share."""

    other: PinnedSession
    leader: str = ""


def clash_of(problem: ProblemDocument, session: str) -> Clash | None:
    """What else that was fixed leaves a fixed session no space or no leader; None where nothing does."""
    lengths = {row.id: row.duration_minutes for row in problem.activities}
    turns = {row.id: row.turnaround_minutes for row in problem.spaces}
    often = {row.id: row.max_sessions_per_day for row in problem.facilitators}
    fixed = [pin.session for pin in problem.pins if isinstance(pin, SessionPin)]
    mine = next(each for each in fixed if each.id == session)
    same_day = [each for each in fixed if each.day == mine.day and each.id != session]
    led = Counter(leader for each in same_day for leader in each.facilitators or ())
    for other in same_day:
        first, second = sorted((mine, other), key=lambda each: each.begin)
        between = second.begin - first.begin - lengths[first.activity]
        if mine.space and mine.space == other.space and between < turns[mine.space]:
            return Clash(other)
        for leader in set(mine.facilitators or ()) & set(other.facilitators or ()):
            if between < 0 or led[leader] >= often[leader]:
                return Clash(other, leader)
    return None


class _Fixing:
    def __init__(self, problem: ProblemDocument) -> None:
        self.problem, self.rest = problem, Rest(problem)
        self.notes: list[Note] = []
        self.past = {row.id for row in self.rest.frozen}
        self.told = {row.id: row for row in problem.previous}
        self.fixed = {pin.session.id: pin.session for pin in problem.pins if isinstance(pin, SessionPin)}
        self.held, self.lost = dict(self.fixed), set[str]()  # with those that are over; and what is fixed no more
        self.activities = {row.id: row for row in problem.activities}
        self.residents = {row.id: row for row in problem.residents}
        self.apart = {frozenset((tie.a, tie.b)) for tie in problem.ties if tie.apart}
        self.out = defaultdict[str, set[str]](set)  # of each session who cannot be in it
        self.going = defaultdict[str, list[PinnedSession]](list)  # by resident
        for pin in problem.pins:
            if isinstance(pin, AbsentPin):
                self.out[pin.session].add(pin.absent)

    def kept(self) -> tuple[Pin, ...]:
        """The pins that stay, each dropped one noted once."""
        dropped = {id(pin) for pin in self.problem.pins if isinstance(pin, SessionPin) and self._drops(pin)}
        others = [pin for pin in self.problem.pins if not isinstance(pin, SessionPin) and self._is_there(pin)]
        dropped |= {id(pin) for pin in others if self._drops(pin)}
        asked = defaultdict[str, list[AttendPin]](list)
        for pin in others:
            if isinstance(pin, AttendPin) and id(pin) not in dropped:
                asked[pin.session].append(pin)
        for session, pins in asked.items():
            dropped |= {id(pin) for pin in self._too_many(session, pins)}
        for each in self.problem.pins:
            if isinstance(each, SessionPin) and id(each) not in dropped and self._is_too_few(each.session):
                self._note(PIN_FEW, each)
                dropped.add(id(each))
        return tuple(pin for pin in self.problem.pins if id(pin) not in dropped and self._is_there(pin))

    def _is_there(self, pin: Pin) -> bool:
        """Whether a pin speaks of a session that is published, or of one that was fixed and stays so."""
        session = pin.session.id if isinstance(pin, SessionPin) else pin.session
        return session in self.fixed or session in self.told or session not in self.lost

    def as_often(self, activity: Activity) -> Activity:
        """The activity with room for what was fixed of it, besides the others that are published and that it allows."""
        fixed = {each.id: each.day for each in self.held.values() if each.activity == activity.id}
        if not fixed:
            return activity
        others = [row for row in self.problem.previous if row.activity == activity.id and row.id not in fixed]
        most = max(activity.sessions.max, min(len(others), activity.sessions.max) + len(fixed))
        days = Counter([*fixed.values(), *(row.day for row in others)])
        is_once = activity.one_per_day and all(days[day] == 1 for day in fixed.values())
        bounds = SessionBounds(min=activity.sessions.min, max=most)
        return activity.model_copy(update={"sessions": bounds, "one_per_day": is_once})

    def _note(self, code: str, pin: Pin) -> None:
        if isinstance(pin, SessionPin):
            self.notes.append(Note(code, activity=pin.session.activity, session=pin.session.id))
            self.fixed.pop(pin.session.id)
            self.lost.add(pin.session.id)
            if pin.session.id not in self.past:
                self.held.pop(pin.session.id)
        else:
            who = pin.attend if isinstance(pin, AttendPin) else pin.absent
            self.notes.append(Note(code, resident=who, session=pin.session))
            self.out[pin.session].add(who)

    def _drops(self, pin: Pin) -> bool:
        code = next(self._against(pin), "")
        if code:
            self._note(code, pin)
        return bool(code)

    def _against(self, pin: Pin) -> Iterator[str]:
        """What speaks against a pin by itself."""
        if isinstance(pin, SessionPin):
            if pin.session.id in self.past or (pin.session.day, pin.session.begin) < self.rest.begin:
                yield PIN_PAST
            elif not self._keeps_activity(pin.session) or not self._can_be_held(pin.session):
                yield PIN_IMPOSSIBLE
        elif pin.session in self.past:
            yield PIN_PAST
        elif isinstance(pin, AttendPin):
            yield from self._against_attending(self.residents[pin.attend], pin.session)

    def _against_attending(self, resident: Resident, session: str) -> Iterator[str]:
        """Why somebody cannot be in a session, as far as it is known what it is, where and when."""
        fixed = self.fixed.get(session)
        known = fixed or self.told.get(session)
        activity = self.activities.get(known.activity) if known else None
        if activity is None:
            return
        if not may_attend(resident, activity):
            yield PIN_REFUSED
        elif fixed is None:
            if not self.rest.can_attend(resident, activity):
                yield PIN_AWAY
        elif self._is_refused(resident, fixed):
            yield PIN_REFUSED
        elif not any(
            self.rest.can_hold(activity, space, fixed.day, fixed.begin, resident) for space in self._spaces(fixed)
        ):
            yield PIN_AWAY

    def _is_refused(self, resident: Resident, fixed: PinnedSession) -> bool:
        """Whether they said no to the place where it is held, or to somebody who leads it."""
        return all(is_kept_from(resident, space=space) for space in self._spaces(fixed)) or any(
            is_kept_from(resident, facilitator=each)
            for each in self.problem.facilitators
            if each.id in (fixed.facilitators or ())
        )

    def _spaces(self, fixed: PinnedSession) -> list[Space]:
        return [each for each in self.problem.spaces if fixed.space in (None, each.id)]

    def _too_many(self, session: str, pins: Sequence[AttendPin]) -> Iterator[AttendPin]:
        """Who cannot be in a session with those who are fixed in it before them; who is published in it comes first."""
        told = self.told[session].residents if session in self.told else ()
        seats, wheels = self._room(session)
        kept: list[Resident] = []
        for pin in sorted(pins, key=lambda pin: pin.attend not in told):
            who = self.residents[pin.attend]
            has_seat = len(kept) < seats and wheels >= who.wheelchair + sum(each.wheelchair for each in kept)
            if has_seat and all(self._may_meet(who, other) for other in kept) and self._is_free(who, session):
                kept.append(who)
                self.going[who.id] += [self.fixed[session]] if session in self.fixed else []
            else:
                self._note(PIN_AWAY, pin)
                yield pin

    def _is_free(self, resident: Resident, session: str) -> bool:
        """Whether they can be in a session and where they are fixed else, with their rest between and not too often."""
        going, fixed = self.going[resident.id], self.fixed.get(session)
        if self.rest.came[resident.id] + len(going) >= resident.sessions.max:
            return False
        if fixed is None:
            return True
        begin, end = fixed.begin, self._end(fixed) + resident.rest_minutes
        same = [each for each in going if each.day == fixed.day]
        came = sum(row.day == fixed.day and resident.id in row.residents for row in self.rest.frozen)
        return came + len(same) < resident.max_per_day and all(
            self._end(each) + resident.rest_minutes <= begin or end <= each.begin for each in same
        )

    def _end(self, fixed: PinnedSession) -> int:
        return fixed.begin + self.activities[fixed.activity].duration_minutes

    def _room(self, session: str) -> tuple[int, int]:
        """How many people and how many wheelchairs can be in a session at most, wherever it may be held."""
        fixed = self.fixed.get(session)
        spaces: Iterable[Space] = self.problem.spaces if fixed is None else self._spaces(fixed)
        known = fixed or self.told.get(session)
        activity = self.activities.get(known.activity) if known else None
        most = activity.max_group if activity else len(self.residents)
        seats = max((space.capacity for space in spaces), default=0)
        return min(most, seats), max((space.wheelchair_places for space in spaces), default=0)

    def _may_meet(self, one: Resident, other: Resident) -> bool:
        if self.problem.separate_cohorts and one.cohort != other.cohort:
            return False
        return frozenset((one.id, other.id)) not in self.apart

    def _is_too_few(self, fixed: PinnedSession) -> bool:
        """Whether fewer can come than it takes, without those who are fixed out of it or could not be fixed in it."""
        activity, out = self.activities[fixed.activity], self.out[fixed.id]
        if not out or not activity.min_group:
            return False
        there = Counter(
            who.cohort if self.problem.separate_cohorts else ""
            for who in self.problem.residents
            if who.id not in out and not next(self._against_attending(who, fixed.id), "")
        )
        return max(there.values(), default=0) < activity.min_group

    def _keeps_activity(self, fixed: PinnedSession) -> bool:
        """A published session keeps its id only with its activity."""
        return fixed.id not in self.told or self.told[fixed.id].activity == fixed.activity

    def _can_be_held(self, fixed: PinnedSession) -> bool:
        activity = self.activities[fixed.activity]
        guests = [each for each in self.problem.residents if each.id in fixed.residents]
        leaders = [each for each in self.problem.facilitators if each.id in (fixed.facilitators or ())]
        end = fixed.begin + activity.duration_minutes
        if fixed.facilitators is not None and not _is_team(activity, leaders):
            return False
        for leader in leaders:
            if leader.available is not None and not any(
                window.holds(fixed.day, fixed.begin, end) for window in leader.available
            ):
                return False
            if any(is_kept_from(guest, facilitator=leader) for guest in guests):
                return False
        return all(may_attend(guest, activity) for guest in guests) and any(
            self.rest.can_hold(activity, space, fixed.day, fixed.begin)
            and all(self.rest.can_hold(activity, space, fixed.day, fixed.begin, guest) for guest in guests)
            for space in self._spaces(fixed)
        )


def _is_team(activity: Activity, leaders: Sequence[Facilitator]) -> bool:
    """Whether they are as many as lead it, and have together what it needs of them."""
    skills = {skill for each in leaders for skill in each.skills}
    return len(leaders) == activity.facilitators and (not leaders or set(activity.needs_skills) <= skills)
