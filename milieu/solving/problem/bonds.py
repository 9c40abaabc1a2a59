"""What holds between residents: ties, living groups and their aims."""

from milieu.models import LivingGroup, Tie
from milieu.solving.problem.rows import Rows
from solver.documents import exchange


def make_ties(rows: Rows) -> tuple[exchange.Tie, ...]:
    """One tie a pair: being kept apart outranks every liking, else the newest note counts."""
    best: dict[tuple[str, str], Tie] = {}
    for tie in sorted(rows.ties, key=_standing):
        pair = (tie.resident_id, tie.other_id)
        if rows.residents.keys() >= set(pair):
            best.setdefault(pair, tie)
    return tuple(
        exchange.Tie(a=a, b=b, apart=True)
        if tie.is_apart
        else exchange.Tie(a=a, b=b, strength=tie.strength, cap=tie.cap)
        for (a, b), tie in sorted(best.items())
        if tie.is_apart or tie.strength
    )


def _standing(tie: Tie) -> tuple[bool, int, str]:
    return not tie.is_apart, -tie.noted_on.toordinal(), tie.id


def make_groups(rows: Rows) -> tuple[exchange.LivingGroup, ...]:
    """The living groups that have aims and members in the week."""
    members: dict[str, list[str]] = {}
    for resident in rows.residents.values():
        members.setdefault(resident.living_group_id, []).append(resident.id)
    return tuple(
        exchange.LivingGroup(id=group.id, members=tuple(members[group.id]), targets=_aims(rows, group))
        for group in rows.groups.values()
        if rows.aims.get(group.id) and group.id in members
    )


def _aims(rows: Rows, group: LivingGroup) -> tuple[exchange.GroupTarget, ...]:
    return tuple(
        exchange.GroupTarget(domain=aim.domain, members=max(1, aim.members), min=aim.min_sessions, weight=aim.weight)
        for aim in sorted(rows.aims[group.id], key=lambda aim: (aim.domain, aim.id))
    )
