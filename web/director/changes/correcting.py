"""A fact that was told not quite right, corrected in the form that it was told in; and what can be done then."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.facts.by_day import fact_told
from milieu.queries.facts.kinds import FactTold
from milieu.services.choices.asking import request_choices
from milieu.services.facts.correcting import as_correction, find_standing
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.forms import once, seen_version, teller
from web.guards.principal import principal
from web.pages import page
from web.telling import choices_for, kinds_told, tell, today, typed_again, typed_before
from web.words.facts import told_sentence


@blueprint.get("/changed/line/<change_id>")
def told_line(change_id: str) -> Response:
    """A fact in its form, to be corrected."""
    return _page(change_id)


@blueprint.post("/changed/line/<change_id>")
def correct_change(change_id: str) -> Response:
    """Let a fact say what the form says; what can be done is looked for in each week that it touched or touches."""
    somebody, by = principal(), teller()

    def work(db: DbSession) -> Answer:
        standing = find_standing(db, somebody.community_id, change_id)
        row_id = tell(db, as_correction(db, by, change_id, seen_version()), standing.kind)
        fact = fact_told(db, somebody.community_id, row_id, timezone=somebody.timezone, now=by.now)
        weeks = _weeks(fact, today())
        for week_start in weeks:
            request_choices(db, somebody.community_id, week_start, by=somebody.account_id, now=by.now)
        if weeks:
            return Answer(url_for("director.choices", week_start=weeks[0]), _("Corrected."))
        return Answer(url_for("director.changed", _anchor="told"), _("Corrected."))

    try:
        return once(work)
    except (Invalid, Conflict) as refused:
        if not refused.at:
            raise
        return _page(change_id, refused)


def _weeks(fact: FactTold, day: date) -> tuple[date, ...]:
    """The weeks to look at anew: what stands against it by now, and what was changed for it as it was said before."""
    since = {done.week_start for done in fact.did if (day - done.week_start).days < 7}
    return tuple(sorted({*fact.weeks, *since}))


def _page(change_id: str, refused: Invalid | Conflict | None = None) -> Response:
    somebody, db = principal(), reader()
    standing = find_standing(db, somebody.community_id, change_id)
    fact = fact_told(db, somebody.community_id, standing.row_id, timezone=somebody.timezone, now=now())
    offered = choices_for(db, somebody.community_id, standing.kind)
    return page(
        "director/changes/correct.html",
        status=200 if refused is None else 409 if isinstance(refused, Conflict) else 422,
        nav="director.changed",
        shows=[*(person.id for person in offered["people"]), *fact.people],
        kind=standing.kind,
        heading=kinds_told()[standing.kind],
        sentence=told_sentence(fact),
        change_id=change_id,
        version=seen_version() if refused else standing.version,
        refused=refused,
        typed=typed_again(refused) if refused else typed_before(standing),
        **offered,
    )
