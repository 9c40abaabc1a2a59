"""A day's pages: today, another day, one session of it, and the sheet to take along."""

from dataclasses import replace
from datetime import date, timedelta

from flask import request, session, url_for
from werkzeug.wrappers import Response

from milieu.errors import NotFound
from milieu.queries.floor.today import DaySession, StaffDay, staff_day
from milieu.queries.residents.people import units_of
from milieu.services.weeks.openings import Openings, who_else
from web.binding import now, reader
from web.guards.principal import principal
from web.pages import page
from web.staff import news
from web.staff.blueprint import blueprint
from web.staff.shown import Board, ShownSession, can_be_marked, make_board, show_session
from web.words.openings import what_speaks_for
from web.words.times import today_in

UNIT, ALL = "staff_unit", "all"


@blueprint.get("/today")
def today() -> Response:
    """Today, now and next."""
    return _day_page(local_today())


@blueprint.get("/today/<day:on>")
def day(on: date) -> Response:
    """Another day: yesterday to finish its marks, tomorrow to look ahead."""
    return _day_page(on)


@blueprint.get("/today/<day:on>/session/<ref>")
def one_session(on: date, ref: str) -> Response:
    """A session with everybody in it."""
    if (same := news.unchanged(on, local_today())) is not None:
        return same
    shown_day = load_whole_day(on)
    shown = show_session(find_session(shown_day, ref), shown_day, principal())
    could_come = _who_else(shown.session)
    return news.told(
        "staff/session.html",
        shown_day,
        local_today(),
        [*_people_of(shown), *(each.person.id for each in could_come.candidates)],
        shown=shown,
        openings=could_come,
        what_speaks_for=what_speaks_for,
        back="session",
        can_mark=can_be_marked(on, local_today()),
    )


@blueprint.get("/today/<day:on>/sheet")
def sheet(on: date) -> Response:
    """The day of a unit on paper: large print, boxes to tick."""
    somebody = principal()
    shown_day = staff_day(reader(), somebody.community_id, local_today(), now(), chosen_unit(), day=on)
    sessions = [show_session(each, shown_day, None) for each in shown_day.sessions]
    cards = [card for each in sessions for card in each.own]
    return page(
        "staff/sheet.html",
        nav="staff.today",
        day=shown_day,
        sessions=sessions,
        today=local_today(),
        shows=[card.guest.person.id for card in cards],
    )


def local_today() -> date:
    """The date on the community's wall."""
    return today_in(principal().timezone, now())


def load_whole_day(on: date) -> StaffDay:
    """A day with the sessions of all units, knowing the one that this browser has chosen."""
    shown = staff_day(reader(), principal().community_id, local_today(), now(), day=on)
    unit_id = chosen_unit()
    return replace(shown, unit=next((unit for unit in shown.units if unit.id == unit_id), None))


def find_session(shown: StaffDay, ref: str) -> DaySession:
    """A session of a day. Raises NotFound."""
    found = shown.session(ref)
    if found is None:
        raise NotFound("There is no such session.")
    return found


def way_back(on: date, ref: str, anchor: str | None = None) -> str:
    """The page that a form or a page of one session was opened from, the day or the session, at somebody's card."""
    if came_from() == "session":
        return url_for("staff.one_session", on=on, ref=ref, _anchor=anchor)
    if on == local_today():
        return url_for("staff.today", _anchor=anchor)
    return url_for("staff.day", on=on, _anchor=anchor)


def came_from() -> str:
    """Where one came from: "day", or else "session"."""
    return "day" if request.values.get("back") == "day" else "session"


def chosen_unit() -> str | None:
    """The living group chosen in this address or before, None for all; one that has ended since is forgotten."""
    known = {unit.id for unit in units_of(reader(), principal().community_id)}
    kept: str | None = session.get(UNIT)
    wanted = request.args.get("unit", kept or ALL)
    if wanted != ALL and wanted not in known:
        if wanted != kept:
            raise NotFound("There is no such living group.")
        wanted = ALL
    unit = None if wanted == ALL else wanted
    if unit != kept:
        session[UNIT] = unit
    return unit


def _who_else(asked: DaySession) -> Openings:
    """Who else could come to a session that is not over."""
    if asked.is_over(now()):
        return Openings(0, ())
    return who_else(reader(), principal().community_id, asked.slot.ref, asked.slot.on_date, now())


def _day_page(on: date) -> Response:
    somebody, today_here = principal(), local_today()
    unit_id = chosen_unit()
    if (same := news.unchanged(on, today_here)) is not None:
        return same
    shown = staff_day(reader(), somebody.community_id, today_here, now(), unit_id, day=on)
    board = make_board(shown, today_here, somebody)
    return news.told(
        "staff/today.html",
        shown,
        today_here,
        _named(shown, board),
        board=board,
        back="day",
        can_mark=can_be_marked(on, today_here),
        yesterday=on - timedelta(days=1),
        tomorrow=on + timedelta(days=1),
        me=somebody.facilitator_id,
    )


def _named(day: StaffDay, board: Board) -> list[str]:
    """Everybody whom the day's page names."""
    changed = [person.id for change in day.changes for person in change.people]
    return changed + [each for shown in (*board.open, *board.visits, *board.moved) for each in _people_of(shown)]


def _people_of(shown: ShownSession) -> list[str]:
    return [card.guest.person.id for card in (*shown.own, *shown.others)]
