"""What the staff tell of the day: a colleague is away, a space cannot be used, a resident is out, a no was said.

It is told as a director tells it, of today alone but for a no, which is the resident's to say for how long. What can be
done about it waits for whoever plans the week.
"""

from flask import abort, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.queries.facts.by_day import fact_told, facts_told
from milieu.queries.facts.kinds import ABSENCE, BED, BUSY, CLOSURE, REFUSAL, FactTold
from milieu.services.choices.asking import request_choices
from milieu.services.facts.taking_back import take_back
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.forms import once, teller
from web.guards.principal import principal
from web.pages import page
from web.staff.blueprint import blueprint
from web.telling import choices_for, kinds_told, tell, today
from web.words.facts import told_sentence

OF_STAFF = (ABSENCE, CLOSURE, BUSY, BED, REFUSAL)


@blueprint.get("/today/changed")
def changed() -> Response:
    """A form for each kind that is the staff's to tell (`?kind=absence`), and what this account told today."""
    kind = request.args.get("kind", ABSENCE)
    return _page(kind if kind in OF_STAFF else ABSENCE)


@blueprint.post("/today/changed/<kind>")
def tell_change(kind: str) -> Response:
    """Take a fact in; a no holds at once, and whoever plans the week finds what can be done about the rest."""
    if kind not in OF_STAFF:
        abort(404)
    somebody = principal()
    by = teller()

    def work(db: DbSession) -> Answer:
        if kind != REFUSAL:
            _check_today(kind)
        row_id = tell(db, by, kind)
        fact = fact_told(db, somebody.community_id, row_id, timezone=somebody.timezone, now=by.now)
        for week_start in fact.weeks:
            request_choices(db, somebody.community_id, week_start, by=somebody.account_id, now=by.now)
        return Answer(url_for("staff.changed", kind=kind, _anchor="told"), _("Noted."))

    try:
        return once(work)
    except (Invalid, Conflict) as refused:
        if not refused.at:
            raise
        return _page(kind, refused)


@blueprint.post("/today/changed/line/<change_id>/take-back")
def take_change_back(change_id: str) -> Response:
    """Take back what this account told today."""

    def work(db: DbSession) -> Answer:
        if change_id not in {fact.id for fact in _mine(db)}:
            raise NotFound("There is no such change.")
        take_back(db, teller(), change_id)
        return Answer(url_for("staff.changed", _anchor="told"), _("Taken back."))

    return once(work)


def _page(kind: str, refused: Invalid | Conflict | None = None) -> Response:
    somebody, db = principal(), reader()
    offered, facts = choices_for(db, somebody.community_id, kind), _mine(db)
    words = kinds_told()
    return page(
        "staff/changed.html",
        status=200 if refused is None else 409 if isinstance(refused, Conflict) else 422,
        nav="staff.today",
        shows=[*(person.id for person in offered["people"]), *(each for fact in facts for each in fact.people)],
        kind=kind,
        kinds={each: words[each] for each in OF_STAFF},
        refused=refused,
        typed=request.form if refused else {},
        only_today=True,
        lines=[(fact, told_sentence(fact)) for fact in facts],
        **offered,
    )


def _mine(db: DbSession) -> list[FactTold]:
    """What this account told today, the newest first."""
    somebody = principal()
    told = facts_told(db, somebody.community_id, today(), timezone=somebody.timezone, now=now())
    return [fact for fact in told if fact.by_id == somebody.account_id and fact.kind in OF_STAFF]


def _check_today(kind: str) -> None:
    day = today().isoformat()
    last = request.form.get("last", "")
    if request.form.get("first") != day or last != (day if kind == BED else ""):
        raise Invalid(_("Of another day please tell whoever plans the week."), at="part")
