"""Pages for what went wrong: what happened, what was kept, and what to do, in plain words."""

import traceback
from pathlib import Path

import structlog
from flask import Flask, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from milieu.errors import Busy, Conflict, Invalid, MilieuError, NotAllowed, NotFound, TooFast, Unwritable

_log = structlog.get_logger("web")


def init_failures(app: Flask) -> None:
    """One handler for each kind of error; anything unforeseen is logged with a number that the page shows."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(MilieuError, refusal)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def failure(status: int, title: str, *sentences: str, problems: tuple[str, ...] = ()) -> Response:
    """A page that tells a failure. Nothing on it depends on the address, so that foreign and missing look alike."""
    body = render_template("failure.html", title=title, sentences=sentences, problems=problems)
    response = make_response(body, status)
    if status in (429, 503):
        response.headers["Retry-After"] = "5"
    return response


def missing() -> Response:
    """The one answer to what is not there, was never there, or is not for this account."""
    return failure(404, _("This page is not there"), _("It may have moved, or the address may have a slip in it."))


def _stale_form(_error: CSRFError) -> Response:
    said = _("Nothing was saved. Please go back, reload the page and send it again.")
    if request.endpoint == "account.new_password":  # the first of two clicks ends what the second was sent with
        said = _("If you pressed the button twice, your new password holds: sign in with it. Else nothing was saved.")
    return failure(400, _("This form was open for too long"), said)


def refusal(error: MilieuError) -> Response:
    """The page of what Milieu refuses."""
    if isinstance(error, NotFound | NotAllowed):
        return missing()
    if isinstance(error, Conflict):
        return failure(409, _("Something changed in the meantime"), error.sentence, problems=error.because)
    if isinstance(error, Unwritable):
        return failure(503, _("Nothing can be saved just now"), error.sentence)
    if isinstance(error, Busy):
        return failure(503, _("Just a moment"), error.sentence)
    if isinstance(error, TooFast):
        return failure(429, _("That was a little fast"), error.sentence)
    if isinstance(error, Invalid):
        return failure(422, _("That could not be taken"), error.sentence, problems=error.problems)
    return failure(409, _("That cannot be done"), error.sentence)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or 300 <= status < 400:
        return error.get_response()
    if status in (401, 403, 404):
        return missing()
    told = {
        400: (_("The browser sent something we could not read"), _("Nothing was saved. Please go back and try again.")),
        405: (_("That cannot be done here"), _("Please go back and use the page’s own buttons.")),
        413: (_("That was too large"), _("Nothing was saved. Please send less at once.")),
        429: (_("That was a little fast"), _("Please wait a few seconds and try again.")),
        503: (_("Just a moment"), _("Milieu is busy. Please try again in a few seconds.")),
    }
    title, sentence = told.get(status, (_("That did not work"), _("Nothing was saved. Please go back and try again.")))
    response = failure(status, title, sentence)
    if status == 405 and error.get_response().headers.get("Allow"):
        response.headers["Allow"] = error.get_response().headers["Allow"]
    return response


def _broken(error: Exception) -> Response:
    number = g.get("request_id", "")
    # Places only: messages and variables may hold what nobody's log should know of a resident.
    places = [f"{Path(at.filename).name}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
    _log.error("request failed", request=number, endpoint=request.endpoint, kind=type(error).__name__, places=places)
    return failure(
        500,
        _("Something went wrong on our side"),
        _("What you last saved is safe. Please try again. If it happens again, tell whoever looks after Milieu:"),
        number,
    )
