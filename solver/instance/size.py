"""How much a problem can hold: sessions of an activity, literals of a model."""

from solver.instance.problem import Problem

USUAL_DAY = 16  # sessions a day, of a resident


def most_sessions(problem: Problem, a: int) -> int:
    """How many sessions of an activity the search ever plans: none where nobody could lead them."""
    activity = problem.document.activities[a]
    if activity.facilitators > len(problem.document.facilitators) or not len(problem.times.of_activity[a]):
        return 0
    if not problem.fits_space[a].any():
        return 0
    return min(activity.sessions.max, problem.days if activity.one_per_day else USUAL_DAY * problem.days)


def size_of(problem: Problem) -> int:
    """About how many literals a whole model would have."""
    total = 0
    for a in range(len(problem.document.activities)):
        identities = sum(i.activity == a for i in problem.identities)
        slots = most_sessions(problem, a) + identities
        options = len(problem.times.of_activity[a]) * int(problem.fits_space[a].sum())
        people = int(problem.may_activity[a].sum())
        times = len(problem.times.of_activity[a])
        total += slots * (options + people * (1 + times // 2))
    return total
