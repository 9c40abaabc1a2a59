"""Where a session of a draft could go instead: where it breaks nothing, and where most of those invited can come.

What a time and space allow at all is looked up in the compiled problem; who is free then is counted; what is left is
held against the rules, the most promising first, until enough is found.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import cast

import numpy as np

from milieu.calendar.weeks import DAYS
from milieu.machine.memory import Memory
from milieu.services.by_hand.edits import Spot
from milieu.solving.contents import SessionContent
from milieu.solving.problem.commitments.past import as_session
from milieu.solving.problem.document import ProblemSource
from milieu.solving.problem.programme.seating import space_of
from solver.documents.exchange import Session
from solver.instance.compilation import compile_problem
from solver.instance.placements import Placements
from solver.model import check
from solver.model.reasons import Breach

MOST_TRIED = 40
MOST_TRIED_A_DAY = 10
MOST_SETTLED = 4
_SHORT = {
    "escorts": ("needed", "escorts", "escort"),
    "wheelchairs": ("wheelchairs", "places", "wheelchair"),
    "seats": ("residents", "seats", ""),
}
"""By what a session is short of: what says how many there are too many, what how many may be, and whom it is about."""
_PLACEMENTS: Memory[Placements] = Memory(4)


@dataclass(frozen=True)
class Elsewhere:
    """A time and space for a session, with who would lead it, and who of those invited could come there."""

    spot: Spot
    coming: tuple[str, ...]


def elsewhere(source: ProblemSource, sessions: Sequence[SessionContent], ref: str, *, most: int) -> list[Elsewhere]:
    """The best other places for a session, at most so many, one for each time of the day.

    Those are best at which most of the invited can come, then in the space it has, then nearest to when it is now.
    """
    if (search := _search(source, sessions, ref)) is None:
        return []
    found: dict[tuple[date, int], Elsewhere] = {}
    for tried, each in enumerate(sorted(search.places(), key=search.rank)):
        if len(found) == most or tried == MOST_TRIED:
            break
        then = each.spot.on_date, each.spot.start_minute
        at_most = len(found[then].coming) if then in found else 0
        if len(each.coming) > at_most and (settled := search.settle(each)) and len(settled.coming) > at_most:
            found[then] = settled
    return sorted(found.values(), key=search.rank)


def best_of_days(source: ProblemSource, sessions: Sequence[SessionContent], ref: str) -> dict[date, Elsewhere | str]:
    """The best other place for a session on each day to come, where there is none what stands in its way there: of
    OBSTACLES.
    """
    if (search := _search(source, sessions, ref)) is None:
        return {}
    by_day: dict[date, list[Elsewhere]] = defaultdict(list)
    for each in sorted(search.places(), key=search.rank):
        by_day[each.spot.on_date].append(each)
    found: dict[date, Elsewhere | str] = {}
    for day in source.week.days:
        if day >= source.rows.rest_from:
            found[day] = search.best_of(by_day[day][:MOST_TRIED_A_DAY]) or search.obstacle(day, by_day[day])
    return found


def free_on(source: ProblemSource, sessions: Sequence[SessionContent], ref: str, on_date: date) -> list[Spot]:
    """Every other time and space of a day that a session could have, with leaders who are free, whoever can come."""
    day = (on_date - source.week.start).days
    if not 0 <= day < DAYS or (search := _search(source, sessions, ref)) is None:
        return []
    return [each.spot for each in search.places(day)]


CLOSED, TAKEN, UNLED, AGAIN, LOUD, UNBROUGHT, NOBODY, FEW, RULE = OBSTACLES = (
    "closed",  # no space and hour that it may have
    "taken",  # every space that is open for it is taken
    "unled",  # nobody who could lead it is free
    "again",  # it is held on that day already
    "loud",  # it would be loud beside what is calm
    "unbrought",  # nobody is left to bring them
    "nobody",  # nobody of those invited could come
    "few",  # too few could come
    "rule",  # something else
)
_OF_CODES = {
    "twice_a_day": AGAIN,
    "bleed": LOUD,
    "facilitator_taken": UNLED,
    "facilitator_day": UNLED,
    "space_taken": TAKEN,
    "shared_space": TAKEN,
    "escorts": UNBROUGHT,
    "group_small": FEW,
}
"""What each broken rule means there, what says most first."""

OTHER_SPACE, OTHER_LEADERS, OTHER_TIME = REPAIRS = ("other space", "other leaders", "other time")


def repairs(
    source: ProblemSource, sessions: Sequence[SessionContent], ref: str, spot: Spot
) -> list[tuple[str, Elsewhere]]:
    """What comes nearest to a spot at which a session would break something, each kind of REPAIRS at most once.

    At its time in its space with others who lead it; at its time in another space; at the nearest time that works.
    """
    if (search := _search(source, sessions, ref)) is None:
        return []
    by_kind: dict[str, list[Elsewhere]] = {kind: [] for kind in REPAIRS}
    for each in search.places():
        if (each.spot.on_date, each.spot.start_minute) != (spot.on_date, spot.start_minute):
            by_kind[OTHER_TIME].append(each)
        elif each.spot.space_id != spot.space_id:
            by_kind[OTHER_SPACE].append(each)
        elif set(each.spot.facilitators) != set(spot.facilitators):
            by_kind[OTHER_LEADERS].append(each)
    everybody = len(search.moved.places)

    def nearness(each: Elsewhere) -> tuple[object, ...]:
        days = abs((each.spot.on_date - spot.on_date).days)
        is_short = len(each.coming) < everybody
        minutes = abs(each.spot.start_minute - spot.start_minute)
        return is_short, days, minutes, each.spot.space_id != spot.space_id, -len(each.coming), each.spot.space_id

    def fullness(each: Elsewhere) -> tuple[object, ...]:
        return -len(each.coming), each.spot.space_id

    found = []
    for kind, those in by_kind.items():
        ranked = sorted(those, key=nearness if kind == OTHER_TIME else fullness)[:MOST_TRIED_A_DAY]
        if (one := search.best_of(ranked)) is not None:
            found.append((kind, one))
    return found


def who_can(source: ProblemSource, sessions: Sequence[SessionContent], ref: str, spot: Spot) -> tuple[str, ...]:
    """With whom of those invited a session would break nothing at another spot, under just these leaders.

    Nobody where more stands against it than that some cannot come.
    """
    if (search := _search(source, sessions, ref)) is None:
        return ()
    day = (spot.on_date - source.week.start).days
    there = (each for each in search.places(day) if each.spot.start_minute == spot.start_minute)
    found = next((each for each in there if each.spot.space_id == spot.space_id), None)
    settled = search.settle(Elsewhere(spot, found.coming)) if found else None
    return settled.coming if settled and settled.spot == spot else ()


def _search(source: ProblemSource, sessions: Sequence[SessionContent], ref: str) -> "_Search | None":
    """For a session that is there and is still offered; None for any other."""
    moved = next((each for each in sessions if each.ref == ref), None)
    if moved is None or moved.activity_id not in {row.id for row in source.facts.facts.activities}:
        return None
    return _Search(source, sessions, moved)


class _Search:
    def __init__(self, source: ProblemSource, sessions: Sequence[SessionContent], moved: SessionContent) -> None:
        self.source, self.moved = source, moved
        self.others = [each for each in sessions if each.ref != moved.ref]
        placements = _PLACEMENTS.recall(
            source.digest, lambda: Placements(compile_problem(source.document, source.digest))
        )
        self.placements, self.problem = placements, placements.problem
        self.activity = self.problem.activity_number[moved.activity_id]
        self.length = moved.end_minute - moved.start_minute
        self.against: frozenset[str] = frozenset()  # codes of what stood against what could be settled last

    @cached_property
    def stood(self) -> set[tuple[object, ...]]:
        """What is broken already, wherever it goes."""
        return {each.subject for each in check.broken(self.source.document, self._week(self.moved))}

    def places(self, day: int | None = None) -> Iterator[Elsewhere]:
        """Where it could be held with leaders who are free, and who could come; `day` 0..6: only on that."""
        times = self.problem.times.of_activity[self.activity]
        for row, number in zip(*np.nonzero(self.placements.places(self.activity)), strict=True):
            time, space = int(times[row]), int(number)
            at, begin = int(self.problem.times.day[time]), int(self.problem.times.begin[time])
            name = space_of(self.problem.document.spaces[space].id)
            is_here = (self._day_of(self.moved), self.moved.start_minute, self.moved.space_id) == (at, begin, name)
            if is_here or (day is not None and at != day) or self._is_taken(at, begin, name):
                continue
            if (team := self._team(time, at, begin)) is not None:
                spot = Spot(self.source.week.start + timedelta(days=at), begin, name, team)
                yield Elsewhere(spot, self._coming(int(row), space, at, begin))

    def rank(self, each: Elsewhere) -> tuple[object, ...]:
        """Who can come first; then what is least another place and another time."""
        spot, was = each.spot, self.moved
        days = abs((spot.on_date - was.on_date).days)
        return (
            -len(each.coming),
            spot.space_id != was.space_id,
            set(spot.facilitators) != set(was.facilitators),
            days,
            abs(spot.start_minute - was.start_minute),
            spot.on_date,
            spot.start_minute,
            spot.space_id,
        )

    def best_of(self, those: Sequence[Elsewhere]) -> Elsewhere | None:
        """The first at which all can come who could; else, of those that can be settled, where most can."""
        found: list[Elsewhere] = []
        for each in those:
            if (settled := self.settle(each)) is not None:
                found.append(settled)
                if len(settled.coming) == len(each.coming):
                    break
        return max(found, key=lambda each: len(each.coming), default=None)

    def obstacle(self, day: date, those: Sequence[Elsewhere]) -> str:
        """What stands in the way of a day on which nothing could be settled, of what was tried last."""
        if those:
            if not any(each.coming for each in those):
                return NOBODY
            return next((each for code, each in _OF_CODES.items() if code in self.against), RULE)
        problem, at = self.problem, (day - self.source.week.start).days
        times = problem.times.of_activity[self.activity]
        then = problem.times.day[times] == at
        open_then = problem.open_at[times[then]] & problem.fits_space[self.activity]
        if not open_then.any():
            return CLOSED
        if not self.placements.held(self.activity)[then].any():
            return UNLED
        found = [
            (int(problem.times.begin[times[row]]), space_of(problem.document.spaces[int(space)].id))
            for row, space in zip(*np.nonzero(self.placements.places(self.activity)), strict=True)
            if then[row]
        ]
        if not found:
            return FEW
        return TAKEN if all(self._is_taken(at, begin, space) for begin, space in found) else UNLED

    def settle(self, each: Elsewhere) -> Elsewhere | None:
        """Somewhere made to break nothing that is not broken already; None where that takes more than what follows.

        Who has too little rest there or is out cannot come; who leads something just before lets others lead; and no
        more come than have a seat, a place for a wheelchair, or somebody to bring them.
        """
        tired: set[str] = set()
        for _ in range(MOST_SETTLED):
            found = check.broken(self.source.document, self._week(self._moved_to(each)))
            against = [breach for breach in found if breach.subject not in self.stood]
            if not against:
                return each
            if (lighter := self._without(each, against, tired)) is None:
                self.against = frozenset(breach.reason.code for breach in against)
                return None
            each = lighter
        return None

    def _without(self, each: Elsewhere, against: Sequence[Breach], tired: set[str]) -> Elsewhere | None:
        """Without those whom something stands against; None where something else stands against it."""
        people, out = self.problem.document.residents, set[str]()
        for breach in against:
            facts = dict(breach.reason.facts)
            if (short := _SHORT.get(breach.reason.code)) is not None:
                wanted, there, trait = short
                those = [who for who in each.coming if getattr(people[self.problem.resident_number[who]], trait, True)]
                out.update(those[cast(int, facts[there]) - cast(int, facts[wanted]) :])
            elif facts.get("resident") in each.coming:
                out.add(cast(str, facts["resident"]))
            elif facts.get("facilitator") in each.spot.facilitators:
                tired.add(cast(str, facts["facilitator"]))
            else:
                return None
        coming, spot = tuple(who for who in each.coming if who not in out), each.spot
        if not coming and self.moved.places:
            return None
        if not tired.isdisjoint(spot.facilitators):
            if (team := self._team_of(spot, tired)) is None:
                return None
            spot = replace(spot, facilitators=team)
        return Elsewhere(spot, coming)

    def _team_of(self, spot: Spot, tired: Collection[str]) -> tuple[str, ...] | None:
        day, times = (spot.on_date - self.source.week.start).days, self.problem.times
        here = (int(time) for time in times.of_activity[self.activity])
        time = next(time for time in here if (times.day[time], times.begin[time]) == (day, spot.start_minute))
        return self._team(time, day, spot.start_minute, tired)

    def _moved_to(self, each: Elsewhere) -> SessionContent:
        spot = each.spot
        return replace(
            self.moved,
            on_date=spot.on_date,
            start_minute=spot.start_minute,
            end_minute=spot.start_minute + self.length,
            space_id=spot.space_id,
            facilitators=spot.facilitators,
            places=tuple(place for place in self.moved.places if place.resident_id in each.coming),
        )

    def _week(self, moved: SessionContent) -> tuple[Session, ...]:
        start, seating = self.source.week.start, self.source.facts.seating
        return tuple(as_session(seating, each, start, each.residents) for each in [*self.others, moved])

    def _day_of(self, session: SessionContent) -> int:
        return (session.on_date - self.source.week.start).days

    def _meeting(self, day: int, begin: int) -> Iterator[SessionContent]:
        """What else is held at that time."""
        end = begin + self.length
        for each in self.others:
            if self._day_of(each) == day and each.start_minute < end and begin < each.end_minute:
                yield each

    def _is_taken(self, day: int, begin: int, space: str) -> bool:
        return any(each.space_id == space for each in self._meeting(day, begin))

    def _team(self, time: int, day: int, begin: int, tired: Collection[str] = ()) -> tuple[str, ...] | None:
        """Those who lead it now where they can, else others with the same number and all that it needs."""
        busy = {who for each in self._meeting(day, begin) for who in each.facilitators}.union(tired)
        rows = self.problem.document.facilitators
        there = [row.id for f, row in enumerate(rows) if self.problem.available_at[time, f] and row.id not in busy]
        if set(self.moved.facilitators) <= set(there):
            return self.moved.facilitators
        count = self.problem.document.activities[self.activity].facilitators
        needed = set(self.problem.document.activities[self.activity].needs_skills)
        skills = {row.id: set(row.skills) for row in rows}
        team = [who for who in self.moved.facilitators if who in there][:count]
        for who in sorted(set(there) - set(team), key=lambda who: -len(skills[who] & needed)):
            if len(team) < count:
                team.append(who)
        has_all = needed <= {skill for who in team for skill in skills[who]}
        return tuple(sorted(team)) if len(team) == count and has_all else None

    def _coming(self, row: int, space: int, day: int, begin: int) -> tuple[str, ...]:
        """Who of those invited could come: welcome there, and at nothing else."""
        welcome = self.placements.welcome(self.activity, space)[row]
        taken = {who for each in self._meeting(day, begin) for who in each.residents}
        numbers = self.problem.resident_number
        return tuple(
            who for who in self.moved.residents if who not in taken and who in numbers and welcome[numbers[who]]
        )
