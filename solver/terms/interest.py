"""interest: over residents and activities, interest times sessions attended, of liked activities at most two."""

from collections import Counter

from solver.reading import Reading

PAID = 2  # sessions of one liked activity that count


def value(reading: Reading) -> int:
    total = 0
    for name, held in reading.by_resident.items():
        interests = reading.residents[name].interests
        for activity, count in Counter(one.activity.id for one in held).items():
            interest = interests.get(activity, 0)
            total += interest * (min(count, PAID) if interest > 0 else count)
    return reading.problem.weights.interest * total
