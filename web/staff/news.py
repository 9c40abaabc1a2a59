"""A page that is left open asks every so often whether it would look different now, and is answered only then.

The page carries a version; a question that brings the present one is answered with 304 at the price of two small
queries. Nobody has clicked, so such a question keeps no sign-in alive, and of the residents whom the answer names only
those are written down whom the account has not been shown on this page within the hour.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from flask import make_response, request
from werkzeug.wrappers import Response

from milieu.queries.floor.day_state import day_state
from milieu.queries.floor.today import StaffDay
from milieu.queries.published.freshness import freshness
from milieu.services.reads import seen_since
from web.binding import now, reader
from web.guards.polls import is_poll
from web.guards.principal import principal
from web.pages import page
from web.words.times import time_of

SEEN_WITHIN = timedelta(hours=1)


def unchanged(on: date, today: date) -> Response | None:
    """The answer to a question whether the day has changed, where it has not."""
    if not is_poll():
        return None
    known, _dot, moment = request.headers.get("If-None-Match", "").rpartition(".")
    if known != _state(on, today) or (moment.isdecimal() and _seconds(now()) >= int(moment)):
        return None
    return stamped(make_response("", 304))


def told(template: str, day: StaffDay, today: date, shows: Collection[str], /, **context: Any) -> Response:
    """A page of a day, with its version."""
    named = set(shows)
    if is_poll() and named:
        somebody = principal()
        named -= seen_since(reader(), somebody.account_id, request.endpoint or "", now() - SEEN_WITHIN)
    changes_at = day.changes_at
    version = f"{_state(day.day, today)}.{_seconds(changes_at) if changes_at is not None else ''}"
    return stamped(
        page(template, nav="staff.today", shows=sorted(named), day=day, today=today, version=version, **context)
    )


def stamped(response: Response) -> Response:
    """An answer that says what time it is here: a tablet's own clock may be wrong."""
    response.headers["X-Milieu-Now"] = str(int(now().timestamp() * 1000))
    response.headers["X-Milieu-Time"] = time_of(now(), principal().timezone)
    return response


def _state(on: date, today: date) -> str:
    community_id = principal().community_id
    fresh = freshness(reader(), community_id, on, today, now())
    return f"{today}_{day_state(reader(), community_id, on)}_{fresh.check if fresh is not None else ''}"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
