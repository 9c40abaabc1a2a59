"""Something changed: a fact told in a sentence, what it stands against, and the list of all that was told."""

from dataclasses import dataclass
from datetime import date

from flask import abort, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.facts.by_day import days_with_facts, fact_told, facts_told
from milieu.queries.facts.kinds import ABSENCE, ARRIVAL, CORRECTABLE, KINDS, RIGHTS, FactTold
from milieu.queries.week.choices import waiting_choices
from milieu.services.choices.asking import request_choices
from milieu.services.choices.limiting import limit_clock as set_limit
from milieu.services.choices.limiting import told_at_most
from milieu.services.facts.taking_back import may_take_back, take_back
from milieu.services.house.readiness import is_published
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.onward import onward
from web.forms import once, teller
from web.guards.principal import principal
from web.pages import page
from web.telling import ABOUT_PEOPLE, choices_for, kinds_told, tell, today, typed_again
from web.typed import day_asked
from web.words.facts import told_sentence
from web.words.times import today_in

EFFECTS = ("gone", "waits", "changed", "nothing", "back")
"""What a fact did: invitations gone at once, sessions that wait to be mended, published otherwise since, nothing of
these, or taken back.
"""


@dataclass(frozen=True)
class Line:
    """A fact in the list: its sentence, how it was said before, and what this account may do about it."""

    fact: FactTold
    sentence: str
    earlier: tuple[str, ...]
    may_take_back: bool
    may_correct: bool


@blueprint.get("/changed")
def changed() -> Response:
    """A form for each kind of change (`?kind=absence&who=…`), and what was told on a day (`?day=2026-12-02`).

    Further arguments are what the form holds already; of the list `?by=` is who told it, `?did=` one of EFFECTS.
    """
    kind = request.args.get("kind", ABSENCE)
    return _page(kind if kind in KINDS else ABSENCE, day_asked("day") or today())


@blueprint.post("/changed/<kind>")
def tell_change(kind: str) -> Response:
    """Take a fact in; where published sessions stand against it, what can be done is looked for at once."""
    if kind not in KINDS:
        abort(404)
    somebody = principal()
    by = teller()

    def work(db: DbSession) -> Answer:
        row_id = tell(db, by, kind)
        fact = fact_told(db, somebody.community_id, row_id, timezone=somebody.timezone, now=by.now)
        for week_start in fact.weeks:
            request_choices(db, somebody.community_id, week_start, by=somebody.account_id, now=by.now)
        if fact.weeks:
            return Answer(url_for("director.choices", week_start=fact.weeks[0]), _("Noted."))
        if kind == ARRIVAL:  # on their page stands what is still to be asked
            next_one = url_for("director.changed", kind=kind, _anchor="tell")
            theirs = url_for("director.resident", resident_id=row_id)
            return Answer(onward(db, theirs, until_then=next_one), _("Noted."))
        return Answer(url_for("director.changed", kind=kind, _anchor="told"), _("Noted."))

    try:
        return once(work)
    except (Invalid, Conflict) as refused:
        if not refused.at:
            raise
        return _page(kind, today(), refused)


@blueprint.post("/changed/line/<change_id>/take-back")
def take_change_back(change_id: str) -> Response:
    """Take back what was told by mistake."""
    day = request.form.get("day") or None

    def work(db: DbSession) -> Answer:
        take_back(db, teller(), change_id)
        return Answer(url_for("director.changed", day=day, _anchor="told"), _("Taken back."))

    return once(work)


@blueprint.post("/changed/limit")
def limit_clock() -> Response:
    """Say how many people the morning's check may tell otherwise before it asks; empty: as many as it takes."""
    typed = request.form.get("most", "").strip()

    def work(db: DbSession) -> Answer:
        most = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None if not typed else -1
        set_limit(db, teller(), most)
        return Answer(url_for("director.changed", _anchor="limit"), _("Saved."))

    try:
        return once(work)
    except Invalid as refused:
        return _page(ABSENCE, today(), refused)


def _page(kind: str, day: date, refused: Invalid | Conflict | None = None) -> Response:
    somebody, db = principal(), reader()
    timezone = somebody.timezone
    facts = facts_told(db, somebody.community_id, day, timezone=timezone, now=now())
    offered = choices_for(db, somebody.community_id, kind)
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    return page(
        "director/changes/changed.html",
        status=status,
        nav="director.changed",
        shows=[*(person.id for person in offered["people"]), *(each for fact in facts for each in fact.people)],
        kind=kind,
        rights=RIGHTS,
        kinds=kinds_told(),
        about_people=ABOUT_PEOPLE,
        refused=refused,
        typed=typed_again(refused) if refused else request.args,
        **offered,
        waiting=waiting_choices(db, somebody.community_id, today()),
        most=told_at_most(db, somebody.community_id),
        is_first_week=kind == ARRIVAL and not is_published(db, somebody.community_id),
        day=day,
        counts=days_with_facts(db, somebody.community_id, timezone=timezone, today=today()),
        lines=[_line(fact, today()) for fact in facts if _is_asked_for(fact)],
        tellers=sorted({(fact.by_id or "", fact.by) for fact in facts if fact.by}, key=lambda each: each[1]),
        effects=effect_words(),
        told_by=request.args.get("by", ""),
        did=request.args.get("did", ""),
    )


def effects_of(fact: FactTold) -> frozenset[str]:
    """Of EFFECTS what a fact did."""
    found = {
        "gone": bool(fact.withdrawn),
        "waits": bool(fact.weeks),
        "changed": bool(fact.did),
        "back": fact.taken_back_at is not None,
    }
    return frozenset(effect for effect, is_so in found.items() if is_so) or frozenset({"nothing"})


def effect_words() -> dict[str, str]:
    """EFFECTS as the filter of the list calls them."""
    return {
        "gone": _("took invitations out at once"),
        "waits": _("waits for you"),
        "changed": _("changed what is published"),
        "nothing": _("changed nothing"),
        "back": _("was taken back"),
    }


def _is_asked_for(fact: FactTold) -> bool:
    by, did = request.args.get("by", ""), request.args.get("did", "")
    return by in ("", fact.by_id) and (did not in EFFECTS or did in effects_of(fact))


def _line(fact: FactTold, day: date) -> Line:
    somebody = principal()
    is_same_day = today_in(somebody.timezone, fact.at) == day
    may = fact.taken_back_at is None and may_take_back(
        fact.kind, told_by=fact.by_id, by=somebody.account_id, is_same_day=is_same_day
    )
    earlier = tuple(told_sentence(each) for each in fact.earlier)
    may_correct = fact.taken_back_at is None and fact.kind in CORRECTABLE
    return Line(fact, told_sentence(fact), earlier, may, may_correct)
