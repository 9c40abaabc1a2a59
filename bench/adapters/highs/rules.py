"""The rules of a week as linear rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from bench.adapters.highs.week import Event, Variable, Week, by_day, identities_of, total
from solver.instance.problem import Fact


def post_rules(week: Week) -> None:
    for event in week.held:
        _hold(week, event)
        _invite(week, event)
    _no_two(week)
    _count(week)
    _people(week)
    _escort(week)
    _bleed(week)
    _name(week)


def _hold(week: Week, event: Event) -> None:
    """R2, R4 team, R5, R11."""
    problem, spaces, people = week.problem, week.held[event], week.comes[event]
    document, activity = problem.document, problem.document.activities[event[0]]
    happens, rows = week.happens(event), document.spaces
    week.keep(happens <= 1)
    week.keep(total(people.values()) >= activity.min_group * happens)
    seats = {s: min(activity.max_group, rows[s].capacity) for s in spaces}
    week.keep(total(people.values()) <= total(seats[s] * spaces[s] for s in spaces))
    chairs = [v for r, v in people.items() if document.residents[r].wheelchair]
    week.keep(total(chairs) <= total(rows[s].wheelchair_places * v for s, v in spaces.items()))
    team = week.leads[event]
    week.keep(total(team.values()) == activity.facilitators * happens)
    if activity.facilitators:
        for skill in range(len(dict.fromkeys(activity.needs_skills))):
            able = [v for f, v in team.items() if skill in problem.skills[event[0]][f]]
            week.keep(total(able) >= happens)
        support = total(document.residents[r].support * v for r, v in people.items())
        week.keep(support <= total(document.facilitators[f].support * v for f, v in team.items()))


def _invite(week: Week, event: Event) -> None:
    """R8, R9, R10, R13, R15: who may be in which of the spaces, with whom."""
    problem, spaces, people, team = week.problem, week.held[event], week.comes[event], week.leads[event]
    a, t = event
    for r, comes in people.items():
        may = [v for s, v in spaces.items() if problem.may_space[s, r] and problem.level[a, s] <= problem.ear[t, r]]
        week.keep(comes <= total(may))
        for f, leads in team.items():
            if not problem.may_facilitator[f, r]:
                week.keep(comes + leads <= 1)
        if problem.document.residents[r].needs_familiar:
            known = [v for f, v in team.items() if problem.familiar[f, r]]
            friends = {x + y - r for x, y, strength, _ in problem.ties if strength > 0 and r in (x, y)}
            week.keep(comes <= total([*known, *(v for q, v in people.items() if q in friends)]))
    for x, y in problem.apart:
        if x in people and y in people:
            week.keep(people[x] + people[y] <= 1)
    if problem.document.separate_cohorts:
        kinds = {int(problem.cohort[r]): week.binary() for r in people}
        week.keep(total(kinds.values()) <= 1)
        for r, comes in people.items():
            week.keep(comes <= kinds[int(problem.cohort[r])])


def _cover(week: Week, rows: Iterable[tuple[Event, Variable]], gap: int) -> Iterator[list[Variable]]:
    """For every moment at which something may begin: all that are under way then, or over for less than the gap."""
    by: defaultdict[int, list[tuple[int, int, Variable]]] = defaultdict(list)
    for event, variable in rows:
        day, begin, end = week.when(event)
        by[day].append((begin, end + gap, variable))
    for spells in by.values():
        for moment in sorted({begin for begin, _, _ in spells}):
            found = [v for begin, end, v in spells if begin <= moment < end]
            if len(found) > 1:
                yield found


def _no_two(week: Week) -> None:
    """R3 (each pair of rooms that share at the longer turnaround of the two), R4 overlap and R7 overlap."""
    problem, document = week.problem, week.problem.document
    mine = {s: [(event, row[s]) for event, row in week.held.items() if s in row] for s in range(len(document.spaces))}
    for s, rows in mine.items():
        for found in _cover(week, rows, int(problem.turnaround[s])):
            week.keep(total(found) <= 1)
        for other in problem.shares[s]:
            if other > s:
                gap = int(max(problem.turnaround[s], problem.turnaround[other]))
                for found in _cover(week, rows + mine[other], gap):
                    week.keep(total(found) <= 1)
    for f, leader in enumerate(document.facilitators):
        led = [(event, row[f]) for event, row in week.leads.items() if f in row]
        for found in _cover(week, led, leader.gap_minutes):
            week.keep(total(found) <= 1)
        _ways(week, led, [fact for fact in problem.facts if f in fact.team], leader.gap_minutes)
        facts = Counter(fact.day for fact in problem.facts if f in fact.team)
        for day, events in by_day(week, [event for event, _ in led]).items():
            most = max(0, leader.max_sessions_per_day - facts[day])
            week.keep(total(week.leads[event][f] for event in events) <= most)


def _ways(week: Week, rows: list[tuple[Event, Variable]], facts: Iterable[Fact], gap: int) -> None:
    """R4 and R7: nobody begins in another zone before they can be there."""
    problem = week.problem
    if int(problem.way.max(initial=0)) <= gap:
        return
    zone_of = [space.zone for space in problem.document.spaces]
    stays: list[tuple[int, int, int, int, Any]] = [(fact.day, fact.begin, fact.end, fact.space, 1) for fact in facts]
    for event, variable in rows:
        zones: defaultdict[str, list[int]] = defaultdict(list)
        for s in week.held[event]:
            zones[zone_of[s]].append(s)
        for spaces in zones.values():
            there: Any = variable
            if len(zones) > 1:
                there = week.part()
                week.keep(there >= variable + total(week.held[event][s] for s in spaces) - 1)
            stays.append((*week.when(event), spaces[0], there))
    for day, _, end, s, mine in stays:
        for that, begin, _, q, theirs in stays:
            is_hurried = that == day and end + gap <= begin < end + int(problem.way[s, q])
            if is_hurried and not (isinstance(mine, int) and isinstance(theirs, int)):
                week.keep(mine + theirs <= 1)


def _count(week: Week) -> None:
    """R6."""
    for a, activity in enumerate(week.problem.document.activities):
        events = [event for event in week.held if event[0] == a]
        facts = Counter(fact.day for fact in week.problem.facts if fact.activity == a)
        number = total(week.happens(event) for event in events)
        week.keep(number >= activity.sessions.min - facts.total())
        week.keep(number <= max(0, activity.sessions.max - facts.total()))
        for day, today in by_day(week, events).items() if activity.one_per_day else ():
            week.keep(total(week.happens(event) for event in today) <= (0 if facts[day] else 1))


def _people(week: Week) -> None:
    """R7 and R14."""
    problem = week.problem
    for r, person in enumerate(problem.document.residents):
        mine = dict(week.of(r))
        facts = [fact for fact in problem.facts if r in fact.residents]
        for found in _cover(week, mine.items(), person.rest_minutes):
            week.keep(total(found) <= 1)
        _ways(week, list(mine.items()), facts, person.rest_minutes)
        _days_apart(week, mine, facts)
        week.keep(total(mine.values()) <= max(0, person.sessions.max - len(facts)))
        for day, events in by_day(week, mine).items():
            most = max(0, person.max_per_day - sum(fact.day == day for fact in facts))
            week.keep(total(mine[event] for event in events) <= most)
            for a in {event[0] for event in events}:
                week.keep(total(mine[event] for event in events if event[0] == a) <= 1)
        for name, least in person.required.items():
            a = problem.activity_number[name]
            done = sum(fact.activity == a for fact in facts)
            week.keep(total(v for event, v in mine.items() if event[0] == a) >= least - done)


def _days_apart(week: Week, mine: dict[Event, Variable], facts: list[Fact]) -> None:
    for a, activity in enumerate(week.problem.document.activities):
        near = activity.days_apart
        same = [event for event in mine if event[0] == a] if near > 1 else []
        for first in range(max(1, week.problem.days - near + 1)):
            found = [mine[event] for event in same if first <= week.when(event)[0] < first + near]
            past = any(fact.activity == a and first <= fact.day < first + near for fact in facts)
            week.keep(total(found) <= (0 if past else 1))


def _escort(week: Week) -> None:
    """R12, where somebody is brought to a room."""
    problem = week.problem
    if problem.escorts is None:
        return
    moving: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
    for event, people in week.comes.items():
        day, begin, end = week.when(event)
        for r, comes in people.items():
            far = [v for s, v in week.held[event].items() if problem.fetched[s, r]]
            if far:
                walks = week.part()
                week.keep(walks >= comes + total(far) - 1)
                for moment in (begin, end):
                    moving[day, moment // problem.slot].append(walks)
    for (day, slot), walks in moving.items():
        if len(walks) > problem.escorts[day, slot]:
            week.keep(total(walks) <= int(problem.escorts[day, slot]))


def _bleed(week: Week) -> None:
    """R16: one row for a loud place and each quiet place beside it at the same time."""
    problem = week.problem
    rows = [(event, s, v) for event, row in week.held.items() for s, v in row.items()]
    for event, s, v in [each for each in rows if problem.level[each[0][0], each[1]] == 3 and problem.adjacent[each[1]]]:
        day, begin, end = week.when(event)
        for other, row in week.held.items():
            that, start, finish = week.when(other)
            if that == day and start < end and begin < finish:
                quiet = [w for q, w in row.items() if q in problem.adjacent[s] and problem.level[other[0], q] <= 1]
                if quiet:
                    week.keep(total(quiet) + v <= 1)


def _name(week: Week) -> None:
    """R18, and which session has the id of a published one."""
    problem = week.problem
    if problem.contradictions:
        week.keep(total([]) >= 1)
    for event in week.held:
        mine = [row[event[1]] for k, row in week.named.items() if problem.identities[k].activity == event[0]]
        week.keep(total(mine) <= week.happens(event))
    for (a, day, begin, s), those in problem.alike.items():
        for event in week.held:
            if event[0] == a and week.when(event)[:2] == (day, begin) and s in week.held[event]:
                week.keep(total(week.named[k][event[1]] for k in those) >= week.held[event][s])
    for k, identity in identities_of(week):
        week.keep(total(week.named[k].values()) <= 1)
        if identity.is_pinned:
            there = (identity.day, identity.begin)
            rows = [v for t, v in week.named[k].items() if week.when((identity.activity, t))[:2] == there]
            week.keep(total(rows) >= 1)
        for t, named in week.named[k].items():
            event = (identity.activity, t)
            day, begin, _ = week.when(event)
            spaces = week.held[event]
            if identity.is_pinned and (day, begin) == (identity.day, identity.begin):
                if identity.space >= 0:
                    week.keep(total(v for s, v in spaces.items() if s == identity.space) >= 1)
                for f in identity.team or ():
                    week.keep(total(v for g, v in week.leads[event].items() if g == f) >= 1)
            for r in identity.attend:
                week.keep(named <= week.comes[event].get(r, 0.0))
            for r in identity.absent:
                if r in week.comes[event]:
                    week.keep(named + week.comes[event][r] <= 1)
