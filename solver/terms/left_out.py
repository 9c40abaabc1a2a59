"""left_out: the residents who wish for sessions and like something, and attend nothing that they like."""

from solver.documents import Resident
from solver.reading import Reading


def value(reading: Reading) -> int:
    return -reading.problem.weights.left_out * sum(is_left_out(reading, who) for who in reading.problem.residents)


def is_left_out(reading: Reading, resident: Resident) -> bool:
    if resident.sessions.min == 0:
        return False
    liked = {activity for activity, interest in resident.interests.items() if interest > 0}
    return bool(liked) and not any(one.activity.id in liked for one in reading.by_resident.get(resident.id, ()))
