"""Who and what is taken when, while a schedule is made by hand: whether one more session, or one more guest, fits.

Reads the problem document as a person reads their lists; knows nothing of the solver's search.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from solver.documents.exchange import (
    DAY_MINUTES,
    AbsentPin,
    Activity,
    AttendPin,
    Facilitator,
    ProblemDocument,
    Resident,
    Session,
    SessionPin,
    Space,
    Window,
    clock,
)
from solver.model.reading import touching

Spell = tuple[int, int, int]  # day, begin, end
Stay = tuple[Spell, str]  # and in which zone


@dataclass
class Entry:
    """A session in the making."""

    id: str
    activity: Activity
    space: Space
    team: list[Facilitator]
    day: int
    begin: int
    end: int
    people: list[Resident] = field(default_factory=list)

    @property
    def level(self) -> int:
        return max(self.activity.noise, self.space.noise)

    def session(self) -> Session:
        return Session(
            id=self.id,
            activity=self.activity.id,
            day=self.day,
            start=clock(self.begin),
            space=self.space.id,
            facilitators=tuple(person.id for person in self.team),
            residents=tuple(sorted(person.id for person in self.people)),
        )


def is_open(windows: tuple[Window, ...] | None, spell: Spell) -> bool:
    return windows is None or any(window.holds(*spell) for window in windows)


def _near(spells: list[Spell], spell: Spell, gap: int) -> bool:
    """Whether one of the spells, all of the spell's own day, overlaps it or lies closer than the gap."""
    _, begin, end = spell
    return any(begin < finish + gap and start < end + gap for _, start, finish in spells)


