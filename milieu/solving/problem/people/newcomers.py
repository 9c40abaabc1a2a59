"""Who has just come: nothing known is not quiet. They get a small group, one with somebody from next door, a choice.

None of it is a rule, and what they themselves have said comes first: a no, a wish for less, a wish for nothing.
"""

from collections.abc import Iterable

from milieu.models import Resident
from milieu.solving.problem.rows import Rows
from solver.documents import exchange

SMALL_GROUP = "small group"
SMALL, SMALL_WEIGHT = 8, 4
"""A group that is meant for no more is small, whoever is asked besides because not all come; to be in none weighs as
much as four aims of a care plan.
"""
CHOICE = 3
"""So many invitations a week are something to choose from."""
_NEIGHBOUR = 1


def newcomers(rows: Rows) -> frozenset[str]:
    """The residents of the week who moved in less than four weeks before it, or in it, and want to be asked at all."""
    return frozenset(who for who, row in rows.residents.items() if _has_just_come(rows, row))


def _has_just_come(rows: Rows, row: Resident) -> bool:
    return row.sessions_max != 0 and rows.stays[row.id].is_new(rows.week.start, rows.week.last)


def as_small(rows: Rows, activities: Iterable[exchange.Activity]) -> tuple[exchange.Activity, ...]:
    """The activities, the small groups among them marked as such where somebody has just come."""
    if not newcomers(rows):
        return tuple(activities)
    return tuple(
        each.model_copy(update={"domains": (*each.domains, SMALL_GROUP)})
        if 1 < rows.activities[each.id].max_group <= SMALL
        else each
        for each in activities
    )


def least_choice(rows: Rows, row: Resident) -> int:
    """How many invitations a week they should have at least: their own wish, of newcomers no less than a choice."""
    return max(row.sessions_min, CHOICE) if _has_just_come(rows, row) else row.sessions_min


def small_groups(rows: Rows, row: Resident) -> tuple[exchange.Target, ...]:
    """That a newcomer should have a small group."""
    if not _has_just_come(rows, row):
        return ()
    return (exchange.Target(domain=SMALL_GROUP, min=1, weight=SMALL_WEIGHT),)


def neighbours(rows: Rows, ties: Iterable[exchange.Tie]) -> tuple[exchange.Tie, ...]:
    """Between each newcomer and those of their living group whom nothing ties yet: to meet one of them is worth it.

    It makes nobody familiar: who comes only where somebody they know is has no such tie.
    """
    known = {frozenset((each.a, each.b)) for each in ties}
    pairs = {
        tuple(sorted((who, other)))
        for who in newcomers(rows)
        for other, row in rows.residents.items()
        if other != who
        and row.living_group_id == rows.residents[who].living_group_id
        and not (row.needs_familiar or rows.residents[who].needs_familiar)
        and frozenset((who, other)) not in known
    }
    return tuple(exchange.Tie(a=a, b=b, strength=_NEIGHBOUR, cap=1) for a, b in sorted(pairs))
