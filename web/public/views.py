"""The public programme, in print large enough for the wall."""

from flask import Blueprint, g
from werkzeug.wrappers import Response

from milieu.queries.programme import programme_of
from web.binding import now, reader
from web.pages import page

blueprint = Blueprint("public", __name__)


@blueprint.get("/programme/<community_key>")
def programme(community_key: str) -> Response:
    """This week's programme of a community."""
    shown = programme_of(reader(), community_key, now=now())
    g.zone = shown.timezone
    response = page("public/programme.html", shown=shown)
    response.headers["Cache-Control"] = "no-cache"
    return response
