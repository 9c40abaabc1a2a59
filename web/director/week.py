"""The week's board, and one session of it."""

from datetime import date, timedelta
from urllib.parse import urlencode

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from milieu.queries.drafts import count_set_aside
from milieu.queries.freshness import freshness
from milieu.queries.people_out import BANDS, Share, quality, shares
from milieu.queries.runs import last_run
from milieu.queries.sessions import show_session
from milieu.queries.weeks import pinned_refs, published_cards
from web.account.principal import principal
from web.binding import now, reader
from web.director.attention import matters
from web.director.blueprint import blueprint
from web.director.board import make_board
from web.director.sources import find_source, how_it_stands
from web.director.state import stale_line, state_line
from web.pages import page
from web.reasons import sentence
from web.words.times import monday_of, today_in


@blueprint.get("/week")
def this_week() -> Response:
    """The present week."""
    return redirect(url_for("director.week", week_start=monday_of(today_in(principal().timezone, now()))))


@blueprint.get("/week/<day:week_start>")
def week(week_start: date) -> Response:
    """A week by day and part of the day."""
    if week_start.weekday():
        monday = url_for("director.week", week_start=monday_of(week_start))
        return redirect(f"{monday}?{urlencode(list(request.args.items(multi=True)))}" if request.args else monday)
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    source = find_source(db, somebody.community_id, week_start)
    is_now = week_start <= today <= source.last_day
    checked = freshness(db, somebody.community_id, today, today, now()) if is_now else None
    both = source.draft is not None and source.published is not None
    other = published_cards(db, somebody.community_id, week_start) if both and source.view == "draft" else ()
    pinned = pinned_refs(db, somebody.community_id, week_start)
    board = make_board(source.cards, week_start, today, other=other, pinned=pinned)
    people = shares(db, somebody.community_id, week_start, source.cards)
    made = source.draft if source.view == "draft" else source.published
    stands = how_it_stands(db, somebody.community_id, source, now())
    set_aside = count_set_aside(db, somebody.community_id, week_start)
    run = last_run(db, somebody.community_id, week_start)
    return page(
        "director/week.html", nav="director.this_week", source=source, board=board, run=run, stands=stands,
        is_past=source.last_day < today,
        before=week_start - timedelta(days=7), after=week_start + timedelta(days=7), this=monday_of(today),
        state=state_line(source, stands, checked, now(), somebody.timezone),
        stale=stale_line(checked, now(), somebody.timezone),
        matters=matters(source, board, people, run, today, stands, set_aside),
        bands=_bands(people), people_count=len(people),
        quality=quality(db, somebody.community_id, week_start, source.cards, people), gap=made.gap if made else None,
    )  # fmt: skip


@blueprint.get("/week/<day:week_start>/session/<ref>")
def session(week_start: date, ref: str) -> Response:
    """A session with those invited, and why."""
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, week_start)
    shown = show_session(db, somebody.community_id, source.cards, ref)
    why = {person.resident_id: sentence(person.reasons, person.pronoun) for person in shown.invited}
    return page(
        "director/session.html", nav="director.this_week", source=source, shown=shown, card=shown.card, why=why,
        shows=[person.resident_id for person in shown.invited],
    )  # fmt: skip


def _bands(people: tuple[Share, ...]) -> list[tuple[str, int, int]]:
    """Each band of the spread: its name, how many people, and its bar's length in 0..100 of the longest."""
    counts = {band: sum(person.band == band for person in people) for band in BANDS}
    most = max(counts.values(), default=0) or 1
    return [(band, count, round(100 * count / most)) for band, count in counts.items()]
