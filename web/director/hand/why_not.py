"""Why somebody is not in a session, what would bring them in, and how somebody is kept out of one."""

from datetime import date

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Invalid, NotFound
from milieu.queries.residents.people import people_of_week
from milieu.queries.week.weeks import Card
from milieu.services.by_hand import edits
from milieu.services.by_hand.choices import read_week
from milieu.services.by_hand.fixed import fixed_in
from milieu.services.by_hand.pins import keep_out, let_in
from milieu.services.by_hand.trying import Asked
from milieu.services.by_hand.ways import CALLED_OFF, JOINS, LEAVES, Ways, changes_of
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.hand.changing import card_of, make_change
from web.director.week.sources import Source, find_source, said_of
from web.forms import once, seen_version, teller
from web.guards.principal import principal
from web.pages import page
from web.words.why_not import move_said, rule_said, speaking

MOST_MOVES = 40
"""More moves than any way in has: a form with more was not made by the page."""


@blueprint.get("/week/<day:week_start>/session/<ref>/why-not")
def why_not(week_start: date, ref: str) -> Response:
    """Why somebody is not in a session: the rule, the fact, what would bring them in and whom that would cost."""
    db, who = reader(), request.args.get("who", "")
    source = find_source(db, principal().community_id, week_start)
    card = card_of(source, ref)
    if not who:
        return _ask_page(db, source, card)
    read = read_week(db, teller(), week_start, source.draft.id if source.view == "draft" and source.draft else "")
    found = Ways(db, read.source, read.sessions).why_not(who, ref)
    return page(
        "director/hand/why_not.html",
        nav="director.this_week",
        source=source,
        card=card,
        became=said_of(db, source, ref),
        who_id=who,
        found=found,
        steps=[f"{each.kind}|{each.session.ref}|{each.resident_id}" for each in found.moves],
        can_change=source.view == "draft",
        rule_said=rule_said,
        speaking=speaking,
        move_said=move_said,
        shows=[who, *(each.resident_id for each in found.moves if each.resident_id)],
    )


@blueprint.post("/week/<day:week_start>/session/<ref>/bring-in")
def bring_in_person(week_start: date, ref: str) -> Response:
    """Invite somebody together with what makes room for it, as the page proposed it; undone together."""
    moves = [_move(each) for each in request.form.getlist("step")[:MOST_MOVES]]
    made = changes_of(moves)
    if not made:
        raise Invalid(_("Nothing was chosen."))
    return make_change(week_start, lambda db, by: made, _("Invited, in the draft."))


@blueprint.get("/week/<day:week_start>/session/<ref>/not-here")
def not_here(week_start: date, ref: str) -> Response:
    """Whose word it is that somebody is not to be in a session: the director's, their own, or the chart's."""
    db, who = reader(), request.args.get("who", "")
    source = find_source(db, principal().community_id, week_start, "draft")
    card = card_of(source, ref)
    if source.draft is None:
        raise NotFound("There is no draft of this week any more.")
    if not who:
        return redirect(url_for("director.session", week_start=week_start, ref=ref, view="draft"))
    read = read_week(db, teller(), week_start, source.draft.id)
    person = next((each for each in read.people if each.id == who), None)
    if person is None:
        raise NotFound("There is no such resident in this week.")
    return page(
        "director/hand/not_here.html",
        nav="director.this_week",
        source=source,
        card=card,
        became=said_of(db, source, ref),
        person=person,
        is_invited=any(place.resident_id == who for place in card.places),
        is_kept_out=who in fixed_in(db, principal().community_id, week_start, ref).absent,
        shows=[who],
    )


@blueprint.post("/week/<day:week_start>/session/<ref>/keep-out")
def keep_person_out(week_start: date, ref: str) -> Response:
    """Keep somebody out of a session of this week, also when it is planned again."""
    who, is_invited = request.form.get("who", ""), request.form.get("is_invited") == "yes"
    said = _("Not here: planning again does not invite them to it either.")
    if is_invited:
        made = [Asked(edits.TAKEN_OUT, ref, edits.take_out(ref, who), keeps_out=who)]
        return make_change(week_start, lambda db, by: made, said)
    version = seen_version()

    def work(db: DbSession) -> Answer:
        keep_out(db, teller(), week_start, version, ref, who)
        return Answer(url_for("director.session", week_start=week_start, ref=ref, view="draft"), said)

    return once(work)


@blueprint.post("/week/<day:week_start>/session/<ref>/let-in")
def let_person_in(week_start: date, ref: str) -> Response:
    """Let planning invite somebody again who was kept out."""
    who, version = request.form.get("who", ""), seen_version()

    def work(db: DbSession) -> Answer:
        let_in(db, teller(), week_start, version, ref, who)
        said = _("Let go: they may be invited again.")
        return Answer(url_for("director.session", week_start=week_start, ref=ref, view="draft"), said)

    return once(work)


def _ask_page(db: DbSession, source: Source, card: Card) -> Response:
    """Of whom to ask: everybody who is not invited."""
    invited = {place.resident_id for place in card.places}
    here = people_of_week(db, principal().community_id, source.week_start)
    people = sorted((each for each in here if each.id not in invited), key=lambda each: each.name.casefold())
    return page(
        "director/hand/ask_why.html",
        nav="director.this_week",
        source=source,
        card=card,
        became=said_of(db, source, card.ref),
        people=people,
        shows=[each.id for each in people],
    )


def _move(text: str) -> tuple[str, str, str]:
    kind, _bar, rest = text.partition("|")
    ref, _bar, who = rest.partition("|")
    if kind not in (JOINS, LEAVES, CALLED_OFF):
        raise Invalid(_("This way in cannot be read. Please ask again."))
    return kind, ref, who
