"""Something changed: a fact told in a sentence, what it stands against, and the list of all that was told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import abort, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.causes import CLOSURE_KINDS
from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.choices import waiting_choices
from milieu.queries.facts import (
    ABSENCE,
    APART,
    BUSY,
    CLOSURE,
    KINDS,
    OUTBREAK,
    REFUSAL,
    Choice,
    FactTold,
    activities,
    colleagues,
    days_with_facts,
    fact_told,
    facts_told,
    living_groups,
    spaces,
)
from milieu.queries.people import residents_here
from milieu.services.choices.asking import request_choices
from milieu.services.facts import telling
from milieu.services.facts.stretch import Stretch, stretch_of
from milieu.services.facts.taking_back import may_take_back, take_back
from milieu.services.facts.teller import Teller
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.forms import once
from web.guards.principal import principal
from web.pages import page
from web.words.facts import closure_word, out_word, told_sentence
from web.words.times import monday_of, today_in


@dataclass(frozen=True)
class Line:
    """A fact in the list: its sentence, and whether this account may take it back."""

    fact: FactTold
    sentence: str
    may_take_back: bool


@blueprint.get("/changed")
def changed() -> Response:
    """A form for each kind of change (`?kind=absence`), and what was told on a day (`?day=2026-12-02`)."""
    kind = request.args.get("kind", ABSENCE)
    return _page(kind if kind in KINDS else ABSENCE, _day())


@blueprint.post("/changed/<kind>")
def tell_change(kind: str) -> Response:
    """Take a fact in; where published sessions stand against it, what can be done is looked for at once."""
    if kind not in _TELL:
        abort(404)
    somebody = principal()
    teller = Teller(somebody.community_id, somebody.account_id, now())

    def work(db: DbSession) -> Answer:
        row_id = _TELL[kind](db, teller)
        fact = fact_told(db, somebody.community_id, row_id, timezone=somebody.timezone, now=teller.now)
        for week_start in fact.weeks:
            request_choices(db, somebody.community_id, week_start, by=somebody.account_id, now=teller.now)
        if fact.weeks:
            return Answer(url_for("director.choices", week_start=fact.weeks[0]), _("Noted."))
        return Answer(url_for("director.changed", kind=kind, _anchor="told"), _("Noted."))

    try:
        return once(work)
    except (Invalid, Conflict) as refused:
        if not refused.at:
            raise
        return _page(kind, _today(), refused)


@blueprint.post("/changed/line/<change_id>/take-back")
def take_change_back(change_id: str) -> Response:
    """Take back what was told by mistake."""
    somebody = principal()
    day = request.form.get("day") or None

    def work(db: DbSession) -> Answer:
        take_back(db, Teller(somebody.community_id, somebody.account_id, now()), change_id)
        return Answer(url_for("director.changed", day=day, _anchor="told"), _("Taken back."))

    return once(work)


def _page(kind: str, day: date, refused: Invalid | Conflict | None = None) -> Response:
    somebody, db, today = principal(), reader(), _today()
    timezone = somebody.timezone
    facts = facts_told(db, somebody.community_id, day, timezone=timezone, now=now())
    people = residents_here(db, somebody.community_id, today) if kind in (BUSY, REFUSAL, APART) else ()
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    return page(
        "director/changed.html",
        status=status,
        nav="director.changed",
        shows=[*(person.id for person in people), *(each for fact in facts for each in fact.people)],
        kind=kind,
        kinds=_kinds(),
        refused=refused,
        typed=request.form if refused else {},
        today=today,
        until=monday_of(today) + timedelta(days=6),
        people=people,
        colleagues=colleagues(db, somebody.community_id, today),
        spaces=spaces(db, somebody.community_id, today),
        living_groups=living_groups(db, somebody.community_id, today),
        activities=activities(db, somebody.community_id, today) if kind == REFUSAL else (),
        reasons=[Choice(each, closure_word(each)) for each in CLOSURE_KINDS],
        outs=[Choice(each, out_word(each)) for each in telling.OUT_KINDS],
        waiting=waiting_choices(db, somebody.community_id, today),
        day=day,
        counts=days_with_facts(db, somebody.community_id, timezone=timezone, today=today),
        lines=[_line(fact, today) for fact in facts],
    )


def _line(fact: FactTold, today: date) -> Line:
    somebody = principal()
    is_same_day = today_in(somebody.timezone, fact.at) == today
    may = fact.taken_back_at is None and may_take_back(
        fact.kind, told_by=fact.by_id, by=somebody.account_id, is_same_day=is_same_day
    )
    return Line(fact, told_sentence(fact), may)


def _kinds() -> Mapping[str, str]:
    return {
        ABSENCE: _("Somebody of the team is away"),
        CLOSURE: _("A space cannot be used"),
        BUSY: _("A resident is out or has a visitor"),
        OUTBREAK: _("An outbreak on a living group"),
        REFUSAL: _("Somebody said no"),
        APART: _("Two people are to be kept apart"),
    }


def _absence(db: DbSession, teller: Teller) -> str:
    return telling.tell_absence(db, teller, request.form.get("who", ""), _stretch(), request.form.get("reason", ""))


def _closure(db: DbSession, teller: Teller) -> str:
    form = request.form
    return telling.tell_closure(
        db, teller, form.get("who", ""), _stretch(), form.get("detail", ""), form.get("reason", "")
    )


def _busy(db: DbSession, teller: Teller) -> str:
    return telling.tell_busy(db, teller, request.form.get("who", ""), _stretch(), request.form.get("detail", ""))


def _outbreak(db: DbSession, teller: Teller) -> str:
    return telling.tell_outbreak(db, teller, request.form.get("who", ""), _stretch(), request.form.get("reason", ""))


def _refusal(db: DbSession, teller: Teller) -> str:
    thing, _colon, thing_id = request.form.get("what", "").partition(":")
    return telling.tell_refusal(db, teller, request.form.get("who", ""), thing, thing_id, until=_until())


def _apart(db: DbSession, teller: Teller) -> str:
    return telling.tell_apart(db, teller, request.form.get("who", ""), request.form.get("other", ""), until=_until())


_TELL: Mapping[str, Callable[[DbSession, Teller], str]] = {
    ABSENCE: _absence,
    CLOSURE: _closure,
    BUSY: _busy,
    OUTBREAK: _outbreak,
    REFUSAL: _refusal,
    APART: _apart,
}


def _stretch() -> Stretch:
    return stretch_of(_date("first"), _date("last"), request.form.get("part", ""), today=_today())


def _until() -> date | None:
    """The last day on which it holds; None for good."""
    if request.form.get("for") == "good":
        return None
    if (last := _date("last")) is None:
        raise Invalid(_("Please say until when, or choose “for good”."), at="last")
    return last


def _date(field: str) -> date | None:
    text = request.form.get(field, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(_("Please write the day as 2026-12-31."), at=field) from None


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return _today()


def _today() -> date:
    return today_in(principal().timezone, now())
