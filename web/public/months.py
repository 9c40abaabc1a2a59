"""A month for everybody: as published, and where no week is planned yet as is usual, nobody's name in it."""

from datetime import date, timedelta

from flask import g
from werkzeug.wrappers import Response

from milieu.errors import NotFound
from milieu.queries.paper.community import community_named
from milieu.queries.paper.programme import Listed, ListedDay, days_of_month, listed_days
from web.binding import now, reader
from web.pages import page
from web.public.views import blueprint

AHEAD = 2
"""So many months after the present one can be read."""


@blueprint.get("/programme/<community_key>/month/<day:first>")
def month(community_key: str, first: date) -> Response:
    """This month or one of the next two, on its first day's address. Raises NotFound for any other."""
    community = community_named(reader(), community_key, now=now())
    g.zone = community.timezone
    months = _months(community.today)
    if first not in months:
        raise NotFound("There is no such programme.")
    shown = listed_days(reader(), community.id, days_of_month(first), now=now())
    response = page(
        "public/month.html",
        shown=shown,
        first=first,
        months=months,
        key=community_key,
        days=[(day, _open(day)) for day in shown.days],
        has_published=any(day.is_published for day in shown.days),
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def _months(today: date) -> list[date]:
    months = [today.replace(day=1)]
    for _ in range(AHEAD):
        months.append((months[-1] + timedelta(days=31)).replace(day=1))
    return months


def _open(day: ListedDay) -> list[Listed]:
    """What everybody may come to on a day."""
    return [each for each in day.sessions if not each.is_closed]
