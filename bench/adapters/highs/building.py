"""The week's program made from a problem: what may be held where and when, who may come, a grid that stays small."""

from collections.abc import Iterable, Iterator

from ortools.math_opt.python import mathopt

from bench.adapters.highs.rules import post_rules
from bench.adapters.highs.terms import post_terms
from bench.adapters.highs.week import Event, Week, total
from bench.adapters.past import is_leading, is_taken, was_there
from solver.instance.problem import Problem, has_leaders, is_any_use

MOST = 60_000  # variables of attendance; above it starts are thinned
STEPS = (0, 30, 60, 120)  # minutes between starts, 0 = all


def build(problem: Problem) -> Week:
    events, is_whole = _thinned(problem)
    week = Week(problem, mathopt.Model(), is_whole=is_whole)
    for event, spaces in events.items():
        a = event[0]
        week.held[event] = {s: week.binary() for s in spaces}
        count = problem.document.activities[a].facilitators
        t, staff = event[1], range(len(problem.skills[a]) if count else 0)
        able = [f for f in staff if problem.available_at[t, f] and is_any_use(problem, a, f)]
        week.leads[event] = {f: week.binary() for f in able if not is_leading(problem, t, f)}
        week.comes[event] = {r: week.binary() for r in _guests(problem, event, spaces)}
    for k, identity in enumerate(problem.identities):
        week.named[k] = {event[1]: week.binary() for event in events if event[0] == identity.activity}
    post_rules(week)
    post_terms(week)
    week.model.maximize(total(week.worth))
    return week


def _thinned(problem: Problem) -> tuple[dict[Event, list[int]], bool]:
    """Every activity at every time with the spaces it may have then, at as fine a grid as stays small."""
    for step in STEPS:
        events = dict(_events(problem, step))
        if sum(len(_guests(problem, event, spaces)) for event, spaces in events.items()) <= MOST or step == STEPS[-1]:
            break
    is_exact = all(row.one_per_day for row in problem.document.activities) and all(
        problem.turnaround[s] == problem.turnaround[q] for s, others in enumerate(problem.shares) for q in others
    )
    return events, step == 0 and is_exact


def _events(problem: Problem, step: int) -> Iterator[tuple[Event, list[int]]]:
    kept = {(each.activity, each.day, each.begin) for each in problem.identities}
    for a, activity in enumerate(problem.document.activities):
        last = (-1, -step)
        for t in problem.times.of_activity[a].tolist():
            day, begin = int(problem.times.day[t]), int(problem.times.begin[t])
            is_due = day != last[0] or begin >= last[1] + step
            if not (is_due or (a, day, begin) in kept) or not has_leaders(problem, a, t):
                continue
            spaces = [
                s
                for s in range(problem.open_at.shape[1])
                if problem.fits_space[a, s]
                and problem.open_at[t, s]
                and not is_taken(problem, t, s)
                and problem.document.spaces[s].capacity >= activity.min_group
            ]
            if spaces:
                last = (day, begin) if is_due else last
                yield (a, t), spaces


def _guests(problem: Problem, event: Event, spaces: Iterable[int]) -> list[int]:
    """Who may come at all."""
    a, t = event
    quiet = min(int(problem.level[a, s]) for s in spaces)
    found = [r for r in range(problem.ear.shape[1]) if problem.may_activity[a, r] and problem.ear[t, r] >= quiet]
    return [r for r in found if not was_there(problem, t, a, r)]
