"""Who came without an invitation: found by name, room or living group, told apart by the latter two."""

import unicodedata
from datetime import date

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.people import Person, residents_here
from milieu.queries.today import DaySession
from milieu.services import attendance
from milieu.services.requests import Answer
from web.account.principal import principal
from web.binding import now, reader
from web.forms import once
from web.pages import page
from web.staff.blueprint import blueprint
from web.staff.day import chosen_unit, find_session, load_whole_day, local_today
from web.staff.shown import can_be_marked

FEWEST_LETTERS = 2


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
