"""What has happened takes room, leaders and people from what is planned beside it."""

from solver.instance.problem import Fact, Problem


def is_near(problem: Problem, time: int, fact: Fact, gap: int) -> bool:
    """Whether a session at that time overlaps the fact, or lies closer than the gap on its day."""
    times = problem.times
    is_today = times.day[time] == fact.day
    return bool(is_today and times.begin[time] < fact.end + gap and fact.begin < times.end[time] + gap)


def is_taken(problem: Problem, time: int, space: int) -> bool:
    """Whether a fact is in the space, or in one it shares with, at that time."""
    return any(
        is_near(problem, time, fact, int(max(problem.turnaround[space], problem.turnaround[fact.space])))
        for fact in problem.facts
        if fact.space == space or fact.space in problem.shares[space]
    )


def is_leading(problem: Problem, time: int, leader: int) -> bool:
    gap = problem.document.facilitators[leader].gap_minutes
    return any(leader in fact.team and is_near(problem, time, fact, gap) for fact in problem.facts)


def was_there(problem: Problem, time: int, activity: int, resident: int) -> bool:
    """Whether a fact keeps the resident from the activity then, by time, rest or being the same that day."""
    rest, day = problem.document.residents[resident].rest_minutes, problem.times.day[time]
    return any(
        resident in fact.residents
        and (is_near(problem, time, fact, rest) or (fact.day == day and fact.activity == activity))
        for fact in problem.facts
    )


def is_held(problem: Problem, time: int, activity: int) -> bool:
    """Whether the activity was held that day and may be once a day only."""
    day = problem.times.day[time]
    is_once = problem.document.activities[activity].one_per_day
    return is_once and any(fact.activity == activity and fact.day == day for fact in problem.facts)
