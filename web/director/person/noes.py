"""A resident's no, noted in two taps; taken back only by themselves or by who may speak for them."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.facts.by_day import activities, colleagues, spaces
from milieu.queries.person.known import known_of, things_of
from milieu.queries.person.rows import read_rows
from milieu.queries.week.weeks import published_cards
from milieu.services.facts.telling import tell_refusal
from milieu.services.residents.noes import take_no_back
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.person.labels import today_here
from web.forms import once, teller
from web.guards.principal import principal
from web.pages import page
from web.typed import needed_day
from web.words import people as words
from web.words.times import monday_of

Choice = tuple[str, str]
"""A thing as `kind:id`, and its name."""


@dataclass(frozen=True)
class Meant:
    """What somebody may have meant who said no to `name`: that, or who leads it, or where it is."""

    name: str
    what: str
    leaders: tuple[Choice, ...]
    spaces: tuple[Choice, ...]


@blueprint.get("/people/<resident_id>/noes")
def noes(resident_id: str) -> Response:
    """What somebody said no to; with `?what=activity:…` the second tap of a new one."""
    return _page(resident_id)


@blueprint.post("/people/<resident_id>/noes")
def say_no(resident_id: str) -> Response:
    """Note a no. It holds at once."""
    thing, _colon, thing_id = request.form.get("what", "").partition(":")

    def work(db: DbSession) -> Answer:
        by = teller()
        tell_refusal(db, by, resident_id, thing, thing_id, until=_until())
        return Answer(url_for("director.resident", resident_id=resident_id), _("Noted. It holds at once."))

    try:
        return once(work)
    except (Invalid, Conflict) as refused:
        if refused.at not in ("what", "last"):
            raise
        return _page(resident_id, refused)


@blueprint.post("/people/<resident_id>/noes/<refusal_id>/yes")
def say_yes(resident_id: str, refusal_id: str) -> Response:
    """Take a no back, by the word of whoever may."""

    def work(db: DbSession) -> Answer:
        by = teller()
        said_by, speaker = request.form.get("said_by", ""), request.form.get("speaker", "")
        take_no_back(db, by, resident_id, refusal_id, said_by=said_by, speaker=speaker)
        back = url_for("director.noes", resident_id=resident_id)
        return Answer(back, _("Noted. From the next plan on it may be asked again."))

    try:
        return once(work)
    except Invalid as refused:
        if not refused.at:
            raise
        return _page(resident_id, refused, refusal_id)


def _page(resident_id: str, refused: Invalid | Conflict | None = None, refusal_id: str = "") -> Response:
    somebody, db, today = principal(), reader(), today_here()
    community_id = somebody.community_id
    known = known_of(db, read_rows(db, community_id, resident_id), things_of(db, community_id), today)
    what = request.form.get("what", "") or request.args.get("what", "")
    things = {
        "activity": activities(db, community_id, today),
        "facilitator": colleagues(db, community_id, today),
        "space": spaces(db, community_id, today),
    }
    named = {f"{kind}:{each.id}": each.name for kind, those in things.items() for each in those}
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    return page(
        "director/person/noes.html",
        status=status,
        nav="director.people",
        person=known.who,
        known=known,
        things=things,
        meant=_meant(db, what, named, today),
        until=monday_of(today) + timedelta(days=6),
        refused=refused,
        of_row=refusal_id,
        typed=request.form,
        today=today,
        words=words,
        shows=[resident_id],
    )


def _meant(db: DbSession, what: str, named: dict[str, str], today: date) -> Meant | None:
    """The second tap; leaders and spaces are those of the activity's published sessions of this week."""
    if what not in named:
        return None
    kind, _colon, thing_id = what.partition(":")
    cards = published_cards(db, principal().community_id, monday_of(today)) if kind == "activity" else ()
    own = [card for card in cards if card.activity_id == thing_id]
    leading = {name for card in own for name in card.leaders}
    held_in = {f"space:{card.space_id}" for card in own}
    by_name: dict[str, list[str]] = {}
    for value, name in named.items():
        if value.startswith("facilitator:") and name in leading:
            by_name.setdefault(name, []).append(value)
    leaders = tuple((values[0], name) for name, values in sorted(by_name.items()) if len(values) == 1)
    return Meant(named[what], what, leaders, tuple((value, named[value]) for value in sorted(held_in & named.keys())))


def _until() -> date | None:
    """The last day of a no: this week's Sunday, a day, or None for good."""
    how_long = request.form.get("for", "good")
    if how_long == "week":
        return monday_of(today_here()) + timedelta(days=6)
    if how_long != "days":
        return None
    return needed_day("last", _("Please say until when, or choose “for good”."))
