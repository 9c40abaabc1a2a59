"""The director by hand: activities by demand, the first free room and leader, the keenest residents who fit, one pass.

    python -m bench.asked.greedy PROBLEM.json [-o SCHEDULE.json]

The peer that the solver is measured against. It keeps every rule of what it places; what it cannot place (a least
count, a required attendance, a pin) it leaves, and then says so and writes nothing.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from bench.asked.diary import Diary, Entry, Spell, is_open
from solver.documents.exchange import (
    DAY_MINUTES,
    Activity,
    Facilitator,
    PinnedSession,
    ProblemDocument,
    Resident,
    ScheduleDocument,
    Session,
    SessionPin,
    Space,
    clock,
    digest,
    read_problem,
    write_schedule,
)
from solver.model.check import broken, score
from solver.model.reading import is_past

PATIENCE = 12  # places tried for one session before the director gives up on it


class Director:
    def __init__(self, problem: ProblemDocument) -> None:
        self.problem, self.diary = problem, Diary(problem)
        self.residents = {row.id: row for row in problem.residents}
        self.activities = {row.id: row for row in problem.activities}
        self.staff = {row.id: row for row in problem.facilitators}
        self.visits: Counter[tuple[str, str]] = Counter()
        self.taken = {row.id for row in problem.previous}
        self.taken |= {pin.session.id for pin in problem.pins if isinstance(pin, SessionPin)}
        self.before = {(row.activity, row.day, row.start, row.space): row.id for row in problem.previous}
        places = Counter((row.activity, row.day, row.start, row.space) for row in problem.previous)
        self.disputed = {place for place, count in places.items() if count > 1}  # left as it is: one of them is to go
        self.number = 0

    def plan(self) -> list[Session]:
        self._keep_past()
        for pin in self.problem.pins:
            if isinstance(pin, SessionPin):
                self._hold_pinned(pin.session)
        self._keep_published()
        by_demand = sorted(self.problem.activities, key=lambda each: (-self._demand(each), each.id))
        for activity in by_demand:
            self._hold(activity, activity.sessions.min, needed=True)
        for activity in by_demand:
            self._hold(activity, activity.sessions.max, needed=False)
        return [entry.session() for entry in self.diary.entries]

    def _demand(self, activity: Activity) -> int:
        return sum(max(0, person.interests.get(activity.id, 0)) for person in self.problem.residents)

    def _keep_past(self) -> None:
        for row in self.problem.previous:
            if is_past(self.problem, row):
                entry = self._entry(row)
                entry.people = [self.residents[name] for name in row.residents if name in self.residents]
                self._write(entry)

    def _keep_published(self) -> None:
        """What is published stays as it was, with those of its people who still can, where enough of them can."""
        written = {entry.id for entry in self.diary.entries}
        for row in self.problem.previous:
            is_known = row.activity in self.activities and row.space in self.diary.spaces
            if row.id in written or not is_known or any(name not in self.staff for name in row.facilitators):
                continue
            entry = self._entry(row)
            spell = (entry.day, entry.begin, entry.end)
            if entry.begin % self.problem.horizon.slot_minutes or not self._has_room(entry.activity, entry.day):
                continue
            if (row.activity, row.day, row.start, row.space) in self.disputed:
                continue
            if not self.diary.can_hold(entry.activity, entry.space, spell):
                continue
            if not all(self.diary.can_lead(person, entry.space, spell) for person in entry.team) or not self._is_team(
                entry.activity, entry.team
            ):
                continue
            self._invite(entry, [self.residents[name] for name in row.residents if name in self.residents])
            if len(entry.people) >= entry.activity.min_group:
                self._write(entry)

    def _is_team(self, activity: Activity, team: list[Facilitator]) -> bool:
        skills = {skill for person in team for skill in person.skills}
        needs = set(activity.needs_skills) if activity.facilitators else set()
        return len(team) == activity.facilitators and needs <= skills

    def _entry(self, row: Session) -> Entry:
        activity = self.activities[row.activity]
        team = [self.staff[name] for name in row.facilitators]
        end = row.begin + activity.duration_minutes
        return Entry(row.id, activity, self.diary.spaces[row.space], team, row.day, row.begin, end)

    def _hold_pinned(self, pin: PinnedSession) -> None:
        activity = self.activities[pin.activity]
        spell = (pin.day, pin.begin, pin.begin + activity.duration_minutes)
        is_new = all(entry.id != pin.id for entry in self.diary.entries)
        may_stand = all(row.id != pin.id or row.activity == pin.activity for row in self.problem.previous)
        is_future = not self._is_past(pin.day, pin.begin) and pin.day < self.problem.horizon.days
        if not (is_new and may_stand and is_future and self._has_room(activity, pin.day)):
            return
        for space in self.problem.spaces:
            alike = self.before.get((activity.id, pin.day, pin.start, space.id), pin.id)
            if pin.space not in (None, space.id) or alike != pin.id or not self.diary.can_hold(activity, space, spell):
                continue
            if (activity.id, pin.day, pin.start, space.id) in self.disputed:
                continue
            team = self._pinned_team(pin, activity, space, spell)
            if team is not None:
                entry = Entry(pin.id, activity, space, team, *spell)
                self._invite(entry, self._keen(entry))
                if len(entry.people) >= activity.min_group:
                    self._write(entry)
                    return

    def _pinned_team(
        self, pin: PinnedSession, activity: Activity, space: Space, spell: Spell
    ) -> list[Facilitator] | None:
        if pin.facilitators is None:
            return self.diary.team(activity, space, spell)
        team = [self.staff[name] for name in pin.facilitators]
        able = all(self.diary.can_lead(person, space, spell) for person in team)
        return team if able and self._is_team(activity, team) else None

    def _has_room(self, activity: Activity, day: int) -> bool:
        today = self.diary.held_on[activity.id, day] > 0
        return self.diary.held[activity.id] < activity.sessions.max and not (activity.one_per_day and today)

    def _hold(self, activity: Activity, count: int, needed: bool) -> None:
        """Hold the activity up to so often, while there is a place for it and someone who wants it."""
        while self.diary.held[activity.id] < count and self._hold_once(activity, needed):
            pass

    def _hold_once(self, activity: Activity, needed: bool) -> bool:
        tried = 0
        rooms = [room for room in self.problem.spaces if set(activity.needs_features) <= set(room.features)]
        for day in self._days(activity):
            for begin in self._starts(activity, day):
                spell = (day, begin, begin + activity.duration_minutes)
                space = next((room for room in rooms if self.diary.can_hold(activity, room, spell)), None)
                team = self.diary.team(activity, space, spell) if space is not None else None
                if space is None or team is None:
                    continue
                if (activity.id, day, clock(begin), space.id) in self.disputed:
                    continue
                entry = Entry(self._name(activity, day, begin, space.id), activity, space, team, *spell)
                self._invite(entry, self._keen(entry))
                worth = sum(self._interest(person, activity) for person in entry.people)
                if len(entry.people) >= activity.min_group and (needed or worth > 1 + activity.cost // 4):
                    self._write(entry)
                    return True
                tried += 1
                if tried >= PATIENCE:
                    return False
        return False

    def _days(self, activity: Activity) -> list[int]:
        """The days on which it may still be held: where it is not yet, then the emptiest, first."""
        mine, full = self.diary.held_on, self.diary.on
        days = range(self.problem.horizon.days)
        free = [day for day in days if not (activity.one_per_day and mine[activity.id, day])]
        return sorted(free, key=lambda day: (mine[activity.id, day], full[day], day))

    def _starts(self, activity: Activity, day: int) -> list[int]:
        starts = range(0, DAY_MINUTES - activity.duration_minutes + 1, self.problem.horizon.slot_minutes)
        return [
            begin
            for begin in starts
            if is_open(activity.windows, (day, begin, begin + activity.duration_minutes))
            and not self._is_past(day, begin)
        ]

    def _is_past(self, day: int, begin: int) -> bool:
        until = self.problem.frozen_until
        return until is not None and (day, begin) < (until.day, until.minute)

    def _name(self, activity: Activity, day: int, begin: int, space: str) -> str:
        """A new id, or the one that a published session alike to this had."""
        if (old := self.before.get((activity.id, day, clock(begin), space))) is not None:
            return old
        while True:
            self.number += 1
            if (name := f"s{self.number}") not in self.taken:
                return name

    def _interest(self, person: Resident, activity: Activity) -> int:
        interest = person.interests.get(activity.id, 0)
        return 0 if interest > 0 and self.visits[person.id, activity.id] >= 2 else interest

    def _keen(self, entry: Entry) -> list[Resident]:
        """Who should come, the keenest first: those who must, those who like it, those who have little else."""
        activity, visited = entry.activity, self.diary.visited
        rows = []
        people = self.problem.residents if activity.only is None else [self.residents[name] for name in activity.only]
        for person in people:
            must = (person.id, entry.id) in self.diary.wanted or self.visits[
                person.id, activity.id
            ] < person.required.get(activity.id, 0)
            interest, so_far = self._interest(person, activity), len(visited[person.id])
            if must or interest > 0 or (interest == 0 and so_far < max(4, person.sessions.min)):
                rows.append((not must, -interest, so_far, person.id, person))
        rows.sort(key=lambda row: row[:4])
        return [row[4] for row in rows]

    def _invite(self, entry: Entry, people: list[Resident]) -> None:
        """Fill the session from the list; who needs a familiar face is asked again once the others are in."""
        waiting = []
        for person in people:
            if person.needs_familiar and not self.diary.has_familiar(person, entry):
                waiting.append(person)
            elif self.diary.fits(person, entry):
                entry.people.append(person)
        for person in waiting:
            if self.diary.has_familiar(person, entry) and self.diary.fits(person, entry):
                entry.people.append(person)

    def _write(self, entry: Entry) -> None:
        self.diary.write(entry)
        for person in entry.people:
            self.visits[person.id, entry.activity.id] += 1


def plan(problem: ProblemDocument) -> list[Session]:
    """The director's sessions; least counts, required attendances and pins are kept as far as one pass goes."""
    return Director(problem).plan()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.asked.greedy", description="Plan a week as a director does by hand."
    )
    parser.add_argument("problem", type=Path)
    parser.add_argument("-o", dest="output", type=Path, metavar="SCHEDULE.json")
    options = parser.parse_args(arguments)
    raw = options.problem.read_bytes()
    problem = read_problem(raw)
    began = time.monotonic()
    sessions = plan(problem)
    took = time.monotonic() - began
    terms = score(problem, sessions)
    breaks = Counter(each.rule for each in broken(problem, sessions))
    total = sum(terms.values())
    print(json.dumps({"seconds": round(took, 2), "objective": total, "broken": breaks, "terms": terms}))
    if options.output and not breaks:
        document = ScheduleDocument(
            problem=digest(raw), status="feasible", objective=total, bound=None, sessions=tuple(sessions), terms=terms
        )
        options.output.write_bytes(write_schedule(document))
    return 1 if breaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
