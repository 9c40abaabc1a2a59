"""Walls: each living group's own programme gets an address for its own television, and the address is ended."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.access.walls import WallLine, walls_of
from milieu.services.access import walls as keeping
from milieu.services.weeks.requests import Answer
from web.binding import bound, now, reader
from web.director.blueprint import blueprint
from web.forms import once
from web.guards.principal import principal
from web.pages import page
from web.public.addresses import sign_wall
from web.public.codes import code_of
from web.words.times import today_in


@dataclass(frozen=True)
class WallShown:
    """A living group, the address of its wall and the short one to type; "" where it has none."""

    line: WallLine
    address: str
    short: str


@blueprint.get("/walls")
def walls() -> Response:
    """The living groups and their addresses."""
    somebody = principal()
    lines = walls_of(reader(), somebody.community_id, today=today_in(somebody.timezone, now()))
    return page("director/community/walls.html", nav="director.this_week", walls=[_shown(each) for each in lines])


@blueprint.post("/walls/<living_group_id>/open")
def open_wall(living_group_id: str) -> Response:
    """Make a living group's address."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        keeping.open_wall(db, somebody.community_id, living_group_id, by=somebody.account_id, now=now())
        return Answer(url_for("director.walls"), _("The address is made."))

    return once(work)


@blueprint.post("/walls/<wall_id>/end")
def end_wall(wall_id: str) -> Response:
    """End an address: it holds from its next reading on."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        keeping.end_wall(db, somebody.community_id, wall_id, by=somebody.account_id, now=now())
        return Answer(url_for("director.walls"), _("The address has ended. It shows nothing any more."))

    return once(work)


def _shown(line: WallLine) -> WallShown:
    if line.wall_id is None:
        return WallShown(line, "", "")
    host = bound().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    long, short = sign_wall(line.wall_id), code_of(line.wall_id)
    return WallShown(line, host + url_for("public.wall", token=long), host + url_for("public.short_wall", code=short))
