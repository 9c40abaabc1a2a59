"""The blueprint that the views of printed sheets hang on, and how a PDF is answered."""

from collections.abc import Collection
from datetime import date

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from milieu.prints.papers import SHEETS, Paper, paper_of
from milieu.prints.typesetting import PDF
from web.binding import now
from web.guards.principal import principal
from web.pages import record_shown
from web.words.times import today_in

blueprint = Blueprint("prints", __name__)


def local_today() -> date:
    """The date on the community's wall."""
    return today_in(principal().timezone, now())


def asked_paper(allowed: tuple[str, ...] = SHEETS) -> Paper:
    """The paper that the address asks for, A4 where it says nothing. Raises NotFound."""
    return paper_of(request.args.get("paper", "a4"), allowed)


def sheet(pdf: bytes, name: str, *, shows: Collection[str] = ()) -> Response:
    """A PDF to look at and print, after it is recorded whom it shows; no browser or proxy keeps it by itself."""
    record_shown(shows)
    response = make_response(pdf)
    response.headers["Content-Type"] = PDF
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
