"""What is held in its months and in fair weather alone, and what takes its place.

An activity outdoors may name its months and a twin for wet weather. The twin is offered on those days alone on which
the other cannot be: out of its months, and while the weather closes every space that it could be held in.
"""

from collections.abc import Iterable
from datetime import date

from milieu.calendar.spans import WHOLE_DAY, WeekSpans, away_of
from milieu.causes import CLOSURE_KINDS
from milieu.models import Activity, Wish
from milieu.queries.residents.wishes import holding_wishes
from milieu.solving.problem.months import is_in_months
from milieu.solving.problem.rows import Rows, is_offered

WEATHER = CLOSURE_KINDS[0]


def season_of(rows: Rows, row: Activity) -> WeekSpans:
    """The days of the week on which an activity is in season, each as a whole or not at all."""
    outdoors = _takes_place_of(rows, row)
    return tuple(
        (WHOLE_DAY,) if is_in_months(row, day) and (not outdoors or _is_needed(rows, outdoors, day)) else ()
        for day in rows.week.days
    )


def is_in_season(rows: Rows, row: Activity) -> bool:
    """Whether an activity can be offered on any day of the week."""
    return any(season_of(rows, row))


def least_sessions(rows: Rows, row: Activity) -> int:
    """How many are to be held at least: of a twin none, unless what it stands for cannot be held all week."""
    outdoors = _takes_place_of(rows, row)
    if outdoors and not all(season_of(rows, row)):
        return 0
    return row.sessions_min


def liked(rows: Rows, resident_id: str) -> dict[str, Wish]:
    """The wish of a resident that counts for each activity; of a twin theirs for what it stands for, where they have
    said nothing of the twin itself.
    """
    own = holding_wishes(rows.wishes.get(resident_id, ()))
    found = dict(own)
    with_twin = [row for row in rows.activities.values() if row.wet_twin and row.id in own]
    if not with_twin:
        return found
    by_key = {row.key.casefold(): row.id for row in rows.activities.values()}
    for row in with_twin:
        twin = by_key.get(row.wet_twin.casefold())
        if twin is not None:
            found.setdefault(twin, own[row.id])
    return found


def _takes_place_of(rows: Rows, row: Activity) -> tuple[Activity, ...]:
    key = row.key.casefold()
    return tuple(
        each
        for each in rows.activities.values()
        if each.wet_twin.casefold() == key and is_offered(each.starts_on, each.ended_on, rows.week)
    )


def _is_needed(rows: Rows, outdoors: Iterable[Activity], day: date) -> bool:
    """Whether one of them cannot be held on a day for the time of the year or the weather."""
    return any(not is_in_months(each, day) or _is_wet(rows, each, day) for each in outdoors)


def _is_wet(rows: Rows, row: Activity, day: date) -> bool:
    """Whether weather or season close each space that has what the activity needs, at some time of a day."""
    fitting = [each for each in rows.spaces.values() if set(row.needs_features) <= set(each.features)]
    return bool(fitting) and all(
        not is_in_months(each, day)
        or any(away_of([closure], [day])[0] for closure in rows.closures.get(each.id, ()) if closure.kind == WEATHER)
        for each in fitting
    )
