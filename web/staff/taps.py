"""A tap as it arrives: its own key, who tapped it and when.

A tablet without reception keeps taps and sends them later, perhaps when a colleague is signed in. Each carries the
moment at which it was tapped, by the server's clock as far as the tablet knew it, and a signed word of who was signed
in then, which nobody but this server can have given.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from milieu.errors import Conflict
from web.binding import now
from web.guards.principal import principal
from web.staff.words import read_undo

KEPT = timedelta(days=3)
_LATEST = 10**14  # milliseconds: a moment in the year 5138, beyond which a number is none


@dataclass(frozen=True)
class Tap:
    """`by` is the account that tapped, `sent_by` the one that sends it where that is another."""

    key: str
    value: str
    by: str
    sent_by: str | None
    at: datetime


def sign_tapper() -> str:
    """Who is signed in, for a page to keep with its taps."""
    somebody = principal()
    signed = _signer().dumps([somebody.community_id, somebody.account_id])
    return signed if isinstance(signed, str) else signed.decode()


def read_tap() -> Tap:
    """The tap of this request. The form of a card has one key for all its buttons: the button's word is added.

    Raises Conflict where it cannot be told any more who tapped.
    """
    value, form_key = request.form.get("mark", ""), request.form.get("form_key", "")
    word = "undo" if read_undo(value) is not None else value
    me, tapper = principal().account_id, _tapper(request.form.get("tapper", ""))
    return Tap(
        key=f"{form_key}:{word}" if form_key else "",
        value=value,
        by=tapper,
        sent_by=None if tapper == me else me,
        at=_moment(request.form.get("tapped_at", "")),
    )


def _tapper(signed: str) -> str:
    somebody = principal()
    if not signed:
        return somebody.account_id
    try:
        community_id, account_id = _signer().loads(signed, max_age=int(KEPT.total_seconds()))
    except (BadSignature, ValueError):
        community_id, account_id = "", ""
    if community_id != somebody.community_id:
        raise Conflict(_("It cannot be told any more who tapped this. Please mark it anew."))
    return str(account_id)


def _moment(text: str) -> datetime:
    """When it was tapped; now where nothing is said that could be."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LATEST)) and int(text) < _LATEST):
        return now()
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="milieu-tapper")
