"""What is marked: one tap a person, who came uninvited, what cannot be held. Each can be taken back."""

import unicodedata
from datetime import date

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.people import Person, residents_here
from milieu.queries.today import DaySession
from milieu.services import attendance
from milieu.services.requests import Answer
from web.account.principal import principal
from web.binding import now, reader, write
from web.forms import once
from web.pages import page
from web.staff.blueprint import blueprint
from web.staff.day import chosen_unit, find_session, load_whole_day, local_today
from web.staff.shown import anchor_of, can_be_marked, make_card
from web.staff.words import read_mark

FRAGMENT = "X-Milieu-Fragment"
FEWEST_LETTERS = 2


@blueprint.post("/today/<day:on>/session/<ref>/mark/<resident_id>")
def mark(on: date, ref: str, resident_id: str) -> Response:
    """One tap. A script is answered with the card alone; without one the page comes back where it was."""
    is_fragment = FRAGMENT in request.headers
    try:
        _mark(ref, resident_id, request.form.get("mark", ""), request.form.get("form_key", ""))
    except (Conflict, Invalid) as refused:
        if not is_fragment:
            raise
        return _card(on, ref, resident_id, refused.sentence, 409 if isinstance(refused, Conflict) else 422)
    if is_fragment:
        return _card(on, ref, resident_id)
    session = load_whole_day(on).session(ref)
    anchor = anchor_of(session, resident_id) if session is not None else None
    if request.form.get("back") == "session":
        return redirect(url_for("staff.one_session", on=on, ref=ref, _anchor=anchor), 303)
    is_today = on == local_today()
    here = url_for("staff.today", _anchor=anchor) if is_today else url_for("staff.day", on=on, _anchor=anchor)
    return redirect(here, 303)


@blueprint.get("/today/<day:on>/session/<ref>/others")
def others(on: date, ref: str) -> Response:
    """Who came without an invitation: found by name, room or living group, told apart by the latter two."""
    shown = load_whole_day(on)
    session = find_session(shown, ref)
    wanted = request.args.get("q", "").strip()[:60]
    unit_id = chosen_unit()
    found = _matching(on, session, wanted, unit_id)
    return page(
        "staff/others.html", nav="staff.today", day=shown, session=session, wanted=wanted, found=found,
        unit=next((unit for unit in shown.units if unit.id == unit_id), None), today=local_today(),
        can_mark=can_be_marked(on, local_today()), shows=[person.id for person in found],
    )  # fmt: skip


@blueprint.post("/today/<day:on>/session/<ref>/others")
def mark_other(on: date, ref: str) -> Response:
    """Somebody else came. Nothing is said of what they refuse or whom they are kept apart from: who came, came."""
    somebody, resident_id = principal(), request.form.get("resident", "")

    def work(db: DbSession) -> Answer:
        key = request.form.get("form_key", "")
        attendance.mark_uninvited(
            db, somebody.community_id, ref, resident_id, key=key, by=somebody.account_id, now=now()
        )  # fmt: skip
        return Answer(url_for("staff.one_session", on=on, ref=ref), _("Noted: one more person came."))

    return once(work)


@blueprint.get("/today/<day:on>/session/<ref>/held")
def held(on: date, ref: str) -> Response:
    """Whether a session can be held."""
    shown = load_whole_day(on)
    session = find_session(shown, ref)
    return page(
        "staff/held.html", nav="staff.today", day=shown, session=session, today=local_today(),
        longest=attendance.REASON_LENGTH, can_mark=can_be_marked(on, local_today()),
    )  # fmt: skip


@blueprint.post("/today/<day:on>/session/<ref>/held")
def mark_held(on: date, ref: str) -> Response:
    """Say that a session cannot be held, or that it can after all."""
    somebody, is_off = principal(), request.form.get("held") == "no"
    reason = request.form.get("reason", "").strip() if is_off else ""

    def work(db: DbSession) -> Answer:
        attendance.mark_held(
            db, somebody.community_id, ref, False if is_off else None, reason, by=somebody.account_id, now=now()
        )  # fmt: skip
        told = _("Noted: it cannot be held.") if is_off else _("Noted: it is held after all.")
        return Answer(url_for("staff.one_session", on=on, ref=ref), told)

    return once(work)


def _mark(ref: str, resident_id: str, value: str, form_key: str) -> None:
    """The key of a tap is its form's and its button's: the form of a card has one key for all its buttons."""
    somebody, key = principal(), f"{form_key}:{value}" if form_key else ""
    outcome, level = read_mark(value)
    write(
        lambda db: attendance.mark(
            db, somebody.community_id, ref, resident_id, outcome, level, key=key, by=somebody.account_id, now=now()
        )
    )  # fmt: skip


def _card(on: date, ref: str, resident_id: str, problem: str = "", status: int = 200) -> Response:
    """The card of one person as it is now."""
    day = load_whole_day(on)
    session = find_session(day, ref)
    guest = session.guest(resident_id)
    if guest is None:  # somebody who came uninvited, taken back
        return make_response("", status)
    card = make_card(guest, session, day)
    body = render_template(
        "staff/card_alone.html", card=card, problem=problem, can_mark=True, back=request.form.get("back", "")
    )
    return make_response(body, status)


def _matching(on: date, session: DaySession, wanted: str, unit_id: str | None) -> list[Person]:
    """Who is meant by what was typed, with nothing typed those of the chosen unit; nobody who is in it already."""
    there = {guest.person.id for guest in session.guests}
    people = [each for each in residents_here(reader(), principal().community_id, on) if each.id not in there]
    if len(wanted) < FEWEST_LETTERS:
        return [each for each in people if each.unit.id == unit_id]
    words = _plain(wanted).split()
    return [
        each for each in people if all(word in _plain(f"{each.name} {each.room} {each.unit.name}") for word in words)
    ]


def _plain(text: str) -> str:
    """Without accents and case, for comparing what was typed in a hurry."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
