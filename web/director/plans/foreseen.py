"""What a family will read once a draft is published: the letter itself, made by publishing it and undoing that."""

from datetime import date, timedelta

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from milieu.errors import Busy, Conflict, NotFound
from milieu.queries.family.page import DAYS_SHOWN, FamilyView, family_view
from milieu.queries.family.readers import FamilyReader, readers_of
from milieu.queries.week.weeks import Draft, find_draft
from milieu.services.weeks.editions import issue
from milieu.services.weeks.publishing import edition_of
from web.binding import now, reader, undone
from web.director.blueprint import blueprint
from web.family.letter import compose
from web.guards.principal import principal
from web.pages import page
from web.words.times import today_in

_SHOWN = timedelta(days=DAYS_SHOWN)


@blueprint.get("/week/<day:week_start>/publish/family")
def family_reads(week_start: date) -> Response:
    """The letter that a relative would find once the draft is published. Raises NotFound for who reads nothing."""
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    draft = find_draft(db, somebody.community_id, week_start)
    if draft is None:
        return redirect(url_for("director.week", week_start=week_start))
    readers = readers_of(db, somebody.community_id, today)
    asked = next((each for each in readers if each.key == request.args.get("reader", "")), None)
    if asked is None and request.args.get("reader"):
        raise NotFound("There is nobody of that name to show.")
    chosen = asked or next(iter(readers), None)
    letter, why_not = None, ""
    if chosen is not None:
        try:
            letter = compose(_view(draft, chosen, today), somebody.timezone)
        except (Busy, Conflict) as refused:
            why_not = refused.sentence
    return page(
        "director/plans/family_reads.html",
        nav="director.this_week",
        week_start=week_start,
        readers=readers,
        chosen=chosen,
        letter=letter,
        why_not=why_not,
        read_from=None if week_start < today + _SHOWN else week_start - _SHOWN + timedelta(days=1),
        shows=sorted({each.resident_id for each in readers}),
    )


def _view(draft: Draft, chosen: FamilyReader, today: date) -> FamilyView:
    """The page's own facts, read where the draft is published. Raises Busy; Conflict where it cannot be published."""
    community_id = principal().community_id
    edition = edition_of(reader(), community_id, draft.id, now())
    with undone() as db:
        issue(db, edition, now=now())
        return family_view(
            db, chosen.relative_id, community_id, today, now(), chosen.resident_id, account_id=chosen.account_id
        )
