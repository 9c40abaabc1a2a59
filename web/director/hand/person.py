"""A person's week changed by hand: where else they could go, and out of what they are taken or fixed in."""

from datetime import date

from flask import request
from werkzeug.wrappers import Response

from milieu.errors import NotFound
from milieu.queries.week.sessions import week_of_resident
from milieu.queries.week.weeks import Card
from milieu.services.by_hand.choices import read_week
from milieu.services.by_hand.fixed import fixed_by_session
from milieu.services.by_hand.ways import Ways
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.week.sources import became_of, find_source
from web.forms import teller
from web.guards.principal import principal
from web.pages import page
from web.words.reasons import sentence
from web.words.times import local
from web.words.why_not import speaking


@blueprint.get("/week/<day:week_start>/with/<resident_id>")
def week_of_person(week_start: date, resident_id: str) -> Response:
    """What somebody is invited to in the draft, where else they could go, and a form for each of both."""
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, week_start, "draft")
    if source.draft is None or source.view != "draft":
        raise NotFound("There is no draft of this week any more.")
    read = read_week(db, teller(), week_start, source.draft.id)
    person = next((each for each in read.people if each.id == resident_id), None)
    if person is None:
        raise NotFound("There is no such resident in this week.")
    fixed = fixed_by_session(db, somebody.community_id, week_start)
    off = became_of(db, somebody.community_id, source).keys()
    at = local(now(), somebody.timezone)
    begun = (at.date(), at.hour * 60 + at.minute)
    return page(
        "director/hand/person.html",
        nav="director.people",
        source=source,
        person=person,
        days={
            day: [(entry.card, sentence(entry.reasons, person.pronoun)) for entry in entries]
            for day, entries in week_of_resident(source.cards, resident_id, week_start).items()
            if entries
        },
        is_open=lambda card: (card.on_date, card.start_minute) > begun,
        fixed=fixed,
        elsewhere=Ways(db, read.source, read.sessions).where_else(resident_id),
        off=off,
        others=[card for card in source.cards if card.ref not in off and _could_ask_why(card, resident_id, begun)],
        asked=request.args.get("session", ""),
        speaking=speaking,
        shows=[resident_id],
    )


def _could_ask_why(card: Card, resident_id: str, begun: tuple[date, int]) -> bool:
    is_in = any(place.resident_id == resident_id for place in card.places)
    return not is_in and not card.is_visit and (card.on_date, card.start_minute) > begun
