"""A week changed by hand: moved, led by others, added, removed; people invited or not; undone and done again."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import abort, jsonify, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.queries.week.drafts import has_session
from milieu.queries.week.weeks import Card, find_draft
from milieu.services.by_hand import edits, trying
from milieu.services.by_hand.beginning import FROM, begin_draft
from milieu.services.by_hand.choices import Drafted, read_draft
from milieu.services.by_hand.edits import Spot
from milieu.services.by_hand.elsewhere import Elsewhere
from milieu.services.by_hand.keeping import CHANGED
from milieu.services.by_hand.pins import fix
from milieu.services.by_hand.trying import Asked
from milieu.services.teller import Teller
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.week.sources import Source, find_source, said_of
from web.forms import once, seen_version, teller
from web.guards.principal import principal
from web.pages import page
from web.typed import day_asked, needed_day, typed_minute
from web.words.by_hand import obstacle_said, step_said
from web.words.times import clock_time, duration

YES = "yes"
Made = Callable[[DbSession, Teller], Sequence[Asked]]
"""What a form asks for: one change, or several that are made together."""


@blueprint.post("/week/<day:week_start>/by-hand")
def begin_by_hand(week_start: date) -> Response:
    """Make a draft to be changed by hand: from what is published, like last week, from a base week, or empty."""
    begin_from, base_week = request.form.get("from", ""), request.form.get("base_week", "")
    ref = request.form.get("ref", "")  # of the session whose change asked for a draft
    if begin_from not in FROM:
        abort(404)

    def work(db: DbSession) -> Answer:
        plan_id = begin_draft(db, teller(), week_start, begin_from, base_week)
        if has_session(db, principal().community_id, plan_id, ref):
            return Answer(url_for("director.change_session", week_start=week_start, ref=ref))
        return Answer(url_for("director.week", week_start=week_start, view="draft"))

    return once(work)


@blueprint.get("/week/<day:week_start>/session/<ref>/change")
def change_session(week_start: date, ref: str) -> Response:
    """When and where a session of the draft is held, who leads it, and where else it could go."""
    return _change_page(week_start, ref)


@blueprint.get("/week/<day:week_start>/session/<ref>/where")
def where_session(week_start: date, ref: str) -> Response:
    """For the board's script: the best other place on each day, as the form would say it, else why there is none;
    `?on=` every one of a day.

    That is each time and space that the activity can have, with somebody who leads it; people are asked at the drop.
    """
    source, drafted = read_week(week_start)
    card = card_of(source, ref)
    if (on := day_asked("on")) is not None:
        return jsonify([{"start": each.start_minute, "space": each.space_id} for each in drafted.free_on(ref, on)])
    return jsonify(
        [{"day": str(day), **_offer(drafted, card, each)} for day, each in drafted.best_of_days(ref).items()]
    )


def _offer(drafted: Drafted, card: Card, each: Elsewhere | str) -> dict[str, Any]:
    """What a day has to offer, or only why it has nothing."""
    if isinstance(each, str):
        return {"why": obstacle_said(each)}
    return {
        "start": clock_time(each.spot.start_minute),
        "space": each.spot.space_id,
        "leaders": list(each.spot.facilitators),
        "leave_out": len(each.coming) < card.taken,
        "said": _place_said(drafted, card, each),
    }


def _place_said(drafted: Drafted, card: Card, each: Elsewhere) -> str:
    what = f"{clock_time(each.spot.start_minute)} {drafted.name_of_space(each.spot.space_id)}"
    if len(each.coming) == card.taken:
        return _("%(where)s: everybody can come", where=what)
    return _("%(where)s: %(count)s of %(all)s can come", where=what, count=len(each.coming), all=card.taken)


@blueprint.post("/week/<day:week_start>/session/<ref>/place")
def place_session(week_start: date, ref: str) -> Response:
    """Hold it at another time or place, or let others lead it."""

    def made(db: DbSession, by: Teller) -> list[Asked]:
        spot = _spot()
        only = None
        if request.form.get("leave_out") == YES:
            draft = _draft(db, week_start)
            only = read_draft(db, by, week_start, draft).who_can(ref, spot) or None
        return [Asked(edits.PLACED, ref, edits.place(ref, spot, only))]

    return make_change(week_start, made, _("Changed."), lambda refused: _change_page(week_start, ref, refused))


@blueprint.post("/week/<day:week_start>/session/<ref>/copy")
def copy_session(week_start: date, ref: str) -> Response:
    """Hold it once more, for the same people."""

    def made(db: DbSession, by: Teller) -> list[Asked]:
        new = trying.new_ref(trying.source_of(db, by.community_id, week_start, by))
        return [Asked(edits.COPIED, new, edits.copy(new, ref, _day(), typed_minute("start")))]

    return make_change(week_start, made, _("Added once more."), lambda refused: _change_page(week_start, ref, refused))


@blueprint.post("/week/<day:week_start>/session/<ref>/remove")
def remove_session(week_start: date, ref: str) -> Response:
    """Hold it no more in this week."""
    made = [Asked(edits.REMOVED, ref, edits.remove(ref))]
    return make_change(week_start, lambda db, by: made, _("Taken out of the week."), to_week=True)


@blueprint.post("/week/<day:week_start>/session/<ref>/fix")
def fix_session(week_start: date, ref: str) -> Response:
    """Let planning again leave a session as it is, or somebody in it; or no longer."""
    version, is_fixed, who = seen_version(), request.form.get("fixed") == YES, request.form.get("who", "")

    def work(db: DbSession) -> Answer:
        fix(db, teller(), week_start, version, ref, is_fixed=is_fixed, resident_id=who)
        said = _("Fixed: planning again leaves it as it is.") if is_fixed else _("Not fixed any more.")
        return Answer(_afterwards(week_start, ref), said)

    return once(work)


@blueprint.post("/week/<day:week_start>/session/<ref>/invite")
def invite_person(week_start: date, ref: str) -> Response:
    """Invite somebody, or somebody in another's place."""
    who, instead_of = request.form.get("who", ""), request.form.get("instead_of", "")
    kind = edits.SWAPPED if instead_of else edits.INVITED
    made = [Asked(kind, ref, edits.invite(ref, who, instead_of))]
    return make_change(week_start, lambda db, by: made, _("Invited, in the draft."))


