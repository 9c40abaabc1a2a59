"""Activities: what can be offered in the week, when and for whom; and what people fixed."""

from collections import Counter
from collections.abc import Iterable

from milieu.calendar.spans import ALWAYS, available_windows, hours_of, presence, within
from milieu.calendar.weeks import DAYS
from milieu.models import Activity
from milieu.solving.problem.leading import leaders_of, leave_needed
from milieu.solving.problem.programme.offers import TOGETHER
from milieu.solving.problem.programme.places import round_up
from milieu.solving.problem.programme.seasons import is_in_season, least_sessions, season_of
from milieu.solving.problem.programme.seating import Seating
from milieu.solving.problem.rows import Rows, is_offered
from solver.documents import exchange

VISITS_APART = 2


def make_activities(rows: Rows, seating: Seating) -> tuple[exchange.Activity, ...]:
    """The activities that are offered on any day of the week and in season then."""
    return tuple(
        _activity(rows, row, seating, _windows(rows, row), (least_sessions(rows, row), row.sessions_max))
        for row in rows.activities.values()
        if is_offered(row.starts_on, row.ended_on, rows.week) and is_in_season(rows, row)
    )


def make_former_activities(rows: Rows, seating: Seating, ids: Iterable[str]) -> tuple[exchange.Activity, ...]:
    """Activities that are only there because they were held: never again this week."""
    return tuple(_activity(rows, rows.activities[each], seating, (), (0, 0)) for each in sorted(ids))


def as_large_as_told(
    activities: Iterable[exchange.Activity], told: Iterable[exchange.Session]
) -> tuple[exchange.Activity, ...]:
    """The activities, none with a largest group below what is published of it and still to come.

    How many to ask is reckoned anew from what was marked since, or from a size that somebody has lowered: that is no
    reason to uninvite anybody. Seats, wheelchair places and support are held to as ever.
    """
    asked = Counter[str]()
    for each in told:
        asked[each.activity] = max(asked[each.activity], len(each.residents))
    return tuple(
        each if asked[each.id] <= each.max_group else each.model_copy(update={"max_group": asked[each.id]})
        for each in activities
    )


def _activity(
    rows: Rows,
    row: Activity,
    seating: Seating,
    windows: tuple[exchange.Window, ...] | None,
    sessions: tuple[int, int],
) -> exchange.Activity:
    """Its minutes rounded up to the grid; a least count above the most is cut to it."""
    least, most = sessions
    members = {member.resident_id for member in rows.members.get(row.id, ())}
    return exchange.Activity(
        id=row.id,
        domains=tuple(sorted({*row.domains, *((TOGETHER,) if _is_together(row) else ())})),
        duration_minutes=round_up(row.duration_minutes, rows.slot),
        sessions=exchange.SessionBounds(min=min(least, most), max=most),
        one_per_day=row.one_per_day,
        min_group=row.min_group,
        max_group=rows.asking[row.id].most,
        facilitators=leaders_of(rows, row),
        needs_skills=tuple(sorted({*row.needs_skills, *leave_needed(rows, row)})),
        needs_features=tuple(sorted({*row.needs_features, *seating.feature(row.id)})),
        noise=row.noise,
        windows=windows,
        only=tuple(sorted(members & rows.residents.keys())) if row.is_closed else None,
        by_wish=row.by_wish,
        days_apart=_days_apart(row),
        cost=row.cost,
    )


def _is_together(row: Activity) -> bool:
    return row.max_group > 1 and not row.is_closed


def _days_apart(row: Activity) -> int:
    """As it was told; else visits that can be on every other day are not on two days running."""
    if row.days_apart is not None:
        return row.days_apart
    return VISITS_APART if row.max_group == 1 and row.sessions_max <= -(-DAYS // VISITS_APART) else 1


def _windows(rows: Rows, row: Activity) -> tuple[exchange.Window, ...] | None:
    """Each of the activity's hours is a choice of its own, so that they are not merged; None = at any time."""
    days = rows.week.days
    hours = rows.activity_hours.get(row.id, ())
    week = within(hours_of(hours, days) if hours else ALWAYS, presence(row.starts_on, row.ended_on, days))
    week = within(week, season_of(rows, row))
    return None if week == ALWAYS else available_windows(week, rows.slot)
