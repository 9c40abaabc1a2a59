"""The forms in which people tell what changed: what each asks, and what is read from it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from milieu.causes import CLOSURE_KINDS
from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.facts.by_day import Choice, activities, colleagues, living_groups, outdoor_spaces, spaces
from milieu.queries.facts.guests import guests_to_come
from milieu.queries.facts.hands import Shortage, Spared, least_missed
from milieu.queries.facts.kinds import (
    ABSENCE,
    APART,
    ARRIVAL,
    BED,
    BUSY,
    CANCELLED,
    CLOSURE,
    DEATH,
    DEPARTURE,
    GUEST,
    HANDS,
    HOSPITAL,
    MOVE,
    OUTBREAK,
    REFUSAL,
    WEATHER,
)
from milieu.queries.residents.people import residents_here
from milieu.services.facts import telling
from milieu.services.facts.cancelling import tell_cancelled
from milieu.services.facts.correcting import Standing
from milieu.services.facts.living import (
    REASONS,
    tell_death,
    tell_departure,
    tell_move,
)
from milieu.services.facts.outdoors import tell_weather
from milieu.services.facts.short_handed import tell_short_handed
from milieu.services.facts.stretch import PARTS, Stretch, stretch_of
from milieu.services.facts.unwell import tell_hospital, tell_in_bed
from milieu.services.facts.visiting import Visit, tell_visit
from milieu.services.residents.arriving import Arrival, tell_arrival
from milieu.services.teller import Teller
from web.binding import now
from web.guards.principal import principal
from web.typed import needed_day, typed_count, typed_day, typed_minute
from web.words.facts import closure_word, leaving_word, out_word
from web.words.times import clock_time, short_day, sunday_of, today_in

ABOUT_PEOPLE = (BUSY, HOSPITAL, BED, REFUSAL, APART, MOVE, DEPARTURE, DEATH)


class Proposed(Invalid):
    """A form that is to be looked at once more, with `typed` as what is proposed in it; said beside its button."""

    def __init__(self, sentence: str, typed: MultiDict[str, str]) -> None:
        super().__init__(sentence, at="proposed")
        self.typed = typed


def kinds_told() -> Mapping[str, str]:
    """The kinds of facts in the order of the page, each as what happened."""
    return {
        ABSENCE: _("Somebody of the team is away"),
        HANDS: _("Short of hands"),
        CLOSURE: _("A space cannot be used"),
        WEATHER: _("Too wet outside"),
        BUSY: _("A resident is out or has a visitor"),
        BED: _("A resident stays in bed"),
        HOSPITAL: _("A resident is in hospital"),
        REFUSAL: _("Somebody said no"),
        APART: _("Two people are to be kept apart"),
        OUTBREAK: _("An outbreak on a living group"),
        GUEST: _("A guest or something special"),
        CANCELLED: _("A guest cancels"),
        ARRIVAL: _("Somebody moves in"),
        MOVE: _("Somebody moves rooms"),
        DEPARTURE: _("Somebody moves out"),
        DEATH: _("Somebody has died"),
    }


def choices_for(db: DbSession, community_id: str, kind: str) -> dict[str, Any]:
    """What the form of a kind offers to choose from, by the names that `telling/fields.html` knows."""
    day = today()
    people = residents_here(db, community_id, day) if kind in (*ABOUT_PEOPLE, GUEST) else ()
    return {
        "today": day,
        "until": sunday_of(day),
        "people": people,
        "colleagues": colleagues(db, community_id, day),
        "spaces": spaces(db, community_id, day),
        "outdoors": outdoor_spaces(db, community_id, day) if kind == WEATHER else (),
        "living_groups": living_groups(db, community_id, day),
        "activities": activities(db, community_id, day) if kind in (REFUSAL, GUEST) else (),
        "guests": _guests(db, community_id) if kind == CANCELLED else (),
        "reasons": [Choice(each, closure_word(each)) for each in CLOSURE_KINDS],
        "outs": [Choice(each, out_word(each)) for each in telling.OUT_KINDS],
        "leavings": [Choice(each, leaving_word(each)) for each in REASONS],
    }


def typed_before(standing: Standing) -> MultiDict[str, str]:
    """What the form of a kind holds where a fact is corrected."""
    parts, hours = {minutes: part for part, minutes in PARTS.items()}, (standing.start_minute, standing.end_minute)
    is_stay = standing.kind == HOSPITAL and standing.last is not None
    back = standing.last + timedelta(days=1) if is_stay and standing.last else None
    is_one_day = standing.last == standing.first and standing.kind != BED
    typed = MultiDict(
        {
            "who": standing.who_id,
            "first": standing.first.isoformat() if standing.first else "",
            "last": standing.last.isoformat() if standing.last and not is_one_day else "",
            "part": parts.get(hours, ""),
            "start": "" if hours in parts else clock_time(hours[0]),
            "end": "" if hours in parts else clock_time(hours[1]),
            "detail": standing.detail,
            "reason": standing.reason,
            "back": back.isoformat() if back else "",
            "helpers": "" if standing.helpers is None else str(standing.helpers),
        }
    )
    typed.setlist("leaders", list(standing.leaders))
    return typed


def _guests(db: DbSession, community_id: str) -> list[Choice]:
    """Guests who are to come, with what they lead and when."""
    return [
        Choice(each.id, f"{each.name}: {each.activity}, {short_day(each.day)} {clock_time(each.start_minute)}")
        for each in guests_to_come(db, community_id, today())
    ]


def typed_again(refused: Invalid | Conflict) -> MultiDict[str, str]:
    """What a form holds that was sent and is shown again."""
    return refused.typed if isinstance(refused, Proposed) else request.form


def tell(db: DbSession, teller: Teller, kind: str) -> str:
    """Take in the form that was sent; the id of the fact's row. Raises Invalid and Conflict, at the field meant."""
    return _TELL[kind](db, teller)


