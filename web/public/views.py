"""The public programme and a living group's own, in print large enough for the wall, and for a television."""

from datetime import timedelta

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from milieu.queries.access.walls import open_walls
from milieu.queries.paper.walls import Programme, programme_of, programme_of_wall
from web.account.throttle import network_of, reserve_for, was_right
from web.binding import now, reader
from web.pages import page
from web.public.addresses import read_wall, sign_wall
from web.public.codes import OF_A_NETWORK, wall_of
from web.public.slides import slides_of

blueprint = Blueprint("public", __name__)


@blueprint.get("/programme/<community_key>")
def programme(community_key: str) -> Response:
    """This week's programme of a community; with `?screen` today's and tomorrow's for a television."""
    shown = programme_of(reader(), community_key, now=now())
    months = url_for("public.month", community_key=community_key, first=shown.today.replace(day=1))
    response = _show(shown, url_for("public.programme", community_key=community_key), months)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/wall/<token>")
def wall(token: str) -> Response:
    """The same of a living group, its closed groups included, at the address that a director made for its own wall."""
    shown = programme_of_wall(reader(), read_wall(token), now=now())
    return _show(shown, url_for("public.wall", token=token))


@blueprint.get("/w/<code>")
def short_wall(code: str) -> Response:
    """From the short address that is typed on a television to its slides. Raises NotFound, TooFast."""
    tries = reserve_for("wall code", OF_A_NETWORK, network_of(request.remote_addr))
    wall_id = wall_of(code, open_walls(reader()))
    was_right(tries)
    return redirect(url_for("public.wall", token=sign_wall(wall_id), screen=""))


def _show(shown: Programme, address: str, months: str = "") -> Response:
    g.zone = shown.timezone
    if "screen" not in request.args:
        return page("public/programme.html", shown=shown, tomorrow=shown.today + timedelta(days=1), months=months)
    slides = slides_of(shown)
    wanted = request.args["screen"]
    slide = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else 1
    slide = min(max(slide, 1), len(slides))
    following = f"{address}?screen={slide % len(slides) + 1}"
    return page("public/screen.html", shown=shown, slides=slides, following=following, slide=slide)
