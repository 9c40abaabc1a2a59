"""How a week shares itself out: habits kept, what should be on, living groups, and whose turn it is."""

from dataclasses import dataclass
from datetime import date

from flask import redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.errors import Conflict
from milieu.queries.week.outcomes import still_held
from milieu.services.programme.balance import Forced, Lack, balance_of
from milieu.services.programme.rules import rules_in
from milieu.services.programme.shape import shape_of
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.week.sources import became_of, find_source
from web.guards.principal import principal
from web.pages import page
from web.words.insight.rules import state_word, what_broke
from web.words.times import clock_time, monday_of, weekday

MIDNIGHT, NOON, FIVE = 1440, 720, 1020


@dataclass(frozen=True)
class LackTold:
    """What should be on and is not, in words."""

    what: str
    days: str
    unstaffed: str
    spent: str


@blueprint.get("/week/<day:week_start>/balance")
def balance(week_start: date) -> Response:
    """A week's balance by the facts of now."""
    if week_start.weekday():
        return redirect(url_for("director.balance", week_start=monday_of(week_start)))
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, week_start)
    held = still_held(source.cards, became_of(db, somebody.community_id, source))
    shape = None
    try:
        found = balance_of(db, somebody.community_id, week_start, source.cards, now()) if source.view else None
        is_over = False
        if source.view:
            refs, is_draft = {card.ref for card in held}, source.view == "draft"
            shape = shape_of(db, somebody.community_id, week_start, refs, now(), is_draft=is_draft)
    except Conflict:
        found, is_over = None, True
    return page(
        "director/week/balance.html",
        nav="director.this_week",
        source=source,
        balance=found,
        shape=shape,
        packs=rules_in(db, somebody.community_id, somebody.timezone, week_start),
        state_word=state_word,
        what_broke=what_broke,
        is_over=is_over,
        lacks=[_told(each) for each in found.lacks] if found else [],
        why={unit.name: [_why(each) for each in unit.because] for unit in found.units} if found else {},
        empty={unit.name: _days(unit.empty) for unit in found.units} if found else {},
        shows=sorted({who for turn in found.turns for who, _name in turn.waiting}) if found else [],
    )


def _told(lack: Lack) -> LackTold:
    what = _hours(lack.start_minute, lack.end_minute)
    if lack.unit:
        what = _("%(unit)s, %(hours)s", unit=lack.unit, hours=what)
    return LackTold(what, _days(lack.days), _days(lack.unstaffed), _days(lack.spent))


def _hours(start: int, end: int) -> str:
    """Parts of the day by their names, other hours by the clock."""
    known = {
        (0, MIDNIGHT): _("the whole day"),
        (0, NOON): _("mornings"),
        (NOON, FIVE): _("afternoons"),
        (FIVE, MIDNIGHT): _("evenings"),
    }
    return known.get((start, end)) or _("from %(start)s to %(end)s", start=clock_time(start), end=clock_time(end))


def _days(days: tuple[date, ...]) -> str:
    return ", ".join(weekday(day) for day in days)


def _why(forced: Forced) -> str:
    """A fact beside a small share, as it is true of so many."""
    if forced.code == "stays":
        return ngettext("%(num)d stays in their own place", "%(num)d stay in their own place", forced.amount)
    if forced.code == "quiet":
        return ngettext("%(num)d bears little noise", "%(num)d bear little noise", forced.amount)
    if forced.code == "enough":
        return ngettext(
            "%(num)d is invited to as much as they want", "%(num)d are invited to as much as they want", forced.amount
        )
    return ngettext(
        "of %(num)d nothing that is held is known to be liked",
        "of %(num)d nothing that is held is known to be liked",
        forced.amount,
    )