def _absence(db: DbSession, teller: Teller) -> str:
    return telling.tell_absence(db, teller, _text("who"), _stretch(teller), _text("reason"))


def _closure(db: DbSession, teller: Teller) -> str:
    return telling.tell_closure(db, teller, _text("who"), _stretch(teller), _text("detail"), _text("reason"))


def _busy(db: DbSession, teller: Teller) -> str:
    return telling.tell_busy(db, teller, _text("who"), _stretch(teller), _text("detail"))


def _hospital(db: DbSession, teller: Teller) -> str:
    return tell_hospital(db, teller, _text("who"), typed_day("first"), typed_day("back"))


def _bed(db: DbSession, teller: Teller) -> str:
    return tell_in_bed(db, teller, _text("who"), typed_day("first"), typed_day("last"), _text("part"))


def _hands(db: DbSession, teller: Teller) -> str:
    """Raises Proposed where more are to be spared than are named."""
    stretch, leaders = _stretch(teller), request.form.getlist("leaders")
    helpers, fewer = typed_count("helpers"), typed_count("fewer") or 0
    if fewer > len(leaders):
        raise _spared(db, teller, stretch, leaders, fewer - len(leaders))
    return tell_short_handed(db, teller, stretch, leaders, helpers, _text("reason"))


def _spared(db: DbSession, teller: Teller, stretch: Stretch, leaders: Sequence[str], more: int) -> Invalid:
    """The form anew, with those ticked besides who would be missed least; or that so many are not on duty."""
    time = Shortage(stretch.first, stretch.last, stretch.start_minute, stretch.end_minute)
    found = least_missed(db, teller.community_id, time, more, beside=leaders, today=today(), now=teller.now)
    if len(found) < more:
        there = len(found) + len(leaders)
        return Invalid(
            ngettext("Only %(num)d of the team is on duty then.", "Only %(num)d of the team are on duty then.", there),
            at="fewer",
        )
    typed = MultiDict(request.form)
    typed.setlist("leaders", [*leaders, *(each.id for each in found)])
    names = "; ".join(_missed(each) for each in found)
    said = _(
        "Fewest are told otherwise without %(names)s. Please note it once more, or tick others first.", names=names
    )
    return Proposed(said, typed)


