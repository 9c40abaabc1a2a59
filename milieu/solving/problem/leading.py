"""Who leads: how many an activity needs for its size, and who may lead it without somebody of the staff."""

from milieu.models import Activity, Facilitator
from milieu.solving.problem.rows import Rows

PEOPLE_EACH = 15
"""So many who come are one leader's, where the activity says nothing else; from one more on there are two."""
STAFF, LEAVE = "staff", "leave to lead"
GROUPS = f"{LEAVE} groups"


def leaders_of(rows: Rows, row: Activity) -> int:
    """How many lead an activity: as many as it says, and more where more come than those can see to.

    No more than there are people who lead at all: a home with one of them still has its sing-along.
    """
    if row.facilitators == 0:
        return 0
    size = min(row.max_group, rows.asking[row.id].seats or row.max_group)
    by_size = -(-size // row.people_per_leader) if row.people_per_leader else 1 + (size > PEOPLE_EACH)
    return max(row.facilitators, min(by_size, len(rows.facilitators)))


def leave_needed(rows: Rows, row: Activity) -> tuple[str, ...]:
    """What one of those who lead a group must have besides the skills; nothing for a visit or where nobody leads.

    Everybody of the staff has it. A volunteer has it for what they may lead alone, so that each of those activities has
    a name for it of its own.
    """
    if row.facilitators == 0 or row.max_group == 1:
        return ()
    return (f"{LEAVE} {row.id}",) if any(_leads_alone(each, row) for each in _volunteers(rows)) else (GROUPS,)


def leaves_of(rows: Rows, person: Facilitator) -> tuple[str, ...]:
    """All that somebody has leave to lead."""
    groups = [each for each in rows.activities.values() if each.max_group > 1]
    if person.kind == STAFF:
        return (GROUPS, *(leave for each in groups for leave in leave_needed(rows, each) if leave != GROUPS))
    return tuple(leave for each in groups if _leads_alone(person, each) for leave in leave_needed(rows, each))


def _volunteers(rows: Rows) -> list[Facilitator]:
    return [each for each in rows.facilitators.values() if each.kind != STAFF]


def _leads_alone(person: Facilitator, activity: Activity) -> bool:
    return person.kind != STAFF and activity.key.casefold() in person.leads_alone