@blueprint.post("/week/<day:week_start>/session/<ref>/take-out")
def take_person_out(week_start: date, ref: str) -> Response:
    """Invite somebody no more."""
    made = [Asked(edits.TAKEN_OUT, ref, edits.take_out(ref, request.form.get("who", "")))]
    return make_change(week_start, lambda db, by: made, _("Invited no more, in the draft."))


@blueprint.get("/week/<day:week_start>/add")
def add_session(week_start: date) -> Response:
    """A form for one session more."""
    return _add_page(week_start)


@blueprint.post("/week/<day:week_start>/add")
def add_session_now(week_start: date) -> Response:
    """Hold an activity once more in this week."""

    def made(db: DbSession, by: Teller) -> list[Asked]:
        source = trying.source_of(db, by.community_id, week_start, by)
        ref = trying.new_ref(source)
        return [Asked(edits.ADDED, ref, edits.add(ref, request.form.get("activity", ""), _spot()))]

    said = _("Added. Nobody is invited to it yet.")
    return make_change(week_start, made, said, lambda refused: _add_page(week_start, refused))


@blueprint.post("/week/<day:week_start>/undo")
def undo_change(week_start: date) -> Response:
    """Take the last change by hand back."""
    return _step(week_start, back=True)


@blueprint.post("/week/<day:week_start>/redo")
def redo_change(week_start: date) -> Response:
    """Do the change again that was taken back last."""
    return _step(week_start, back=False)


def _step(week_start: date, *, back: bool) -> Response:
    version = seen_version()

    def work(db: DbSession) -> Answer:
        said = step_said(trying.step(db, teller(), week_start, version, back=back))
        word = _("Undone: %(what)s.", what=said) if back else _("Done again: %(what)s.", what=said)
        return Answer(url_for("director.week", week_start=week_start, view="draft"), word)

    return once(work)


def make_change(
    week_start: date,
    made: Made,
    said: str,
    again: Callable[[Invalid], Response] | None = None,
    *,
    to_week: bool = False,
) -> Response:
    """Make the change that a form asks for; what it would break is said first, with ways out."""
    version, on_purpose = seen_version(), request.form.get("on_purpose") == YES
    asked: list[Asked] = []

    def work(db: DbSession) -> Answer:
        asked[:] = made(db, teller())
        kept = trying.change(db, teller(), week_start, version, *asked, on_purpose=on_purpose)
        return Answer(_afterwards(week_start, asked[0].ref if kept[0] is not None and not to_week else ""), said)

    try:
        return once(work)
    except trying.Breaks as refused:
        return _breaks_page(week_start, refused, asked[0].ref)
    except Invalid as refused:
        if again is None or not refused.at:
            raise
        return again(refused)
    except Conflict as refused:
        if refused.sentence != CHANGED:
            raise
        return _stale_page(week_start, refused)


