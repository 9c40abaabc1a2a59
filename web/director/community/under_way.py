"""Lists while they are taken in: how far they are, for whoever waits for them, and the end that they may ask for.

The form is sent as any other and answered when it is done; meanwhile the page's script asks here. How far it is stands
in the memory of the process that works on it, since nobody sees what a unit of work has done before it is committed.
Another process that is asked knows of nothing under way, and the page waits for the form's answer as without a script.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import jsonify, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.imports.watching import AGAINST, CELLS, COLUMNS, KEEPING, READING, WRITING, Watch, watched_by
from web.director.blueprint import blueprint
from web.guards.principal import principal
from web.pages import page


@dataclass
class Form:
    """A form under way; `sent` is how often it has arrived and is not answered yet."""

    watch: Watch = field(default_factory=Watch)
    turn: threading.Lock = field(default_factory=threading.Lock)
    sent: int = 0


_lock = threading.Lock()
UNDER_WAY: dict[tuple[str, str, str], Form] = {}


@contextmanager
def watched(form_key: str) -> Iterator[None]:
    """Let a form's work be watched and stopped by who sent it; its second arrival waits for the first."""
    key = _key(form_key)
    with _lock:
        form = UNDER_WAY.setdefault(key, Form())
        form.sent += 1
    try:
        with form.turn, watched_by(form.watch):
            yield
    finally:
        with _lock:
            form.sent -= 1
            if not form.sent:
                del UNDER_WAY[key]


@blueprint.get("/lists/under-way")
def lists_under_way() -> Response:
    """How far lists of one's own are, for the page's script."""
    watch = _watch(request.args.get("form", ""))
    if watch is None:
        return jsonify(open=False, stopping=False, html="")
    part = page("director/community/under_way.html", watch=watch, said=_said(watch))
    return jsonify(open=True, stopping=watch.is_stopping, html=part.get_data(as_text=True))


@blueprint.post("/lists/under-way/stop")
def stop_lists() -> Response:
    """Ask lists of one's own to end with nothing taken in; the form that brought them is answered accordingly."""
    if (watch := _watch(request.form.get("form", ""))) is not None:
        watch.is_stopping = True
        return jsonify(stopping=True)
    return jsonify(stopping=False)


def _watch(form_key: str) -> Watch | None:
    with _lock:
        form = UNDER_WAY.get(_key(form_key))
    return form.watch if form else None


def _key(form_key: str) -> tuple[str, str, str]:
    somebody = principal()
    return somebody.community_id, somebody.account_id, form_key


def _said(watch: Watch) -> str:
    """The step that is under way, in words, with how much of it is done."""
    if watch.is_stopping:
        return _("Stopping. Nothing will have been taken in.")
    done, of = watch.done, watch.of
    if watch.step == READING:
        return ngettext("Reading: %(num)d row so far.", "Reading: %(num)d rows so far.", done)
    if watch.step == COLUMNS:
        return _("Seeing what each sheet is: %(done)d of %(of)d.", done=done, of=of)
    if watch.step == CELLS:
        return _("Reading what the rows say: %(done)d of %(of)d.", done=done, of=of)
    if watch.step == WRITING:
        return _("Seeing what each row changes: %(done)d of %(of)d.", done=done, of=of)
    return {
        AGAINST: _("Holding the rows against each other."),
        KEEPING: _("Keeping what was there, so that it can be taken back."),
    }.get(watch.step, _("Waiting to begin."))
