"""Who is in which session, kept so that one resident in or out is weighed in microseconds.

The full reading of a schedule (`check`) weighs one change in tens of milliseconds; a look at every session, or a search
for the cheapest exchange, asks for thousands. What a toggle does to the score is counted here by person; tests hold the
sums against the full reading. The sessions stand where they are; one that nobody is in may be called off.
"""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from solver.documents.fields import part_of_day
from solver.documents.problem import GroupTarget, Resident, Session
from solver.explaining.effects import About, Effect
from solver.model.reading import Held, Reading, overlap
from solver.model.terms.interest import PAID

HELD = ""  # in the place of a resident: the session itself, which is held or called off


class Ledger:
    """The attendances of one schedule, to be changed one at a time by `toggle`, which is its own inverse."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.problem = reading, reading.problem
        self.weights = reading.problem.weights
        self.sessions = {one.id: one for one in reading.held}
        self.present: dict[Held, dict[str, Resident]] = {
            one: {person.id: person for person in one.people} for one in reading.held
        }
        self.week: dict[str, list[Held]] = {
            person.id: list(reading.by_resident.get(person.id, ())) for person in self.problem.residents
        }
        self._order = {one: k for k, one in enumerate(reading.held)}
        self._now: dict[Held, Held] = {}
        self.off: set[Held] = set()
        self.held_on = Counter(one.day for one in reading.held if one.activity.max_group > 1)
        self.held_of = Counter(one.activity.id for one in reading.held)
        self._read_ties()
        self._read_groups()
        self._read_walks()
        worth = [0, *accumulate(self.weights.engagement)]
        self._worth = worth + worth[-1:] * (len(reading.held) + 2)  # by welcome sessions
        self.before = {row.id: row for row in self.problem.previous}
        self.told = {row.id: frozenset(row.residents) for row in self.problem.previous}

    def _read_ties(self) -> None:
        self.ties: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        self.apart: defaultdict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        for tie in self.problem.ties:
            if tie.strength is None:
                self.apart[tie.a][tie.b] = self.apart[tie.b][tie.a] = (tie.a, tie.b)
            else:
                self.ties[tie.a][tie.b] = self.ties[tie.b][tie.a] = (tie.strength, tie.cap)

    def _read_groups(self) -> None:
        """By living group, how many of it each session holds and how often each of its aims is met."""
        self.groups_of: defaultdict[str, list[int]] = defaultdict(list)
        self.members: list[Counter[Held]] = []
        self.met: list[list[int]] = []
        for number, group in enumerate(self.problem.groups):
            names = set(group.members)
            for name in names:
                self.groups_of[name].append(number)
            count = Counter(one for name in names for one in self.week.get(name, ()))
            self.members.append(count)
            self.met.append([sum(_meets(aim, one, n) for one, n in count.items()) for aim in group.targets])

    def _read_walks(self) -> None:
        minutes = {(a, b): cost for a, row in self.problem.travel.items() for b, cost in row.items()}
        self._minutes = minutes | {(b, a): cost for (a, b), cost in minutes.items()}
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
        """Their sessions that overlap this one, leave too little rest, or are of its activity on its day."""
        rest = self.reading.residents[name].rest_minutes
        return [
            each
            for each in self.week[name]
            if each.day == one.day and (each.activity is one.activity or overlap(each, one, rest))
        ]

    def has_seat(self, one: Held) -> bool:
        """Whether one more could sit there."""
        return one not in self.off and len(self.present[one]) < min(one.space.capacity, one.activity.max_group)

    def toggle(self, name: str, one: Held) -> None:
        """Put the resident into the session, or take them out where they are in it; no rule is asked.

        HELD calls off a session that nobody is in, or holds it after all.
        """
        if name == HELD:
            step = 1 if one in self.off else -1
            self.held_of[one.activity.id] += step
            self.held_on[one.day] += step if one.activity.max_group > 1 else 0
            self.off ^= {one}
            return
        people, person = self.present[one], self.reading.residents[name]
        step = -1 if name in people else 1
        for number in self.groups_of.get(name, ()):
            have = self.members[number][one]
            for k, aim in enumerate(self.problem.groups[number].targets):
                self.met[number][k] += _meets(aim, one, have + step) - _meets(aim, one, have)
            self.members[number][one] += step
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

    # ---- what a toggle would do to the score

    def gain(self, name: str, one: Held) -> int:
        return sum(amount for _, amount in self._rows(name, one))

    def effects(self, name: str, one: Held) -> list[Effect]:
        """What `toggle` would do to the score, whatever the rules say of it."""
        return [Effect(about, amount) for about, amount in self._rows(name, one) if amount]

    def _rows(self, name: str, one: Held) -> Iterator[tuple[About, int]]:
        if name == HELD:
            yield from self._holding(one, 1 if one in self.off else -1)
            return
        person = self.reading.residents[name]
        step = -1 if name in self.present[one] else 1
        yield from self._own(person, one, step)
        if name in self.ties:
            yield from self._ties(name, one, step)
            yield from self._warmth(name, one, step)
        if name in self.groups_of:
            yield from self._group_aims(name, one, step)
        count, comfort = len(self.present[one]), one.space.comfort
        if max(count, count + step) > comfort:
            yield About("crowd", session=one.id), -step * self.weights.crowd

    def _holding(self, one: Held, step: int) -> Iterator[tuple[About, int]]:
        """What it does to the score that an empty session is held (`step` 1) or called off (-1)."""
        weights = self.weights
        yield About("session", session=one.id), -step * (weights.session + one.activity.cost)
        if one.activity.max_group > 1:
            least, held = self.problem.programme.min_sessions_per_day, self.held_on[one.day]
            lack = max(0, least - held) - max(0, least - held - step)
            yield About("thin_day", session=one.id), weights.thin_day * lack
        if (old := self.before.get(one.id)) is not None:
            here = sum(name in self.week for name in self.told[one.id])
            is_moved = (old.day, old.start) != (one.day, one.session.start)
            yield About("cancel", session=one.id), step * weights.cancel * here
            yield About("drop", session=one.id), -step * weights.drop * here
            yield About("move", session=one.id), -step * weights.move * here * is_moved
            yield About("relocate", session=one.id), -step * weights.relocate * here * (old.space != one.space.id)

    def _own(self, person: Resident, one: Held, step: int) -> Iterator[tuple[About, int]]:
        name, weights, week, interests = person.id, self.weights, self.week[person.id], person.interests
        like = interests.get(one.activity.id, 0)
        if like:
            count = sum(each.activity is one.activity for each in week)
            paid = (min(count + step, PAID) - min(count, PAID)) if like > 0 else step
            yield About("interest", (name,)), weights.interest * like * paid
        if liking := person.times.get(part_of_day(one.begin), 0):
            yield About("time", (name,)), step * weights.time * liking
        if like >= 0:
            was, least = self.welcome(person), person.sessions.min
            yield About("engagement", (name,)), self._worth[was + step] - self._worth[was]
            if least:
                lack = max(0, least - was) - max(0, least - was - step)
                yield About("shortfall", (name,)), weights.shortfall * lack
        if like > 0 and person.sessions.min > 0:
            liked = sum(interests.get(each.activity.id, 0) > 0 for each in week)
            yield About("left_out", (name,)), weights.left_out * ((liked == 0) - (liked + step == 0))
        for target in person.targets:
            if target.domain in one.activity.domains:
                have = sum(target.domain in each.activity.domains for each in week)
                lack = max(0, target.min - have) - max(0, target.min - have - step)
                yield About("target", (name,), domain=target.domain), weights.target * target.weight * lack
        if walk := self.minutes_to(person, one):
            yield About("walk", (name,)), -step * weights.walk * walk
        if name in self.told.get(one.id, ()):
            yield About("drop", (name,)), step * weights.drop

    def minutes_to(self, person: Resident, one: Held) -> int:
        """How long they walk to the session."""
        return self._minutes.get((person.zone, one.space.zone), 0)

    def welcome(self, person: Resident) -> int:
        """How many sessions of activities they do not dislike they are in."""
        return sum(person.interests.get(each.activity.id, 0) >= 0 for each in self.week[person.id])

    def _ties(self, name: str, one: Held, step: int) -> Iterator[tuple[About, int]]:
        ties, present = self.ties[name], self.present[one]
        for other in ties if len(ties) < len(present) else present:
            if other in ties and other in present:
                strength, cap = ties[other]
                shared = sum(other in self.present[each] for each in self.week[name])
                change = min(shared + step, cap) - min(shared, cap) if strength > 0 else step
                yield (
                    About("tie", (name, other) if name < other else (other, name)),
                    self.weights.tie * strength * change,
                )

    def _warmth(self, name: str, one: Held, step: int) -> Iterator[tuple[About, int]]:
        """Who would for the first time, or no longer, share a session with somebody dear to them."""
        friends = self.reading.warm.get(name, set())
        here = [other for other in self.present[one] if other in friends]
        if not here:
            return
        if self._warm_sessions(name, one) == 0:
            yield About("warm", (name,)), step * self.weights.warm
        for other in here:
            theirs = self.reading.warm[other]
            has_another = any(each in theirs and each != name for each in self.present[one])
            if not has_another and self._warm_sessions(other, one) == 0:
                yield About("warm", (other,)), step * self.weights.warm

    def _warm_sessions(self, name: str, without: Held) -> int:
        friends = self.reading.warm[name]
        return sum(each is not without and not friends.isdisjoint(self.present[each]) for each in self.week[name])

    def _group_aims(self, name: str, one: Held, step: int) -> Iterator[tuple[About, int]]:
        for number in self.groups_of.get(name, ()):
            group, have = self.problem.groups[number], self.members[number][one]
            for k, aim in enumerate(group.targets):
                change = _meets(aim, one, have + step) - _meets(aim, one, have)
                if change:
                    met = self.met[number][k]
                    lack = max(0, aim.min - met) - max(0, aim.min - met - change)
                    yield About("group", (), group.id, aim.domain), self.weights.group * aim.weight * lack


def _meets(aim: GroupTarget, one: Held, members: int) -> bool:
    return members >= aim.members and (not aim.domain or aim.domain in one.activity.domains)


def has_walk(person: Resident, one: Held) -> bool:
    """Whether somebody has to walk them there."""
    return person.escort and person.zone != one.space.zone