def _afterwards(week_start: date, ref: str) -> str:
    """Where a change leads: to the day, card or person that it was made from, to its session, or to the week."""
    form = request.form
    if form.get("back_to_day"):
        on, by, every = form.get("day"), form["back_to_day"], form.get("all")
        return url_for("director.day_board", week_start=week_start, on=on, by=by, view="draft", all=every)
    if (cards := form.get("back_to_week", "")) and ref:
        lines = cards if cards == "lines" else None
        return url_for("director.week", week_start=week_start, view="draft", cards=lines, _anchor=f"session-{ref}")
    if back := form.get("back_to", ""):
        return url_for("director.week_of_person", week_start=week_start, resident_id=back)
    if ref:
        stays = request.endpoint == "director.fix_session" and form.get("who")  # its button says what was done
        place = f"who-{form['who']}" if stays else None
        return url_for("director.session", week_start=week_start, ref=ref, view="draft", _anchor=place)
    return url_for("director.week", week_start=week_start, view="draft")


def _change_page(week_start: date, ref: str, refused: Invalid | None = None) -> Response:
    source, drafted = read_week(week_start)
    card = card_of(source, ref)
    return page(
        "director/changes/change_session.html",
        status=422 if refused else 200,
        nav="director.this_week",
        shows=[place.resident_id for place in card.places],
        source=source,
        card=card,
        became=said_of(reader(), source, ref),
        session=next(each for each in drafted.sessions if each.ref == ref),
        choices=drafted.choices,
        places=drafted.elsewhere(ref),
        name_of_space=drafted.name_of_space,
        minutes=duration(60 * (card.end_minute - card.start_minute)),
        refused=refused,
        typed=request.form if refused else {},
    )


def _add_page(week_start: date, refused: Invalid | None = None) -> Response:
    source, drafted = read_week(week_start)
    return page(
        "director/changes/add_session.html",
        status=422 if refused else 200,
        nav="director.this_week",
        source=source,
        choices=drafted.choices,
        refused=refused,
        typed=request.form if refused else {"day": request.args.get("day", "")},
    )


def _breaks_page(week_start: date, refused: trying.Breaks, ref: str) -> Response:
    """Why a change was not made, what else could be done, and the same on purpose where that is anybody's to decide."""
    source, drafted = read_week(week_start)
    card = next((each for each in source.cards if each.ref == ref), None)
    is_move = card is not None and request.endpoint == "director.place_session"
    repairs = drafted.repairs(ref, _spot()) if is_move else []
    nearest = {each.spot for _kind, each in repairs}
    return page(
        "director/changes/breaks.html",
        status=409,
        nav="director.this_week",
        source=source,
        card=card,
        refused=refused,
        repairs=repairs,
        places=[each for each in drafted.elsewhere(ref) if each.spot not in nearest] if is_move else [],
        names_of_leaders=drafted.names_of_leaders,
        can_come=_can_come(drafted, ref) if is_move else None,
        name_of_space=drafted.name_of_space,
        again=_sent_again(),
        leaving=request.form.get("leave_out") == YES,
    )


def _can_come(drafted: Drafted, ref: str) -> int | None:
    """How many of those invited could come where it was to go, if that is all that stands against it; else None."""
    session = next((each for each in drafted.sessions if each.ref == ref), None)
    count = len(drafted.who_can(ref, _spot()))
    return count if session is not None and 0 < count < len(session.places) else None


def _stale_page(week_start: date, refused: Conflict) -> Response:
    """Somebody else's change came first: what it was, and the own one to be made after it."""
    source, drafted = read_week(week_start)
    last = drafted.steps.back
    return page(
        "director/changes/stale_draft.html",
        status=409,
        nav="director.this_week",
        source=source,
        refused=refused,
        last=last,
        said=step_said(last) if last else "",
        again=_sent_again(),
    )


def _sent_again() -> list[tuple[str, str]]:
    """What the form held, to be sent once more."""
    own = {"csrf_token", "form_key", "version", "on_purpose"}
    return [(name, value) for name, value in request.form.items(multi=True) if name not in own]


def read_week(week_start: date) -> tuple[Source, Drafted]:
    source = find_source(reader(), principal().community_id, week_start, "draft")
    if source.draft is None:
        raise NotFound("There is no draft of this week any more.")
    return source, read_draft(reader(), teller(), week_start, source.draft.id)


def card_of(source: Source, ref: str) -> Card:
    card = next((each for each in source.cards if each.ref == ref), None)
    if card is None:
        raise NotFound("This session is not in this week any more.")
    return card


def _draft(db: DbSession, week_start: date) -> str:
    draft = find_draft(db, principal().community_id, week_start)
    if draft is None:
        raise NotFound("There is no draft of this week any more.")
    return draft.id


def _spot() -> Spot:
    leaders = tuple(filter(None, request.form.getlist("leader")))
    return Spot(_day(), typed_minute("start"), request.form.get("space", ""), leaders)


def _day() -> date:
    return needed_day("day", _("Please choose a day."))
