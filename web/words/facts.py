"""What somebody told, as a sentence: "Rosa Delgado is away on Wednesday 2 December, in the morning"."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from flask_babel import gettext as _

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
    FactTold,
)
from milieu.services.facts.stretch import EARLIEST, PARTS
from web.words.times import clock_time, date_said, long_day


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


def _hospital(fact: FactTold) -> str:
    who, first = fact.who, _first(fact)
    if fact.last is None:
        return _("%(who)s is in hospital from %(first)s on", who=who, first=first)
    back = long_day(fact.last + timedelta(days=1))
    return _("%(who)s is in hospital from %(first)s and back on %(back)s", who=who, first=first, back=back)


def _bed(fact: FactTold) -> str:
    return _("%(who)s stays in bed %(when)s", who=fact.who, when=_stretch(fact))


def _cancelled(fact: FactTold) -> str:
    told = {"who": fact.who, "what": fact.other, "day": _first(fact), "time": clock_time(fact.start_minute)}
    return _("%(who)s does not come on %(day)s at %(time)s for %(what)s", **told)


def _hands(fact: FactTold) -> str:
    told = {"who": fact.who, "when": _stretch(fact), "count": fact.helpers}
    if fact.helpers is None:
        return (
            _("Hands are short %(when)s: %(who)s leads nothing", **told)
            if ", " not in fact.who
            else _("Hands are short %(when)s: %(who)s lead nothing", **told)
        )
    if not fact.who:
        return _("Hands are short %(when)s: %(count)s can bring people", **told)
    return _("Hands are short %(when)s: %(count)s can bring people; without %(who)s", **told)


def _refusal(fact: FactTold) -> str:
    return _("%(who)s said no to %(other)s, %(until)s", who=fact.who, other=fact.other, until=_until(fact))


def _apart(fact: FactTold) -> str:
    until = _until(fact)
    return _("%(who)s and %(other)s are to be kept apart, %(until)s", who=fact.who, other=fact.other, until=until)


def _arrival(fact: FactTold) -> str:
    told = {"who": fact.who, "group": fact.other, "room": fact.detail, "day": _first(fact)}
    if fact.first is not None and fact.first < fact.at.date() - EARLIEST:
        told["day"] = date_said(fact.first)
        return _("%(who)s lives here since %(day)s: %(group)s, room %(room)s", **told)
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
    if fact.meant_for:
        return _("%(what)s is fixed for %(day)s at %(time)s: %(where)s; for %(whom)s", whom=fact.meant_for, **told)
    return _("%(what)s is fixed for %(day)s at %(time)s: %(where)s", **told)


_SENTENCES: Mapping[str, Callable[[FactTold], str]] = {
    ABSENCE: _absence,
    CLOSURE: _closure,
    WEATHER: _weather,
    BUSY: _busy,
    HOSPITAL: _hospital,
    BED: _bed,
    OUTBREAK: _outbreak,
    REFUSAL: _refusal,
    APART: _apart,
    ARRIVAL: _arrival,
    MOVE: _move,
    DEPARTURE: _departure,
    DEATH: _death,
    GUEST: _guest,
    CANCELLED: _cancelled,
    HANDS: _hands,
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
    if fact.first is None:
        return ""
    if fact.last is None:
        day = _("from %(first)s on", first=long_day(fact.first))
    elif fact.first != fact.last:
        day = _("from %(first)s to %(last)s", first=long_day(fact.first), last=long_day(fact.last))
    else:
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
