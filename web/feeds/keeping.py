"""The page on which calendar addresses are made, seen to be used, and ended."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.queries.paper.feeds import (
    FeedLine,
    Possible,
    feeds_of,
    possible_kin,
    possible_leaders,
)
from milieu.services.access import feeds as keeping
from milieu.services.weeks.requests import Answer
from web.binding import bound, now, reader
from web.feeds.blueprint import blueprint
from web.forms import once, shown_once
from web.guards.principal import principal
from web.pages import page
from web.words.times import today_in


@blueprint.get("/calendars")
def mine() -> Response:
    """The addresses that somebody may see to, and for whom they may make one."""
    return _page()


@blueprint.post("/calendars")
def make() -> Response:
    """Make an address and show it, this once."""
    somebody, whose = principal(), _asked()

    def work(db: DbSession) -> tuple[str, Answer]:
        token = keeping.make_feed(db, somebody.community_id, **whose, by=somebody.account_id, now=now())
        said = _("The address was shown once. If it was not kept, end it and make another.")
        return token, Answer(url_for("feeds.mine"), said)

    token, answer = shown_once(work)
    if token is None:
        return once(lambda _db: answer)
    host = bound().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    response = page(
        "feeds/made.html", nav=_nav(), address=host + url_for("feeds.private", token=token), is_own=_is_own(whose)
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/calendars/<feed_id>/end")
def end(feed_id: str) -> Response:
    """End an address: it holds from its next reading on."""
    somebody = principal()
    if feed_id not in {line.id for line in _lines()}:
        raise NotFound("There is no such address.")

    def work(db: DbSession) -> Answer:
        keeping.end_feed(db, somebody.community_id, feed_id, by=somebody.account_id, now=now())
        return Answer(url_for("feeds.mine"), _("The address has ended. It shows nothing any more."))

    return once(work)


def _page() -> Response:
    somebody = principal()
    lines, possible = _lines(), _possible()
    host = bound().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    return page(
        "feeds/mine.html",
        nav=_nav(),
        lines=lines,
        possible=possible,
        is_director=_is_director(),
        many=keeping.MANY_NETWORKS,
        community_address=host + url_for("feeds.community", community_key=somebody.community_key),
        shows=_named(lines, possible),
    )


def _is_director() -> bool:
    return "director" in principal().roles


def _lines() -> tuple[FeedLine, ...]:
    """A director sees all of the community's, others their own."""
    somebody = principal()
    if _is_director():
        return feeds_of(reader(), somebody.community_id)
    if somebody.relative_id is None and somebody.facilitator_id is None:
        return ()
    return feeds_of(
        reader(), somebody.community_id, relative_id=somebody.relative_id, facilitator_id=somebody.facilitator_id
    )


def _possible() -> tuple[Possible, ...]:
    """For whom the signed-in person may make an address today."""
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    if _is_director():
        return (*possible_leaders(db, somebody.community_id, today), *possible_kin(db, somebody.community_id, today))
    own = [each for each in possible_leaders(db, somebody.community_id, today) if each.key == _own_key()]
    relatives = [somebody.relative_id] if somebody.relative_id else []
    return (*own, *possible_kin(db, somebody.community_id, today, relatives))


def _asked() -> dict[str, str]:
    """Whose address a form asks for. Raises NotFound where it is nobody's that this account may make one for."""
    wanted = request.form.get("for", "")
    if wanted not in {each.key for each in _possible()}:
        raise NotFound("There is nobody of that name to make a calendar for.")
    kind, *ids = wanted.split(":")
    names = ("facilitator_id",) if kind == "leader" else ("resident_id", "relative_id")
    return dict(zip(names, ids, strict=True))


def _is_own(whose: dict[str, str]) -> bool:
    somebody = principal()
    return somebody.relative_id == whose.get("relative_id") or f"leader:{whose.get('facilitator_id')}" == _own_key()


def _own_key() -> str:
    return f"leader:{principal().facilitator_id}"


def _named(lines: tuple[FeedLine, ...], possible: tuple[Possible, ...]) -> list[str]:
    """The residents whom the page names."""
    residents = {line.resident_id for line in lines if line.resident_id}
    residents |= {each.key.split(":")[1] for each in possible if each.key.startswith("kin:")}
    return sorted(residents)


def _nav() -> str:
    """The page of the navigation that these lie under: a family has one of their own."""
    return "feeds.mine" if "family" in principal().roles else "prints.start"
