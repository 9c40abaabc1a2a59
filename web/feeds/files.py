"""The calendar files. Whoever knows a private address reads it without signing in, so that it is in no log."""

import hashlib
import hmac

from flask import current_app, make_response, request
from werkzeug.wrappers import Response

from milieu.errors import Busy, MilieuError
from milieu.feeds.calendars import ICALENDAR, calendar_file
from milieu.queries.paper.community import community_named
from milieu.queries.paper.events import leader_events, public_events, resident_events
from milieu.services.access.feeds import Opened, note_use, open_feed
from web.account.throttle import network_of
from web.binding import briefly_writing, now, reader
from web.feeds.blueprint import blueprint


@blueprint.get("/programme/<community_key>/calendar.ics")
def community(community_key: str) -> Response:
    """A community's programme, without names. Raises NotFound."""
    found = community_named(reader(), community_key, now=now())
    events = public_events(reader(), found.id, found.today)
    file = calendar_file(events, name=found.name, timezone=found.timezone, whose=found.id, has_places=True)
    return _answer(file, is_private=False)


@blueprint.get("/calendar/<token>.ics")
def private(token: str) -> Response:
    """The calendar that a private address opens today. Raises NotFound for everything that opens nothing."""
    opened = open_feed(reader(), token, now())
    response = _answer(_file(opened), is_private=True)
    _note(opened)
    return response


def _file(opened: Opened) -> bytes:
    if opened.kin is not None:
        # When and what, never where: whoever finds the address must not find her.
        events = resident_events(reader(), opened.community_id, opened.kin.resident_id, opened.today)
        shared = [event for event in events if opened.is_shared(event.on_date)]
        return calendar_file(
            shared, name=opened.name, timezone=opened.timezone, whose=opened.kin.resident_id, has_places=False
        )
    assert opened.facilitator_id is not None
    events = leader_events(reader(), opened.community_id, opened.facilitator_id, opened.today)
    name = f"{opened.name}, {opened.community}"
    return calendar_file(events, name=name, timezone=opened.timezone, whose=opened.facilitator_id, has_places=True)


def _answer(file: bytes, *, is_private: bool) -> Response:
    response = make_response(file)
    response.headers["Content-Type"] = ICALENDAR
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.headers["Cache-Control"] = f"{'private' if is_private else 'public'}, no-cache"
    response.set_etag(hashlib.sha256(file).hexdigest()[:32])
    return response.make_conditional(request)


def _note(opened: Opened) -> None:
    """Keep that it was read; where nothing can be written just now, it is read all the same."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    network = hmac.new(key, network_of(request.remote_addr).encode(), hashlib.sha256).hexdigest()[:16]
    try:
        with briefly_writing() as db:
            note_use(db, opened.community_id, opened.feed_id, network, now())
    except (Busy, MilieuError):
        return
