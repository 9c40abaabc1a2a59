"""engagement: a resident's first session is worth most, each next one less, until the list of weights ends.

Only sessions of activities count in which the resident's interest is not negative.
"""

from itertools import accumulate

from solver.documents import Resident
from solver.reading import Reading


def value(reading: Reading) -> int:
    worth = [0, *accumulate(reading.problem.weights.engagement)]
    return sum(worth[min(welcome(reading, resident), len(worth) - 1)] for resident in reading.problem.residents)


def welcome(reading: Reading, resident: Resident) -> int:
    """How many sessions the resident attends of activities that they do not dislike."""
    interests = resident.interests
    return sum(interests.get(one.activity.id, 0) >= 0 for one in reading.by_resident.get(resident.id, ()))
