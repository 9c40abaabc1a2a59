"""Where a step is seen: on a page of the community's own weeks, as far as they are planned."""

from datetime import date, timedelta

from flask import url_for

from milieu.database import DbSession
from milieu.queries.residents.people import people_of_week
from milieu.queries.week.weeks import Card, find_draft, find_published
from web.binding import now
from web.director.tour.steps import Step
from web.director.week.sources import Source, find_source
from web.guards.principal import principal
from web.words.times import monday_of, today_in

STRIP = "tour"  # the strip's id: who uses the keyboard goes on from there
WEEKS_AHEAD = 4


def address_of(db: DbSession, step: Step) -> str:
    """The page of a step; the board while there is nothing yet that it could show."""
    week = monday_of(today_in(principal().timezone, now()))
    match step.key:
        case "plan":
            return _board(_first_unpublished(db, week))
        case "session" | "why" | "left-out":
            return _in_a_week(db, step, week)
        case "publish" | "family":
            drafted = _first_drafted(db, week)
            endpoint = step.endpoints[0]
            return _board(week) if drafted is None else url_for(endpoint, week_start=drafted, _anchor=STRIP)
        case "changed" | "staff":
            return url_for(step.endpoints[0], _anchor=STRIP)
        case _:
            return _board(week)


def _in_a_week(db: DbSession, step: Step, week: date) -> str:
    """On a week of which there is something: the one with a draft first, for most can be done there."""
    planned = _first_drafted(db, week) or week
    source = find_source(db, principal().community_id, planned, "")
    if not source.view:
        return _board(week)
    if step.key == "left-out":
        return url_for(step.endpoints[0], week_start=planned, view=source.view, _anchor=STRIP)
    card = _best_known(source)
    if card is None:
        return _board(planned)
    who = _somebody_else(db, planned, card) if step.key == "why" else None
    return url_for(step.endpoints[0], week_start=planned, ref=card.ref, view=source.view, who=who, _anchor=STRIP)


def _best_known(source: Source) -> Card | None:
    """The group with most people that is still to come, else the last with most."""
    today = today_in(principal().timezone, now())
    groups = [card for card in source.cards if not card.is_visit]
    return max(groups, key=lambda card: (card.on_date > today, card.taken), default=None)


def _somebody_else(db: DbSession, week: date, card: Card) -> str | None:
    """The first person, as their rooms are passed, who is not invited to a session."""
    invited = {place.resident_id for place in card.places}
    here = people_of_week(db, principal().community_id, week)
    return next((person.id for person in here if person.id not in invited), None)


def _first_drafted(db: DbSession, week: date) -> date | None:
    coming = (week + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD + 1))
    return next((each for each in coming if find_draft(db, principal().community_id, each) is not None), None)


def _first_unpublished(db: DbSession, week: date) -> date:
    coming = (week + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD + 1))
    return next((each for each in coming if find_published(db, principal().community_id, each) is None), week)


def _board(week: date) -> str:
    return url_for("director.week", week_start=week, _anchor=STRIP)
