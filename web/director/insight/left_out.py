"""Who is left out of a week and over the four before, why, and the best ways to mend it, taken with one tap."""

from datetime import date
from typing import Any

from flask import jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.queries.names import resident_names
from milieu.queries.programme.resting import resting
from milieu.queries.week.fewness import reasons_for_few
from milieu.queries.week.outcomes import still_held
from milieu.services.by_hand.edits import Spot
from milieu.services.left_out.mending import NO_DRAFT, Taken, take
from milieu.services.left_out.weeks import LeftOut, left_out_of, missing_of
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.person.few import why_few
from web.director.week.sources import Source, became_of, find_source
from web.forms import once, seen_version, teller
from web.guards.principal import principal
from web.pages import page
from web.typed import needed_day
from web.words.insight.left_out import kind_word, way_asks, way_word, why_missing
from web.words.times import monday_of, today_in

BAND_WORDS = {"none": "0", "few": "1–4", "some": "5–9", "many": "10+"}


@blueprint.get("/week/<day:week_start>/left-out")
def left_out(week_start: date) -> Response:
    """Who misses what; with `?tried`, also why and what would mend it."""
    if week_start.weekday():
        return redirect(url_for("director.left_out", week_start=monday_of(week_start)))
    return _page(week_start, is_tried="tried" in request.args)


@blueprint.get("/week/<day:week_start>/left-out/ways")
def left_out_ways(week_start: date) -> Response:
    """For the page's script: the people with why, and the ways that were tried."""
    context = _context(week_start, is_tried=True)
    part = page("director/insight/missing.html", **context)
    return jsonify(html=part.get_data(as_text=True))


@blueprint.post("/week/<day:week_start>/left-out")
def mend_left_out(week_start: date) -> Response:
    """Take a way: the draft is changed by hand by it."""

    def work(db: DbSession) -> Answer:
        title = take(db, teller(), week_start, seen_version(), _taken())
        said = _("Invited to %(title)s. Undo stands on the week’s page.", title=title)
        return Answer(url_for("director.left_out", week_start=week_start, tried=1), said)

    try:
        return once(work)
    except (Conflict, Invalid, NotFound) as refused:
        return _page(week_start, is_tried=True, refused=refused)


def _taken() -> Taken:
    form, incomplete = request.form, _("This form is incomplete. Please look again.")
    spot = None
    if form.get("day"):
        try:
            spot = Spot(
                needed_day("day", incomplete),
                int(form.get("minute", "")),
                form.get("space", ""),
                tuple(filter(None, form.getlist("leader"))),
            )
        except ValueError:
            raise Invalid(incomplete) from None
    return Taken(
        form.get("who", ""),
        form.get("ref", ""),
        form.get("leaves", ""),
        form.get("instead", ""),
        form.get("activity", ""),
        spot,
    )


def _page(week_start: date, *, is_tried: bool, refused: Conflict | Invalid | NotFound | None = None) -> Response:
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    context = _context(week_start, is_tried=is_tried)
    return page("director/insight/left_out.html", status=status, refused=refused, **context)


def _context(week_start: date, *, is_tried: bool) -> dict[str, Any]:
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, week_start)
    found = _found(db, source, is_tried=is_tried) if source.view else None
    names = resident_names(db, somebody.community_id)
    people = [each.share.resident_id for each in found.people] if found else []
    over = {share.resident_id for _kind, _count, shares in found.kinds for share in shares} if found else set()
    ways = [way for each in found.people for way in each.ways or ()] if found else []
    return {
        "nav": "director.this_week",
        "source": source,
        "found": found,
        "is_past": source.last_day < today_in(somebody.timezone, now()),
        "is_tried": is_tried,
        "band_words": BAND_WORDS,
        "most": max((max(count, usual or 0) for _band, count, usual in found.bands), default=0) or 1 if found else 1,
        "kind_word": kind_word,
        "why": _why(db, source, found) if found else {},
        "way_word": way_word,
        "asks": lambda way: way_asks(way, names),
        "version": _version(source),
        "shows": sorted({*people, *over, *(who for way in ways for who in (*way.less, way.instead) if who)}),
    }


def _why(db: DbSession, source: Source, found: LeftOut) -> dict[str, list[str]]:
    """What stands beside it, by resident: of who is invited to little also the facts that the list of people tells."""
    community_id = principal().community_id
    little = {each.share.resident_id: each.share for each in found.people if {"nothing", "little"} & set(each.kinds)}
    today = today_in(principal().timezone, now())
    rests = resting(db, community_id, on=today, today=today, of=little)
    became = became_of(db, community_id, source)
    facts = (
        reasons_for_few(db, community_id, source.week_start, source.cards, became, little.values(), rests)
        if little
        else {}
    )
    return {
        who: [*why_missing(each), *why_few(facts.get(who, ()))]
        for each in found.people
        for who in [each.share.resident_id]
    }


def _version(source: Source) -> int | None:
    """Of the draft that a way changes, 0 where the first way begins one; None beside a draft that is not looked at."""
    if source.draft is None:
        return NO_DRAFT
    return source.draft.version if source.view == "draft" else None


def _found(db: DbSession, source: Source, *, is_tried: bool) -> LeftOut:
    community_id = principal().community_id
    held = still_held(source.cards, became_of(db, community_id, source))
    if not is_tried:
        return missing_of(db, community_id, source.week_start, held)
    return left_out_of(db, teller(), source.week_start, held, source.plan)
