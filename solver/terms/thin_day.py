"""thin_day: what a day's programme lacks of its least number of sessions, visits to one person not counted."""

from collections import Counter

from solver.reading import Reading


def value(reading: Reading) -> int:
    least = reading.problem.programme.min_sessions_per_day
    held = Counter(one.day for one in reading.held if one.activity.max_group > 1)
    lacking = sum(max(0, least - held[day]) for day in range(reading.problem.horizon.days))
    return -reading.problem.weights.thin_day * lacking
