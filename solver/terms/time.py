"""time: over attendances, what the resident thinks of that part of the day."""

from solver.reading import Reading

NOON, EVENING = 12 * 60, 17 * 60


def value(reading: Reading) -> int:
    total = 0
    for one in reading.held:
        part = part_of_day(one.begin)
        total += sum(liking for resident in one.people for key, liking in resident.times.items() if key == part)
    return reading.problem.weights.time * total


def part_of_day(begin: int) -> str:
    """The part of the day of a session, by its start in minutes after midnight."""
    return "morning" if begin < NOON else "afternoon" if begin < EVENING else "evening"
