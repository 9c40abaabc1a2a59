"""Who is in which session, to be changed by one resident or one session at a time.

The full reading of a schedule (`check`) takes tens of milliseconds; a look at every session, or a search for the
cheapest change, asks thousands of questions. Here each term says what one change adds to it (`attending` and `holding`
of its record). The sessions stand where they are; one that nobody is in may be called off.
"""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace

from solver.documents.problem import Resident, Session
from solver.model.amounts import About
from solver.model.reading import Held, Reading, overlap, way

HELD = ""  # in the place of a resident: the session itself, which is held or called off


class Attendances:
    """The attendances of one schedule. `toggle` changes them and is its own inverse.

    `present` is who is in each session, `week` what each resident is in, in the schedule's order, `welcome` how much of
    that they do not dislike; `off` are the sessions that are called off. `members` counts, for each living group, how
    many of it each session holds. The ties of pairs in `private` count and are told to nobody.
    """

    def __init__(self, reading: Reading, private: Collection[frozenset[str]] = frozenset()) -> None:
        self.reading, self.problem, self.private = reading, reading.problem, frozenset(private)
        self.weights = reading.problem.weights
        self.sessions = {one.id: one for one in reading.held}
        self.present: dict[Held, dict[str, Resident]] = {
            one: {person.id: person for person in one.people} for one in reading.held
        }
        self.week: dict[str, list[Held]] = {
            person.id: list(reading.by_resident.get(person.id, ())) for person in self.problem.residents
        }
        self.off: set[Held] = set()
        self.welcome = {
            person.id: sum(is_welcome(person, one) for one in self.week[person.id]) for person in self.problem.residents
        }
        self.of_resident = {name: About((name,)) for name in self.week}
        self.of_session = {one: About(session=one.id) for one in reading.held}
        self.before = {row.id: row for row in self.problem.previous}
        self.invited_before = {
            row.id: dict.fromkeys(name for name in row.residents if name in self.week) for row in self.problem.previous
        }
        self._order = {one: k for k, one in enumerate(reading.held)}
        self._now: dict[Held, Held] = {}
        self._read_groups()
        self._read_walks()

    def _read_groups(self) -> None:
        self.groups_of: defaultdict[str, list[int]] = defaultdict(list)
        self.members: list[Counter[Held]] = []
        for number, group in enumerate(self.problem.groups):
            names = set(group.members)
            for name in names:
                self.groups_of[name].append(number)
            self.members.append(Counter(one for name in names for one in self.week.get(name, ())))

    def _read_walks(self) -> None:
        """By moment, who has to be walked, and how many of them the past alone explains."""
        self.walks: Counter[tuple[int, int]] = Counter()
        self.past_walks: Counter[tuple[int, int]] = Counter()
        for one, people in self.present.items():
            need = sum(has_walk(person, one) for person in people.values())
            for minute in (one.begin, one.end):
                self.walks[one.day, minute] += need
                self.past_walks[one.day, minute] += need if one.is_frozen else 0

    # ---- who is where

    def is_in(self, name: str, one: Held) -> bool:
        return name in self.present[one]

    def held(self) -> Iterator[Held]:
        """The sessions that are not called off."""
        return (one for one in self.present if one not in self.off)

    def now(self, one: Held) -> Held:
        """The session with the people whom it holds now."""
        if one not in self._now:
            people = self.present[one]
            session = one.session.model_copy(update={"residents": tuple(people)})
            self._now[one] = replace(one, session=session, people=tuple(people.values()))
        return self._now[one]

    def rows(self) -> tuple[Session, ...]:
        """The sessions as they would be written; what nobody touched is the very row of before."""
        changed = {one.id: self.now(one).session for one in self._touched()}
        off = {one.id for one in self.off}
        return tuple(changed.get(row.id, row) for row in self.reading.sessions if row.id not in off)

    def _touched(self) -> list[Held]:
        return [one for one, people in self.present.items() if people.keys() != set(one.session.residents)]

    def clashing(self, name: str, one: Held) -> list[Held]:
        """Their sessions that overlap this one, leave too little time for rest or the way, or are of its activity and
        too near in days.
        """
        rest = self.reading.residents[name].rest_minutes
        return [
            each
            for each in self.week[name]
            if (each.activity is one.activity and abs(each.day - one.day) < one.activity.days_apart)
            or overlap(each, one, max(rest, way(self.reading, each, one)))
        ]

    def has_seat(self, one: Held) -> bool:
        """Whether one more could sit there."""
        return one not in self.off and len(self.present[one]) < min(one.space.capacity, one.activity.max_group)

    def toggle(self, name: str, one: Held) -> None:
        """Put the resident into the session, or take them out where they are in it; no rule is asked.

        HELD calls off a session that nobody is in, or holds it after all.
        """
        if name == HELD:
            self.off ^= {one}
            return
        people, person = self.present[one], self.reading.residents[name]
        step = -1 if name in people else 1
        for number in self.groups_of.get(name, ()):
            self.members[number][one] += step
        self.welcome[name] += step if is_welcome(person, one) else 0
        if step > 0:
            people[name] = person
            insort(self.week[name], one, key=self._order.__getitem__)
        else:
            del people[name]
            self.week[name].remove(one)
        self._now.pop(one, None)
        if has_walk(person, one):
            for minute in (one.begin, one.end):
                self.walks[one.day, minute] += step
                self.past_walks[one.day, minute] += step if one.is_frozen else 0


def is_welcome(person: Resident, one: Held) -> bool:
    """Whether it is of an activity that they do not dislike."""
    return person.interests.get(one.activity.id, 0) >= 0


def has_walk(person: Resident, one: Held) -> bool:
    """Whether somebody has to walk them there."""
    return person.escort and not one.space.bedside
