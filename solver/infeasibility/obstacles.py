"""What by itself keeps one demand from being met, as data: looked for in the order in which a director would look.

Nothing is proved here; a proof stands already, and this says what it comes from. Empty where it is nothing so simple.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from solver.documents.fields import clock
from solver.documents.problem import Resident
from solver.instance.demands import Demand, amount_of
from solver.instance.placements import Placements
from solver.instance.problem import Flags, Ints, Problem, has_leaders, is_any_use
from solver.model.reasons import Fact, Reason


def reason(code: str, **facts: Fact) -> Reason:
    return Reason(code, tuple(facts.items()))


def stretches(problem: Problem, times: Iterable[int]) -> tuple[str, ...]:
    """When these times are, together: each stretch as "DAY FROM TO"."""
    table = problem.times
    found: list[list[int]] = []
    for day, begin, end in sorted((int(table.day[t]), int(table.begin[t]), int(table.end[t])) for t in times):
        if found and found[-1][0] == day and begin <= found[-1][2]:
            found[-1][2] = max(found[-1][2], end)
        else:
            found.append([day, begin, end])
    return tuple(f"{day} {clock(begin)} {clock(end)}" for day, begin, end in found)


class Obstacles:
    def __init__(self, problem: Problem, placements: Placements) -> None:
        self.problem, self.placements = problem, placements
        self.document = problem.document

    def of(self, demand: Demand) -> list[Reason]:
        """What stands in the way of one demand alone."""
        least = amount_of(self.document, demand)
        if demand.rule == "R6":
            return list(islice(self.of_count(demand.names[0], least), 1))
        if demand.rule == "R14":
            resident, a = demand.names
            return list(islice(self.of_required(resident, a, least), 1))
        return []

    def of_count(self, a: int, least: int) -> Iterator[Reason]:
        """Why an activity cannot be held so often."""
        yield from self.of_holding(a)
        activity, problem = self.document.activities[a], self.problem
        past = [fact for fact in problem.facts if fact.activity == a]
        times = problem.times.of_activity[a][self.placements.places(a).any(axis=1)]
        days = sorted({int(problem.times.day[time]) for time in times} | {fact.day for fact in past})
        if activity.one_per_day and len(days) < least:
            yield reason("days_few", activity=activity.id, weekdays=tuple(map(str, days)), often=least)
        longest = self.most_in_a_row(times)
        if longest + len(past) < least and not activity.one_per_day:
            yield reason("hours_few", activity=activity.id, often=least, times=stretches(problem, times))

    def most_in_a_row(self, times: Ints) -> int:
        """How many sessions fit one after another, each in as many rooms as there are."""
        table, count, until = self.problem.times, 0, (-1, -1)
        for time in sorted(times.tolist(), key=lambda t: (table.day[t], table.end[t])):
            if (int(table.day[time]), int(table.begin[time])) >= until:
                count, until = count + 1, (int(table.day[time]), int(table.end[time]))
        return count * max(1, len(self.document.spaces))

    def of_holding(self, a: int) -> Iterator[Reason]:
        """Why an activity cannot be held at all: time, space, leaders, group."""
        problem, activity = self.problem, self.document.activities[a]
        times, fits = problem.times.of_activity[a], problem.fits_space[a]
        if len(times) == 0:
            yield reason("no_hours", activity=activity.id)
            return
        if not fits.any():
            code = "no_fitting_space" if activity.needs_features else "no_large_space"
            yield reason(code, activity=activity.id, features=activity.needs_features, least=activity.min_group)
            return
        is_open = problem.open_at[times][:, fits].any(axis=1)
        names = tuple(self.document.spaces[s].id for s in np.flatnonzero(fits).tolist())
        if not is_open.any():
            yield reason("never_open", activity=activity.id, spaces=names, times=stretches(problem, times))
            return
        if (lacking := self.of_leading(a, times[is_open])) is not None:
            yield lacking
        elif not self.placements.places(a).any():
            held = self.placements.held(a)
            groups = [
                np.where(held[:, s], self.placements.largest_groups(a, s), 0) for s in np.flatnonzero(fits).tolist()
            ]
            most = max(int(group.max()) for group in groups)
            yield reason("group_never", activity=activity.id, least=activity.min_group, most=most)

    def of_leading(self, a: int, times: Ints) -> Reason | None:
        """Who is never there then: enough people who could lead it, or one of the skills that they need."""
        problem, activity = self.problem, self.document.activities[a]
        led = times[np.array([has_leaders(problem, a, time) for time in times.tolist()], bool)]
        if len(led) > 0:
            return self.of_skills(a, led)
        if activity.facilitators > 1:
            shown = stretches(problem, times)
            return reason("leaders_few", activity=activity.id, needed=activity.facilitators, times=shown)
        able = [f for f in range(len(problem.skills[a])) if is_any_use(problem, a, f)]
        if activity.needs_skills:
            able = [f for f in able if problem.skills[a][f]]
        return self.of_absence(a, activity.needs_skills, able, times)

    def of_skills(self, a: int, times: Ints) -> Reason | None:
        """Nobody of those who have one of the skills that a team needs is there then."""
        problem, activity = self.problem, self.document.activities[a]
        for k, skill in enumerate(dict.fromkeys(activity.needs_skills) if activity.facilitators else ()):
            able = [f for f, skills in enumerate(problem.skills[a]) if k in skills]
            if not problem.available_at[times][:, able].any():
                return self.of_absence(a, (skill,), able, times)
        return None

    def of_absence(self, a: int, skills: tuple[str, ...], able: list[int], times: Ints) -> Reason:
        """None of those who are able to lead it, or have these skills, is there then."""
        activity, names = self.document.activities[a].id, tuple(self.document.facilitators[f].id for f in able)
        kind = "skill" if skills else "leader"
        if not names:
            return reason(f"{kind}_nobody", activity=activity, skills=skills)
        code, shown = f"{kind}_{'away' if len(names) == 1 else 'all_away'}", stretches(self.problem, times)
        return reason(code, activity=activity, skills=skills, facilitators=names, times=shown)

    def of_required(self, r: int, a: int, least: int) -> Iterator[Reason]:
        """Why a resident cannot attend an activity so often."""
        person, activity = self.document.residents[r], self.document.activities[a]
        who = {"resident": person.id, "activity": activity.id}
        if activity.id in person.refuses.activities:
            yield reason("person_refuses", **who)
        if activity.id in person.avoids.activities:
            yield reason("person_avoids", **who)
        if not self.problem.may_activity[a, r]:
            yield reason("own_only", **who)
        if not self.placements.places(a).any():
            yield from self.of_presence(r, a, least)
        yield from self.of_holding(a)
        if activity.sessions.max < least:
            yield reason("required_often", **who, least=least, most=activity.sessions.max)
        yield from self.of_past(r, a, least)
        if min(person.sessions.max, person.max_per_day * self.problem.days) < least:
            most = min(person.sessions.max, person.max_per_day * self.problem.days)
            yield reason("week_full", resident=person.id, most=most, often=least)
        yield from self.of_presence(r, a, least)

    def of_past(self, r: int, a: int, least: int) -> Iterator[Reason]:
        """Whether what has happened leaves too few sessions of the activity."""
        person, activity = self.document.residents[r], self.document.activities[a]
        past = [fact for fact in self.problem.facts if fact.activity == a]
        attended = sum(r in fact.residents for fact in past)
        if past and activity.sessions.max - len(past) + attended < least:
            facts: dict[str, Fact] = {"resident": person.id, "activity": activity.id, "attended": attended}
            yield reason("past_full", **facts, sessions=len(past), most=activity.sessions.max)

    def of_presence(self, r: int, a: int, least: int) -> Iterator[Reason]:
        """Why a resident can be at none, or too few, of the hours and places at which an activity can be held."""
        problem, places = self.problem, self.placements.places(a)
        if not places.any():
            places = self.placements.held(a)  # and too few come: they may be one of those who cannot
        person, activity = self.document.residents[r], self.document.activities[a]
        who = {"resident": person.id, "activity": activity.id}
        if not places.any():
            return
        times = problem.times.of_activity[a]
        shown = stretches(problem, times[places.any(axis=1)])
        ears, levels = problem.ear[times, r][:, None], problem.level[a][None, :]
        free = places & (ears >= 0)
        kept = places & problem.may_space[:, r][None, :]
        quiet = places & ((ears < 0) | (ears >= levels))
        if not free.any():
            yield reason("busy_always", **who, times=shown)
        if not kept.any():
            names = tuple(self.document.spaces[s].id for s in np.flatnonzero(places.any(axis=0)).tolist())
            code = "zone_elsewhere" if person.zone_locked else "spaces_kept"
            yield reason(code, **who, spaces=names)
        if not quiet.any() or not (free & quiet).any():
            level = int(problem.level[a][places.any(axis=0)].min())
            yield reason("loud_always", **who, level=level, limit=int(ears[ears >= 0].max(initial=0)))
        there = free & kept & quiet
        if not there.any():
            if not (free & kept).any() and free.any() and kept.any():
                names = tuple(self.document.spaces[s].id for s in np.flatnonzero(free.any(axis=0)).tolist())
                yield reason("kept_then", **who, spaces=names, times=stretches(problem, times[free.any(axis=1)]))
            yield reason("never_fits", **who, times=shown)
            return
        yield from self.of_company(r, a, there)
        days = sorted({int(problem.times.day[time]) for time in times[there.any(axis=1)]})
        past = {fact.day for fact in problem.facts if fact.activity == a and r in fact.residents}
        if len({*days, *past}) < least:
            yield reason("person_days", **who, weekdays=tuple(map(str, days)), often=least)
        elif _most_apart(days, sorted(past), activity.days_apart) < least:
            yield reason("person_days_apart", **who, weekdays=tuple(map(str, days)), days=activity.days_apart)

    def of_company(self, r: int, a: int, there: Flags) -> Iterator[Reason]:
        """Where, when and with whom a resident could be there, but for those who lead or come."""
        problem, person, activity = self.problem, self.document.residents[r], self.document.activities[a]
        who = {"resident": person.id, "activity": activity.id}
        times = problem.times.of_activity[a][there.any(axis=1)]
        spaces = [self.document.spaces[s] for s in np.flatnonzero(there.any(axis=0)).tolist()]
        if person.wheelchair and not any(space.wheelchair_places for space in spaces):
            yield reason("chair_nowhere", **who, spaces=tuple(space.id for space in spaces))
        able = [f for f in range(len(self.document.facilitators)) if is_any_use(problem, a, f)]
        able = [f for f in able if activity.facilitators and problem.available_at[times, f].any()]
        if activity.facilitators and person.support > max(self.placements.strongest_team(a), default=0):
            yield reason("support_lacks", **who, needed=person.support)
        most = int(self.placements.strongest_team(a)[there.any(axis=1)].max())
        if person.support > most:
            yield reason("support_then", **who, needed=person.support, most=most, times=stretches(problem, times))
        willing = [f for f in able if problem.may_facilitator[f, r]]
        if activity.facilitators and len(willing) < activity.facilitators:
            yield reason("leaders_refused", **who, facilitators=tuple(self.document.facilitators[f].id for f in able))
        if person.needs_familiar and not self._has_face(r, a, person, willing):
            yield reason("no_face", **who)

    def _has_face(self, r: int, a: int, person: Resident, willing: list[int]) -> bool:
        problem = self.problem
        friends = [(x, y) for x, y, strength, _ in problem.ties if strength > 0 and r in (x, y)]
        others = [y if x == r else x for x, y in friends]
        return any(problem.familiar[f, r] for f in willing) or any(problem.may_activity[a, q] for q in others)


def _most_apart(days: list[int], past: list[int], apart: int) -> int:
    """How many of the days can be chosen, none nearer than that to another or to one in the past; those all count."""
    chosen = list(past)
    for day in days:
        if all(abs(day - other) >= apart for other in chosen):
            chosen.append(day)
    return len(chosen)
