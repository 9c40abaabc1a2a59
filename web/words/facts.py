"""What somebody told, as a sentence: "Rosa Delgado is away on Wednesday 2 December, in the morning"."""

from flask_babel import gettext as _

from milieu.queries.facts import ABSENCE, APART, BUSY, CLOSURE, OUTBREAK, FactTold
from milieu.services.facts.stretch import PARTS
from web.words.times import clock_time, long_day


def told_sentence(fact: FactTold) -> str:
    """A fact as its teller would say it, without a full stop."""
    when = _stretch(fact)
    if fact.kind == ABSENCE:
        return _("%(who)s is away %(when)s", who=fact.who, when=when)
    if fact.kind == CLOSURE:
        why = closure_word(fact.detail)
        return _("%(who)s cannot be used %(when)s, because of %(why)s", who=fact.who, when=when, why=why)
    if fact.kind == OUTBREAK:
        return _("%(who)s has an outbreak %(when)s", who=fact.who, when=when)
    if fact.kind == BUSY:
        return _("%(who)s %(what)s %(when)s", who=fact.who, what=out_word(fact.detail), when=when)
    until = _("until %(day)s", day=long_day(fact.last)) if fact.last else _("for good")
    if fact.kind == APART:
        return _("%(who)s and %(other)s are to be kept apart, %(until)s", who=fact.who, other=fact.other, until=until)
    return _("%(who)s said no to %(other)s, %(until)s", who=fact.who, other=fact.other, until=until)


def out_word(kind: str) -> str:
    """What takes a resident up, as the words after a name."""
    return {
        "outing": _("is out"),
        "appointment": _("has an appointment"),
        "visit": _("has a visitor"),
    }.get(kind, _("is taken up"))


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
