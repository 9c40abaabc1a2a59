"""What holds between residents: ties, living groups and their aims."""

from collections.abc import Iterator

from milieu.models import Tie
from milieu.solving.problem.programme.offers import meets_others, members_of
from milieu.solving.problem.rows import Rows
from solver.documents import exchange

MEET = "meet"


def make_ties(rows: Rows) -> tuple[exchange.Tie, ...]:
    """One tie a pair: being kept apart outranks every liking, else the newest note counts.

    Two who might get on are no company yet: any other tie outranks that, and it makes nobody familiar, so who goes only
    where somebody is whom they know has no such tie.
    """
    best: dict[tuple[str, str], Tie] = {}
    for tie in sorted(rows.ties, key=_standing):
        pair = (tie.resident_id, tie.other_id)
        if rows.residents.keys() >= set(pair) and not (tie.kind == MEET and _need_familiar(rows, pair)):
            best.setdefault(pair, tie)
    return tuple(
        exchange.Tie(a=a, b=b, apart=True)
        if tie.is_apart
        else exchange.Tie(a=a, b=b, strength=tie.strength, cap=tie.cap)
        for (a, b), tie in sorted(best.items())
        if tie.is_apart or tie.strength
    )


def _standing(tie: Tie) -> tuple[bool, bool, int, str]:
    return not tie.is_apart, tie.kind == MEET, -tie.noted_on.toordinal(), tie.id


def _need_familiar(rows: Rows, pair: tuple[str, str]) -> bool:
    return any(rows.residents[who].needs_familiar for who in pair)


def make_groups(rows: Rows) -> tuple[exchange.LivingGroup, ...]:
    """The living groups with members in the week, and their aims."""
    return tuple(
        exchange.LivingGroup(id=group, members=tuple(members), targets=tuple(_aims(rows, group)))
        for group, members in members_of(rows).items()
    )


def _aims(rows: Rows, group: str) -> Iterator[exchange.GroupTarget]:
    """The group's own, and that it is with others now and then."""
    for aim in sorted(rows.aims.get(group, ()), key=lambda aim: (aim.domain, aim.id)):
        yield exchange.GroupTarget(
            domain=aim.domain, members=max(1, aim.members), min=aim.min_sessions, weight=aim.weight
        )
    if (others := meets_others(rows, group)) is not None:
        yield others