class Diary:
    def __init__(self, problem: ProblemDocument) -> None:
        self.problem = problem
        self.entries: list[Entry] = []
        self.by_space: defaultdict[tuple[str, int], list[Entry]] = defaultdict(list)
        self.used: defaultdict[tuple[str, int], list[Spell]] = defaultdict(list)
        self.led: defaultdict[tuple[str, int], list[Stay]] = defaultdict(list)
        self.on: Counter[int] = Counter()
        self.held_on: Counter[tuple[str, int]] = Counter()
        self.visited: defaultdict[str, list[tuple[Stay, str]]] = defaultdict(list)
        self.walks: Counter[tuple[int, int]] = Counter()
        self.held: Counter[str] = Counter()
        self.adjacent, self.shares = touching(problem, "adjacent"), touching(problem, "shares")
        self.spaces = {row.id: row for row in problem.spaces}
        self.ways = {(a, b): minutes for a, row in problem.travel.items() for b, minutes in row.items()}
        self.ways |= {(b, a): minutes for (a, b), minutes in self.ways.items()}
        self.apart: defaultdict[str, set[str]] = defaultdict(set)
        self.friends: defaultdict[str, set[str]] = defaultdict(set)
        for tie in problem.ties:
            near = self.apart if tie.apart else self.friends if (tie.strength or 0) > 0 else defaultdict(set)
            near[tie.a].add(tie.b)
            near[tie.b].add(tie.a)
        pins = problem.pins
        self.absent = {(pin.absent, pin.session) for pin in pins if isinstance(pin, AbsentPin)}
        self.wanted = {(pin.attend, pin.session) for pin in pins if isinstance(pin, AttendPin)}
        self.wanted |= {
            (name, pin.session.id) for pin in pins if isinstance(pin, SessionPin) for name in pin.session.residents
        }

    def can_hold(self, activity: Activity, space: Space, spell: Spell) -> bool:
        """Whether the activity may be in the space then, whoever leads it."""
        if spell[2] > DAY_MINUTES or not is_open(activity.windows, spell) or not is_open(space.open, spell):
            return False
        if not set(activity.needs_features) <= set(space.features):
            return False
        day = spell[0]
        if _near(self.used[space.id, day], spell, space.turnaround_minutes):
            return False
        for other in self.shares[space.id] - {space.id}:
            gap = max(space.turnaround_minutes, self.spaces[other].turnaround_minutes)
            if _near(self.used[other, day], spell, gap):
                return False
        level = max(activity.noise, space.noise)
        for other in self.adjacent[space.id]:
            for entry in self.by_space[other, day]:
                levels = {level, entry.level}
                if max(levels) == 3 and min(levels) <= 1 and _near([(entry.day, entry.begin, entry.end)], spell, 0):
                    return False
        return True

    def hurries(self, stays: list[Stay], stay: Stay, gap: int) -> bool:
        """Whether one of the stays, all of the same day, leaves less than the gap, or no time for the way."""
        spell, zone = stay
        return any(_near([other], spell, max(gap, self.ways.get((there, zone), 0))) for other, there in stays)

    def team(self, activity: Activity, space: Space, spell: Spell) -> list[Facilitator] | None:
        """The first free people who together can lead it; None where there are too few."""
        free = [person for person in self.problem.facilitators if self.can_lead(person, space, spell)]
        team: list[Facilitator] = []
        for skill in activity.needs_skills if activity.facilitators else ():
            if not any(skill in person.skills for person in team):
                able = next((person for person in free if skill in person.skills and person not in team), None)
                if able is None:
                    return None
                team.append(able)
        team += [person for person in free if person not in team][: max(0, activity.facilitators - len(team))]
        return team if len(team) == activity.facilitators else None

    def can_lead(self, person: Facilitator, space: Space, spell: Spell) -> bool:
        today = self.led[person.id, spell[0]]
        return (
            len(today) < person.max_sessions_per_day
            and not self.hurries(today, (spell, space.zone), person.gap_minutes)
            and is_open(person.available, spell)
        )

    def fits(self, resident: Resident, entry: Entry) -> bool:
        """Whether the resident may join the session as it stands (a familiar face aside)."""
        spell = (entry.day, entry.begin, entry.end)
        space, people = entry.space, entry.people
        if len(people) >= min(space.capacity, entry.activity.max_group):
            return False
        if resident.wheelchair and sum(other.wheelchair for other in people) >= space.wheelchair_places:
            return False
        if self._is_refused(resident, entry) or self._is_taken(resident, entry.activity, (spell, space.zone)):
            return False
        if entry.level > resident.noise_max or any(
            entry.level > window.noise_max and window.touches(*spell) for window in resident.calm
        ):
            return False
        if any(other.id in self.apart[resident.id] for other in people):
            return False
        if entry.team:
            needed = resident.support + sum(other.support for other in people)
            if needed > sum(person.support for person in entry.team):
                return False
        if self.problem.separate_cohorts and any(other.cohort != resident.cohort for other in people):
            return False
        return self._can_walk(resident, entry)

    def _is_refused(self, resident: Resident, entry: Entry) -> bool:
        only = entry.activity.only
        if only is not None and resident.id not in only:
            return True
        if entry.activity.by_wish and not resident.wishes(entry.activity.id):
            return True
        if (resident.id, entry.id) in self.absent or (resident.zone_locked and resident.zone != entry.space.zone):
            return True
        return any(
            entry.activity.id in noes.activities
            or entry.space.id in noes.spaces
            or any(person.id in noes.facilitators for person in entry.team)
            for noes in (resident.refuses, resident.avoids)
        )

    def _is_taken(self, resident: Resident, activity: Activity, stay: Stay) -> bool:
        visits, spell = self.visited[resident.id], stay[0]
        today = [other for other, _ in visits if other[0][0] == spell[0]]
        alike = [other[0][0] for other, name in visits if name == activity.id]
        return (
            len(visits) >= resident.sessions.max
            or len(today) >= resident.max_per_day
            or any(abs(day - spell[0]) < activity.days_apart for day in alike)
            or self.hurries(today, stay, resident.rest_minutes)
            or any(window.touches(*spell) for window in resident.busy)
        )

    def _can_walk(self, resident: Resident, entry: Entry) -> bool:
        escorts = self.problem.escorts
        if escorts is None or not resident.escort or entry.space.bedside:
            return True
        mine = 1 + sum(other.escort for other in entry.people)
        return all(
            self.walks[entry.day, minute] + mine <= escorts.available(entry.day, minute)
            for minute in (entry.begin, entry.end)
        )

    def has_familiar(self, resident: Resident, entry: Entry) -> bool:
        friends = self.friends[resident.id]
        return any(other.id in friends for other in entry.people) or any(
            resident.id in person.familiar_to for person in entry.team
        )

    def write(self, entry: Entry) -> None:
        spell = (entry.day, entry.begin, entry.end)
        self.entries.append(entry)
        self.by_space[entry.space.id, entry.day].append(entry)
        self.used[entry.space.id, entry.day].append(spell)
        self.held[entry.activity.id] += 1
        self.held_on[entry.activity.id, entry.day] += 1
        self.on[entry.day] += 1
        for person in entry.team:
            self.led[person.id, entry.day].append((spell, entry.space.zone))
        for resident in entry.people:
            self.visited[resident.id].append(((spell, entry.space.zone), entry.activity.id))
            if resident.escort and not entry.space.bedside:
                for minute in (entry.begin, entry.end):
                    self.walks[entry.day, minute] += 1
