"""The page that leads to every sheet."""

from datetime import date, timedelta

from flask import request
from werkzeug.wrappers import Response

from milieu.errors import NotFound
from milieu.prints.papers import PAPERS
from milieu.queries.paper.spaces import spaces_of
from milieu.queries.residents.people import residents_here, units_of
from web.binding import reader
from web.guards.principal import principal
from web.pages import page
from web.prints.blueprint import blueprint, local_today
from web.words.times import monday_of

_WEEK = timedelta(weeks=1)


@blueprint.get("/print")
def start() -> Response:
    """What can be printed of a week, of its days and of the months around it."""
    somebody, today = principal(), local_today()
    monday = monday_of(_asked_day(today))
    db = reader()
    people = residents_here(db, somebody.community_id, today)
    return page(
        "prints/start.html",
        nav="prints.start",
        today=today,
        monday=monday,
        before=monday - _WEEK,
        after=monday + _WEEK,
        days=[monday + timedelta(days=each) for each in range(7)],
        months=_months(today),
        papers=PAPERS,
        units=units_of(db, somebody.community_id),
        spaces=spaces_of(db, somebody.community_id),
        people=people,
        shows=[each.id for each in people],
    )


def _asked_day(today: date) -> date:
    """The day whose week is shown. Raises NotFound for what is none."""
    wanted = request.args.get("week")
    if not wanted:
        return today
    try:
        found = date.fromisoformat(wanted)
    except ValueError:
        raise NotFound("There is no such week.") from None
    if not 2000 <= found.year < 2200:
        raise NotFound("There is no such week.")
    return found


def _months(today: date) -> list[date]:
    """The first days of this month and of the two that follow."""
    months = [today.replace(day=1)]
    for _ in range(2):
        months.append((months[-1] + timedelta(days=31)).replace(day=1))
    return months