def _missed(each: Spared) -> str:
    if not each.sessions:
        return _("%(name)s (leads nothing that is published then)", name=each.name)
    sessions = ngettext("%(num)d session", "%(num)d sessions", each.sessions)
    return _("%(name)s (%(sessions)s, %(invited)s invited)", name=each.name, sessions=sessions, invited=each.invited)


def _cancelled(db: DbSession, teller: Teller) -> str:
    return tell_cancelled(db, teller, _text("who"), _text("reason"))


def _outbreak(db: DbSession, teller: Teller) -> str:
    return telling.tell_outbreak(db, teller, _text("who"), _stretch(teller), _text("reason"))


def _refusal(db: DbSession, teller: Teller) -> str:
    thing, _colon, thing_id = _text("what").partition(":")
    return telling.tell_refusal(db, teller, _text("who"), thing, thing_id, until=_until())


def _apart(db: DbSession, teller: Teller) -> str:
    return telling.tell_apart(db, teller, _text("who"), _text("other"), until=_until())


def _weather(db: DbSession, teller: Teller) -> str:
    return tell_weather(db, teller, request.form.getlist("spaces"), _stretch(teller))


def _arrival(db: DbSession, teller: Teller) -> str:
    typed = (_text("given_name"), _text("family_name"), _text("group"), _text("room"))
    return tell_arrival(db, teller, Arrival(*typed, _day()))


def _move(db: DbSession, teller: Teller) -> str:
    return tell_move(db, teller, _text("who"), _text("group"), _text("room"), typed_day("first"))


def _departure(db: DbSession, teller: Teller) -> str:
    return tell_departure(db, teller, _text("who"), _day(), _text("detail"))


def _death(db: DbSession, teller: Teller) -> str:
    return tell_death(db, teller, _text("who"), _day())


def _guest(db: DbSession, teller: Teller) -> str:
    visit = Visit(
        activity_id=_text("activity"),
        space_id=_text("space"),
        day=_day(),
        start_minute=typed_minute("start"),
        leader_id=_text("leader"),
        guest=_text("guest"),
        helper_id=_text("helper"),
        groups=tuple(request.form.getlist("groups")),
        people=tuple(request.form.getlist("people")),
    )
    return tell_visit(db, teller, visit)


_TELL: Mapping[str, Callable[[DbSession, Teller], str]] = {
    ABSENCE: _absence,
    CLOSURE: _closure,
    BUSY: _busy,
    HOSPITAL: _hospital,
    BED: _bed,
    OUTBREAK: _outbreak,
    REFUSAL: _refusal,
    APART: _apart,
    WEATHER: _weather,
    ARRIVAL: _arrival,
    MOVE: _move,
    DEPARTURE: _departure,
    DEATH: _death,
    GUEST: _guest,
    CANCELLED: _cancelled,
    HANDS: _hands,
}


def _stretch(teller: Teller) -> Stretch:
    since = teller.correction.first if teller.correction else None
    days = typed_day("first"), typed_day("last")
    return stretch_of(*days, _text("part"), today=today(), since=since, hours=_hours())


def _hours() -> tuple[int, int] | None:
    """From when to when of the day, where either is written."""
    if not (_text("start").strip() or _text("end").strip()):
        return None
    return typed_minute("start"), typed_minute("end")


def _until() -> date | None:
    """The last day on which it holds; None for good."""
    if _text("for") == "good":
        return None
    return needed_day("last", _("Please say until when, or choose “for good”."))


def _day() -> date:
    return needed_day("first", _("Please say the day."))


def _text(field: str) -> str:
    return request.form.get(field, "")


def today() -> date:
    """The community's own day."""
    return today_in(principal().timezone, now())
