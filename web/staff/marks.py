"""What is marked: one tap a person, and what cannot be held. Each can be taken back."""

from datetime import date

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.published.marks import Mark
from milieu.services import attendance
from milieu.services.weeks.requests import Answer
from web.binding import now, write
from web.forms import once
from web.guards.polls import HEADER
from web.guards.principal import principal
from web.pages import page
from web.staff.blueprint import blueprint
from web.staff.day import find_session, load_whole_day, local_today, way_back
from web.staff.news import stamped
from web.staff.shown import anchor_of, can_be_marked, make_card
from web.staff.taps import Tap, read_tap
from web.staff.words import overruled, read_mark, read_undo


@blueprint.post("/today/<day:on>/session/<ref>/mark/<resident_id>")
def mark(on: date, ref: str, resident_id: str) -> Response:
    """One tap. A script is answered with the card alone; without one the page comes back where it was."""
    is_fragment = HEADER in request.headers
    try:
        tap = _mark(ref, resident_id)
    except (Conflict, Invalid) as refused:
        if not is_fragment:
            raise
        return _card(on, ref, resident_id, refused.sentence, 409 if isinstance(refused, Conflict) else 422)
    shown = load_whole_day(on)
    session = shown.session(ref)
    guest = session.guest(resident_id) if session is not None else None
    told = _overruled(tap, guest.mark if guest is not None else None, shown.timezone)
    if is_fragment:
        return _card(on, ref, resident_id, told)
    if told:
        flash(told)
    anchor = anchor_of(session, resident_id) if session is not None else None
    return redirect(way_back(on, ref, anchor), 303)


@blueprint.get("/today/<day:on>/session/<ref>/held")
def held(on: date, ref: str) -> Response:
    """Whether a session can be held."""
    shown = load_whole_day(on)
    session = find_session(shown, ref)
    return page(
        "staff/held.html",
        nav="staff.today",
        day=shown,
        session=session,
        today=local_today(),
        longest=attendance.REASON_LENGTH,
        can_mark=can_be_marked(on, local_today()),
    )


@blueprint.post("/today/<day:on>/session/<ref>/held")
def mark_held(on: date, ref: str) -> Response:
    """Say that a session cannot be held, or that it can after all."""
    somebody, is_off = principal(), request.form.get("held") == "no"
    reason = request.form.get("reason", "").strip() if is_off else ""

    def work(db: DbSession) -> Answer:
        attendance.mark_held(
            db, somebody.community_id, ref, False if is_off else None, reason, by=somebody.account_id, now=now()
        )
        told = _("Noted: it cannot be held.") if is_off else _("Noted: it is held after all.")
        return Answer(url_for("staff.one_session", on=on, ref=ref), told)

    return once(work)


def _mark(ref: str, resident_id: str) -> Tap:
    community_id, tap = principal().community_id, read_tap()
    taken = read_undo(tap.value)
    outcome, level = read_mark(tap.value)

    def work(db: DbSession) -> None:
        if taken is not None:
            attendance.take_back(
                db,
                community_id,
                ref,
                resident_id,
                taken,
                key=tap.key,
                by=tap.by,
                sent_by=tap.sent_by,
                tapped_at=tap.at,
                now=now(),
            )
        else:
            attendance.mark(
                db,
                community_id,
                ref,
                resident_id,
                outcome,
                level,
                key=tap.key,
                by=tap.by,
                sent_by=tap.sent_by,
                tapped_at=tap.at,
                now=now(),
            )

    write(work)
    return tap


def _overruled(tap: Tap, holds: Mark | None, timezone: str) -> str:
    """What somebody is told whose tap is not what holds now: another's is newer."""
    if holds is None or holds.by_id == tap.by or holds.rivals:
        return ""
    if read_undo(tap.value) is None and holds.at < tap.at:
        return ""
    return overruled(holds, timezone)


def _card(on: date, ref: str, resident_id: str, problem: str = "", status: int = 200) -> Response:
    """The card of one person as it is now."""
    day = load_whole_day(on)
    session = find_session(day, ref)
    guest = session.guest(resident_id)
    if guest is None:  # somebody who came uninvited, taken back
        told = render_template("staff/card_gone.html", problem=problem)
        return stamped(make_response(told, status))
    card, back = make_card(guest, session, day, principal()), request.form.get("back", "")
    body = render_template(
        "staff/card_alone.html",
        card=card,
        problem=problem,
        is_refused=status != 200,
        can_mark=not session.is_off,
        back=back,
    )
    return stamped(make_response(body, status))
