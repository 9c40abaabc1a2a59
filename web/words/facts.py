"""What somebody told, as a sentence: "Rosa Delgado is away on Wednesday 2 December, in the morning"."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from milieu.queries.facts.kinds import (
    ABSENCE,
    APART,
    ARRIVAL,
    BUSY,
    CLOSURE,
    DEATH,
    DEPARTURE,
    GUEST,
    MOVE,
    OUTBREAK,
    REFUSAL,
    WEATHER,
    FactTold,
)
from milieu.services.facts.stretch import PARTS
from web.words.times import clock_time, long_day


def told_sentence(fact: FactTold) -> str:
    """A fact as its teller would say it, without a full stop."""
    return _SENTENCES[fact.kind](fact)


def _absence(fact: FactTold) -> str:
    return _("%(who)s is away %(when)s", who=fact.who, when=_stretch(fact))


def _closure(fact: FactTold) -> str:
    when, why = _stretch(fact), closure_word(fact.detail)
    return _("%(who)s cannot be used %(when)s, because of %(why)s", who=fact.who, when=when, why=why)


def _weather(fact: FactTold) -> str:
    return _("It is too wet outside %(when)s: %(who)s", who=fact.who, when=_stretch(fact))


def _outbreak(fact: FactTold) -> str:
    return _("%(who)s has an outbreak %(when)s", who=fact.who, when=_stretch(fact))


def _busy(fact: FactTold) -> str:
    return _("%(who)s %(what)s %(when)s", who=fact.who, what=out_word(fact.detail), when=_stretch(fact))


def _refusal(fact: FactTold) -> str:
    return _("%(who)s said no to %(other)s, %(until)s", who=fact.who, other=fact.other, until=_until(fact))


def _apart(fact: FactTold) -> str:
    until = _until(fact)
    return _("%(who)s and %(other)s are to be kept apart, %(until)s", who=fact.who, other=fact.other, until=until)


def _arrival(fact: FactTold) -> str:
    told = {"who": fact.who, "group": fact.other, "room": fact.detail, "day": _first(fact)}
    return _("%(who)s moves in on %(day)s: %(group)s, room %(room)s", **told)


def _move(fact: FactTold) -> str:
    told = {"who": fact.who, "group": fact.other, "room": fact.detail, "day": _first(fact)}
    return _("%(who)s lives in %(group)s, room %(room)s, from %(day)s on", **told)


def _departure(fact: FactTold) -> str:
    if fact.detail == "stay ended":
        return _("The stay of %(who)s ends on %(day)s", who=fact.who, day=_first(fact))
    return _("%(who)s moves out on %(day)s", who=fact.who, day=_first(fact))


def _death(fact: FactTold) -> str:
    return _("%(who)s died on %(day)s", who=fact.who, day=_first(fact))


def _guest(fact: FactTold) -> str:
    told = {"what": fact.who, "where": fact.other, "day": _first(fact), "time": clock_time(fact.start_minute)}
    return _("%(what)s is fixed for %(day)s at %(time)s: %(where)s", **told)


_SENTENCES: Mapping[str, Callable[[FactTold], str]] = {
    ABSENCE: _absence,
    CLOSURE: _closure,
    WEATHER: _weather,
    BUSY: _busy,
    OUTBREAK: _outbreak,
    REFUSAL: _refusal,
    APART: _apart,
    ARRIVAL: _arrival,
    MOVE: _move,
    DEPARTURE: _departure,
    DEATH: _death,
    GUEST: _guest,
}


def _first(fact: FactTold) -> str:
    return long_day(fact.first) if fact.first else ""


def _until(fact: FactTold) -> str:
    return _("until %(day)s", day=long_day(fact.last)) if fact.last else _("for good")


def out_word(kind: str) -> str:
    """What takes a resident up, as the words after a name."""
    return {
        "outing": _("is out"),
        "appointment": _("has an appointment"),
        "visit": _("has a visitor"),
    }.get(kind, _("is taken up"))


def leaving_word(reason: str) -> str:
    """Why somebody moves out."""
    return {"moved": _("they move to another place"), "stay ended": _("their stay was for a while")}.get(reason, "")


def closure_word(kind: str) -> str:
    """Why a space cannot be used, in a word or two."""
    return {
        "weather": _("the weather"),
        "repairs": _("repairs"),
        "booked": _("a booking"),
        "outbreak": _("an outbreak"),
        "other": _("another reason"),
    }.get(kind, "")


def _stretch(fact: FactTold) -> str:
    if fact.first is None or fact.last is None:
        return ""
    if fact.first != fact.last:
        return _("from %(first)s to %(last)s", first=long_day(fact.first), last=long_day(fact.last))
    day = _("on %(day)s", day=long_day(fact.first))
    part = {minutes: name for name, minutes in PARTS.items()}.get((fact.start_minute, fact.end_minute))
    if part == "":
        return day
    words = {
        "morning": _("in the morning"),
        "afternoon": _("in the afternoon"),
        "evening": _("in the evening"),
    }
    span = _("%(start)s to %(end)s", start=clock_time(fact.start_minute), end=clock_time(fact.end_minute))
    return f"{day}, {words[part] if part else span}"
