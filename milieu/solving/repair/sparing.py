"""Fewer changes for people: what a repair has changed without need is put back, one change at a time.

A search that has time left goes on improving a week that people know. Here every change is asked once whether a fact
that has changed forces it: where every rule holds without it, it is undone, whatever the score says, unless it gains
much for somebody who would otherwise be left out. Nothing is put back that breaks a rule.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from milieu.clock import seconds_passed
from milieu.solving.problem.document import ProblemSource
from solver.documents.exchange import ProblemDocument, Session
from solver.model import check

NEW_PRICE = 20
"""What a change must gain for each whom it spares being left out, to be worth telling others of it.

An attendance is worth 20 to 30. Left out is who is told of nothing else this week, or has lost what they were told of.
"""

MOST_INSTEAD = 12
"""How many are tried in the place of somebody whom a group lacks; each is a reading of the whole week."""

MOST_SECONDS = 15.0
"""A few are enough where the machine is free."""


@dataclass
class _Week:
    """The sessions as they stand, the frozen ones among them."""

    problem: ProblemDocument
    frozen: frozenset[str]
    sessions: dict[str, Session]

    def length(self, session: Session) -> int:
        """Minutes; 0 where the activity has left."""
        return self.lengths.get(session.activity, 0)

    @cached_property
    def people(self) -> set[str]:
        return {row.id for row in self.problem.residents}

    @cached_property
    def least(self) -> dict[str, int]:
        return {row.id: row.min_group for row in self.problem.activities}

    @cached_property
    def lengths(self) -> dict[str, int]:
        return {row.id: row.duration_minutes for row in self.problem.activities}

    def attempt(self, changed: dict[str, Session], spared: int) -> None:
        """Take the changed week where it keeps every rule; where so many would be left out in it, only where their
        places gained too little to tell others of them. What a week is worth is reckoned for these alone.
        """
        rows = tuple(changed.values())
        if check.broken(self.problem, rows):
            return
        if spared and self._worth(tuple(self.sessions.values())) - self._worth(rows) >= NEW_PRICE * spared:
            return
        self.sessions = changed

    def _worth(self, rows: tuple[Session, ...]) -> int:
        return check.objective(self.problem, rows)


def spare(
    source: ProblemSource,
    sessions: Sequence[Session],
    *,
    seconds: float = MOST_SECONDS,
    now: Callable[[], float] = seconds_passed,
) -> tuple[Session, ...]:
    """The sessions with every needless change undone, as far as the seconds go. They keep every rule, as before."""
    problem = source.document
    frozen = frozenset(row.id for row in source.past.frozen)
    week = _Week(problem, frozen, {row.id: row for row in sessions})
    until = now() + seconds
    told = {row.id: row for row in source.past.told}
    for undo in (_needless, _restored, _put_back, _put_back_together, _asked_again, _additions):
        for changed in undo(week, told):
            if now() > until:
                break
            week.attempt(changed, _spared(week, told, changed))
    return tuple(week.sessions.values())


def _needless(week: _Week, told: dict[str, Session]) -> Iterator[dict[str, Session]]:
    """All needless additions at once: nearly always that is most of what is to be done, however little time is left."""
    changed = _without_needless(week, told)
    if changed != week.sessions:
        yield changed


def _restored(week: _Week, told: dict[str, Session]) -> Iterator[dict[str, Session]]:
    """Sessions that were left out, held after all with those of their people who are free then.

    Where that fails, in the place of new sessions that stand in the way, and of what its people were given instead.
    """
    for name, was in told.items():
        if name in week.sessions:
            continue
        people = {each for each in was.residents if each in week.people}
        rivals = {key for key, row in week.sessions.items() if key not in told and _rivals(week, row, was)}
        others = {key: row for key, row in week.sessions.items() if key not in rivals}
        for there in (week.sessions, others, _without_additions(week, others, told, people)):
            free = tuple(each for each in was.residents if each in people and not _is_taken(week, there, each, was))
            if name not in week.sessions:
                yield {**there, name: was.model_copy(update={"residents": free})}


def _put_back(week: _Week, told: dict[str, Session]) -> Iterator[dict[str, Session]]:
    """Sessions at another time, in another space or with other leaders, as they were told.

    Where that fails with those who are in it now, with those of them who were told of it.
    """
    for name in told:
        for is_told_only in (False, True):
            if _is_elsewhere(week, told, name):
                yield {**week.sessions, name: _as_told(week, told, name, is_told_only)}


def _put_back_together(week: _Week, told: dict[str, Session]) -> Iterator[dict[str, Session]]:
    """Sessions that have exchanged leaders, times or spaces, as they were told: none of them can be put back alone."""
    for name in told:
        for is_wide, is_told_only in product((False, True), repeat=2):
            names = _entangled(week, told, name, is_wide)
            if len(names) > 1:
                yield {**week.sessions, **{each: _as_told(week, told, each, is_told_only) for each in names}}


def _entangled(week: _Week, told: dict[str, Session], name: str, is_wide: bool) -> list[str]:
    """A session that is not as it was told, those others that now stand in the way of that, those in the way of these,
    …; where `is_wide`, those too that have its leaders on that day, who may lead so many.
    """
    found = [name] if _is_elsewhere(week, told, name) else []
    for each in found:
        was = told[each]
        for other in told:
            if other in found or not _is_elsewhere(week, told, other):
                continue
            now = week.sessions[other]
            has_leaders = now.day == was.day and bool(set(now.facilitators) & set(was.facilitators))
            if _rivals(week, now, was) or (is_wide and has_leaders):
                found.append(other)
    return found


def _is_elsewhere(week: _Week, told: dict[str, Session], name: str) -> bool:
    """Whether a session that is still held has another time, space or team than was told."""
    row = week.sessions.get(name)
    return row is not None and row.model_copy(update={"residents": told[name].residents}) != told[name]


def _as_told(week: _Week, told: dict[str, Session], name: str, is_told_only: bool) -> Session:
    """The session as it was told, with those who are in it now, or with those of them who were told of it."""
    was, now = told[name], week.sessions[name].residents
    there = tuple(each for each in now if not is_told_only or each in was.residents)
    return was.model_copy(update={"residents": there})


def _asked_again(week: _Week, told: dict[str, Session]) -> Iterator[dict[str, Session]]:
    """People who were taken out of a session, in it again: all of them together, as one of them may be there for
    another, else each. Where that fails, instead of what else they were given, in the place of who is new to it, and,
    where a group needs them there, with somebody else in that who gives up nothing.
    """
    for name, was in told.items():
        lost = [each for each in was.residents if each in week.people and _is_out(week, name, each)]
        if len(lost) > 1:
            yield _asked_to(week.sessions, name, lost)
        for each in lost:
            own = _without_additions(week, week.sessions, told, {each})
            for there in (week.sessions, own, _without_newcomers(own, told, name)):
                if name in there and _is_out(week, name, each):
                    yield _asked_to(there, name, [each])
            for there in _with_somebody_else(week, told, _without_newcomers(own, told, name), each):
                if name in there and _is_out(week, name, each):
                    yield _asked_to(there, name, [each])


def _is_out(week: _Week, name: str, resident: str) -> bool:
    """Whether somebody is not in a session that is held."""
    return name in week.sessions and resident not in week.sessions[name].residents


def _asked_to(sessions: dict[str, Session], name: str, people: list[str]) -> dict[str, Session]:
    """The sessions with these people in one of them as well."""
    residents = tuple(sorted({*sessions[name].residents, *people}))
    return {**sessions, name: sessions[name].model_copy(update={"residents": residents})}


def _additions(week: _Week, told: dict[str, Session]) -> Iterator[dict[str, Session]]:
    """The week without new sessions, then without new places; what is given instead of something lost stays."""
    yield from _needless(week, told)
    for name in [name for name in week.sessions if name not in told and name not in week.frozen]:
        people = week.sessions[name].residents
        if not any(_has_lost(week.sessions, told, each) for each in people):
            yield {key: row for key, row in week.sessions.items() if key != name}
    for name in [name for name in week.sessions if name not in week.frozen]:
        for each in week.sessions[name].residents:
            still = name in week.sessions and each in week.sessions[name].residents
            if still and each not in _invited(told, name) and not _has_lost(week.sessions, told, each):
                yield {**week.sessions, name: _without(week.sessions[name], each)}


def _without_needless(week: _Week, told: dict[str, Session]) -> dict[str, Session]:
    """The week without any new place, and any new session, of people none of whom would be left out without it."""
    changed = dict(week.sessions)
    for name, row in week.sessions.items():
        gone = {
            each
            for each in row.residents
            if each not in _invited(told, name) and not _is_left_out(week.sessions, told, each)
        }
        if name in week.frozen or not gone:
            continue
        if name not in told and len(gone) == len(row.residents):
            del changed[name]
        else:
            changed[name] = _without(row, *gone)
    return changed


def _spared(week: _Week, told: dict[str, Session], changed: dict[str, Session]) -> int:
    """How many would be left out without what they are newly given and would lose by a change.

    Who gets back what they had lost is not left out: what was given instead of it is no gain.
    """
    return len(
        {
            each
            for name, row in week.sessions.items()
            for each in set(row.residents) - set(changed[name].residents if name in changed else ())
            if each not in _invited(told, name) and _is_left_out(changed, told, each)
        }
    )


def _is_left_out(sessions: dict[str, Session], told: dict[str, Session], resident: str) -> bool:
    """Whether somebody is told of nothing this week, or has lost something that they were told of."""
    return not any(resident in row.residents for row in told.values()) or _has_lost(sessions, told, resident)


def _without_additions(
    week: _Week, sessions: dict[str, Session], told: dict[str, Session], people: set[str]
) -> dict[str, Session]:
    """The sessions without what these people were newly given, and without new ones that are left with too few."""
    changed = dict(sessions)
    for name, row in sessions.items():
        gone = {each for each in people & set(row.residents) if each not in _invited(told, name)}
        if gone and name not in week.frozen:
            changed[name] = _without(row, *gone)
            if name not in told and len(changed[name].residents) < week.least.get(row.activity, 0):
                del changed[name]
    return changed


def _with_somebody_else(
    week: _Week, told: dict[str, Session], sessions: dict[str, Session], resident: str
) -> Iterator[dict[str, Session]]:
    """The sessions, where one of them lacks just this resident, with somebody instead who has time for one more and
    likes it: who likes it most comes first, of these who has least.
    """
    short = [
        name
        for name, row in sessions.items()
        if resident in week.sessions[name].residents
        and resident not in row.residents
        and len(row.residents) + 1 == week.least.get(row.activity, 0)
    ]
    if len(short) != 1:
        return
    row = sessions[short[0]]
    has = Counter(each for other in sessions.values() for each in other.residents)
    could = [
        each
        for each in week.problem.residents
        if each.interests.get(row.activity, 0) > 0
        and each.id not in (resident, *row.residents)
        and has[each.id] < each.sessions.max
        and not _is_taken(week, sessions, each.id, row)
        and not _has_lost(sessions, told, each.id)
    ]
    could.sort(key=lambda each: (-each.interests[row.activity], has[each.id], each.id))
    for each in could[:MOST_INSTEAD]:
        yield _asked_to(sessions, short[0], [each.id])


def _without_newcomers(sessions: dict[str, Session], told: dict[str, Session], name: str) -> dict[str, Session]:
    """The sessions with nobody in one of them but who was told of it."""
    if name not in sessions:
        return sessions
    new = set(sessions[name].residents) - set(_invited(told, name))
    return {**sessions, name: _without(sessions[name], *new)}


def _has_lost(sessions: dict[str, Session], told: dict[str, Session], resident: str) -> bool:
    """Whether somebody is out of something that they were told of; in what is at another time they still are."""
    return any(
        name not in sessions or resident not in sessions[name].residents
        for name, was in told.items()
        if resident in was.residents
    )


def _is_taken(week: _Week, others: dict[str, Session], resident: str, session: Session) -> bool:
    """Whether somebody is in something else at that time; two that only lie close are the rules' to judge."""
    return any(resident in row.residents and _touch(week, row, session) for row in others.values())


def _rivals(week: _Week, one: Session, other: Session) -> bool:
    """Whether two sessions want a leader or a space at the same time."""
    shares = one.space == other.space or bool(set(one.facilitators) & set(other.facilitators))
    return shares and _touch(week, one, other)


def _touch(week: _Week, one: Session, other: Session) -> bool:
    if one.day != other.day:
        return False
    return one.begin < other.begin + week.length(other) and other.begin < one.begin + week.length(one)


def _invited(told: dict[str, Session], name: str) -> tuple[str, ...]:
    return told[name].residents if name in told else ()


def _without(session: Session, *gone: str) -> Session:
    return session.model_copy(update={"residents": tuple(each for each in session.residents if each not in gone)})
