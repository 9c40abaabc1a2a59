"""The public programme, in print large enough for the wall, and for a television."""

from datetime import timedelta

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from milieu.queries.programme import programme_of
from web.binding import now, reader
from web.pages import page
from web.public.slides import slides_of

blueprint = Blueprint("public", __name__)


@blueprint.get("/programme/<community_key>")
def programme(community_key: str) -> Response:
    """This week's programme of a community; with `?screen` today's and tomorrow's for a television."""
    shown = programme_of(reader(), community_key, now=now())
    g.zone = shown.timezone
    if "screen" in request.args:
        slides = slides_of(shown)
        wanted = request.args["screen"]
        slide = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else 1
        response = page(
            "public/screen.html", shown=shown, slides=slides, key=community_key, slide=min(max(slide, 1), len(slides))
        )
    else:
        response = page("public/programme.html", shown=shown, tomorrow=shown.today + timedelta(days=1))
    response.headers["Cache-Control"] = "no-cache"
    return response
