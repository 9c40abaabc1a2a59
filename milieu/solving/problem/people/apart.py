"""Days between two visits to one person: what the weeks before and after leave of this one.

Within a week the solver sees to it; of the days beside it the document cannot speak, so that what they leave too close
is closed. Only of what is for one person: of what several attend, days can be closed for nobody alone.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from milieu.solving.problem.rows import Rows
from solver.documents.exchange import Activity, Session, Window

_ALWAYS = (Window(from_="00:00", to="24:00"),)


def after_last_week(rows: Rows, activities: Iterable[Activity]) -> tuple[Activity, ...]:
    """Visits without the first days of the week that lie too close to one of the week before."""
    return tuple(_without(each, _near(rows, each, _days_before(rows))) for each in activities)


def before_next_week(rows: Rows, activities: Iterable[Activity], told: Collection[Session]) -> tuple[Activity, ...]:
    """Visits without the last days that lie too close to one that is published of the week after.

    Where one is published (`told`) on such a day, that day stays: nothing speaks against it that is new.
    """
    stay = {(each.activity, each.day) for each in told}
    return tuple(
        _without(each, {day for day in _near(rows, each, _days_after(rows)) if (each.id, day) not in stay})
        for each in activities
    )


def _days_before(rows: Rows) -> Collection[date]:
    return [rows.week.start - timedelta(days=number) for number in range(1, 8)]


def _days_after(rows: Rows) -> Collection[date]:
    return [rows.week.last + timedelta(days=number) for number in range(1, 8)]


def _near(rows: Rows, activity: Activity, beside: Collection[date]) -> set[int]:
    """The days of this week on which the one it is for was visited too short a time before, or will be after."""
    if activity.days_apart == 1 or activity.only is None or len(activity.only) != 1:
        return set()
    [resident] = activity.only
    visited = [
        each.on_date
        for each in rows.asked
        if each.activity_id == activity.id and each.on_date in beside and resident in each.residents
    ]
    least = timedelta(days=activity.days_apart)
    return {day for day, on in enumerate(rows.week.days) if any(abs(on - other) < least for other in visited)}


def _without(activity: Activity, closed: set[int]) -> Activity:
    """The activity with its windows on the other days, each day told by itself."""
    if not closed:
        return activity
    windows = tuple(
        window.model_copy(update={"day": day})
        for window in (_ALWAYS if activity.windows is None else activity.windows)
        for day in range(7)
        if day not in closed and window.is_on(day)
    )
    return activity.model_copy(update={"windows": windows})
