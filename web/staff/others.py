"""Who came without an invitation: found by name, room or living group, told apart by the latter two."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.floor.today import DaySession, StaffDay
from milieu.queries.residents.people import Person, residents_here
from milieu.services import attendance
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.forms import once
from web.guards.principal import principal
from web.pages import page
from web.staff.blueprint import blueprint
from web.staff.day import came_from, chosen_unit, find_session, load_whole_day, local_today, way_back
from web.staff.shown import anchor_of, can_be_marked
from web.words.spelling import find_people, letters

FEWEST_LETTERS = 2
WANTED = "staff_wanted"


@dataclass(frozen=True)
class Found:
    """Who may be meant. `card` leads to the card of who is in the list already, "" of others.

    `freed_by` is the session at this hour that they were invited to and that is not held, "" where there is none.
    """

    person: Person
    card: str
    freed_by: str


@blueprint.get("/today/<day:on>/session/<ref>/others")
def others(on: date, ref: str) -> Response:
    """Who came without an invitation. What was typed is kept with the sign-in: a name in an address would stay there.

    `of` is a living group to look in; the one that the tablet has chosen stays as it is. `back` is where one came from.
    """
    shown = load_whole_day(on)
    found_session = find_session(shown, ref)
    kept = session.get(WANTED) or {}
    wanted = kept.get(ref, "")
    chosen = request.args.get("of", chosen_unit())
    unit = next((unit for unit in shown.units if unit.id == chosen), None)
    found = _matching(shown, found_session, wanted, unit.id if unit is not None else None)
    return page(
        "staff/others.html",
        nav="staff.today",
        day=shown,
        session=found_session,
        wanted=wanted,
        found=found,
        is_typed=_is_typed(wanted),
        unit=unit,
        today=local_today(),
        can_mark=can_be_marked(on, local_today()),
        back=came_from(),
        way_back=way_back(on, ref),
        shows=[each.person.id for each in found],
    )


@blueprint.post("/today/<day:on>/session/<ref>/others/find")
def find_other(on: date, ref: str) -> Response:
    """Look for somebody by what was typed."""
    find_session(load_whole_day(on), ref)
    session[WANTED] = {ref: request.form.get("q", "").strip()[:60]}
    return redirect(url_for("staff.others", on=on, ref=ref, back="day" if came_from() == "day" else None), 303)


@blueprint.post("/today/<day:on>/session/<ref>/others")
def mark_other(on: date, ref: str) -> Response:
    """Somebody else came. Nothing is said of what they refuse or whom they are kept apart from: who came, came."""
    somebody, resident_id = principal(), request.form.get("resident", "")

    def work(db: DbSession) -> Answer:
        key = request.form.get("form_key", "")
        attendance.mark_uninvited(
            db, somebody.community_id, ref, resident_id, key=key, by=somebody.account_id, now=now()
        )
        return Answer(way_back(on, ref, anchor), told)

    shown = load_whole_day(on)
    anchor = anchor_of(find_session(shown, ref), resident_id)
    here = {person.id: person.name for person in residents_here(reader(), somebody.community_id, on)}
    told = _("Noted: %(name)s came.", name=here.get(resident_id, ""))
    return once(work)


def _matching(day: StaffDay, asked: DaySession, wanted: str, unit_id: str | None) -> list[Found]:
    """Who is meant by what was typed, also who is in the list; with nothing typed who is free, and the unit's."""
    people = residents_here(reader(), principal().community_id, day.day)
    freed = _freed(day, asked)

    def found(them: Iterable[Person]) -> list[Found]:
        return [Found(each, _card(day, asked, each), freed.get(each.id, "")) for each in them]

    if not _is_typed(wanted):
        is_in = {guest.person.id for guest in asked.guests}
        absent = [each for each in people if each.id not in is_in]
        first = [each for each in absent if each.id in freed and unit_id in (None, each.unit.id)]
        return found([*first, *(each for each in absent if each.unit.id == unit_id and each.id not in freed)])
    return found(find_people(wanted, people))


def _is_typed(wanted: str) -> bool:
    """Whether enough was typed to look for."""
    return len(letters(wanted)) >= FEWEST_LETTERS


def _card(day: StaffDay, asked: DaySession, person: Person) -> str:
    """Where the card of somebody is who is in the list of a session, "" where there is none."""
    if asked.guest(person.id) is None:
        return ""
    return way_back(day.day, asked.slot.ref, anchor_of(asked, person.id))


def _freed(day: StaffDay, asked: DaySession) -> dict[str, str]:
    """Who was invited to something at the hour of a session that is not held, and to what: they have nothing on.

    Who is marked as asleep, unwell or out is left alone. A visit is for its one person: nobody else is proposed.
    """
    hour = asked.slot
    if hour.is_visit:
        return {}
    return {
        guest.person.id: each.slot.title
        for each in day.sessions
        if each.is_off and each.slot.starts_at < hour.ends_at and hour.starts_at < each.slot.ends_at
        for guest in each.guests
        if guest.is_invited and guest.outcome in (None, "attended")
    }
