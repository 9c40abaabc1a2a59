"""The publications of a week, and what people read of it on a given day and hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from milieu.queries.history.as_of import week_as_of
from milieu.queries.history.issues import issues_of
from milieu.queries.names import names_of, resident_names
from milieu.queries.published.weeks import find_withdrawal
from milieu.queries.week.weeks import DAYS, Card
from milieu.services.weeks.history.comparing import newest_two, versions_of
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.history.words import issue_word, version_word
from web.guards.principal import principal
from web.pages import page
from web.typed import day_asked
from web.words.times import local, monday_of, today_in


@dataclass(frozen=True)
class PastDay:
    """A day as it stood: its sessions by time."""

    on_date: date
    cards: tuple[Card, ...]


@blueprint.get("/week/<day:week_start>/history")
def history(week_start: date) -> Response:
    """Every publication of a week: when, by whom, what it changed, and why."""
    if week_start.weekday():
        return redirect(url_for("director.history", week_start=monday_of(week_start)))
    somebody, db = principal(), reader()
    names, versions = names_of(db, somebody.community_id), versions_of(db, somebody.community_id, week_start)
    issues = issues_of(db, somebody.community_id, week_start)
    return page(
        "director/history/history.html",
        nav="director.this_week",
        week_start=week_start,
        issues=issues,
        issue_word=issue_word,
        clock_of=lambda moment: f"{local(moment, somebody.timezone):%H:%M}",
        day_of=lambda moment: local(moment, somebody.timezone).date(),
        version_word=lambda version: version_word(version, names),
        versions=versions,
        two=newest_two(versions),
        withdrawal=find_withdrawal(db, somebody.community_id, week_start),
        is_past=week_start + timedelta(days=DAYS) <= today_in(somebody.timezone, now()),
        shows=sorted({resident for each in issues for resident in each.about}),
    )


@blueprint.get("/week/<day:week_start>/as-of")
def as_of(week_start: date) -> Response:
    """The week as it was on the page at a moment; without one, as it is by now."""
    if week_start.weekday():
        return redirect(url_for("director.as_of", week_start=monday_of(week_start)))
    somebody, db = principal(), reader()
    moment = _moment(somebody.timezone)
    then, names = week_as_of(db, somebody.community_id, week_start, moment), resident_names(db, somebody.community_id)
    return page(
        "director/history/as_of.html",
        nav="director.this_week",
        week_start=week_start,
        then=then,
        asked=local(moment, somebody.timezone),
        days=_days(week_start, then.cards),
        named=lambda card: sorted(names.get(place.resident_id, "") for place in card.places),
        shows=sorted({place.resident_id for card in then.cards for place in card.places}),
    )


def _days(week_start: date, cards: Iterable[Card]) -> tuple[PastDay, ...]:
    cards = tuple(cards)
    days = [week_start + timedelta(days=number) for number in range(DAYS)]
    return tuple(PastDay(day, tuple(card for card in cards if card.on_date == day)) for day in days)


def _moment(timezone: str) -> datetime:
    """The moment of the community's clock that the address names; of a minute all that was published in it."""
    present = local(now(), timezone)
    day = day_asked("day")
    if day is None:
        return now()
    try:
        at = time.fromisoformat(request.args.get("time", ""))
    except ValueError:
        at = present.time()
    return datetime.combine(day, at.replace(second=59, microsecond=0, tzinfo=None), tzinfo=ZoneInfo(timezone))
