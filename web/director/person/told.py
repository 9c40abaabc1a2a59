"""A change of what is known of a resident, in words: what it is about, and each value from what to what."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from milieu.preferences import QUESTIONS
from milieu.queries.person.history import Changed
from web.director.person.labels import strengths
from web.words.abilities import listed
from web.words.domains import KEYS, domain
from web.words.people import kind_word, noise_word, part_word, support_word, weekday_word
from web.words.person.preferences import answer_word, question_word
from web.words.times import clock_time, full_date

_HIDDEN = ("resident_id", "key", "withdrawn", "speaker", "start_minute", "end_minute")
_IDS = ("activity_id", "space_id", "facilitator_id")


def told(changed: Changed, names: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """What a line is about, and what it changed: "Wish, Choir", ("how much: from likes it to loves it",)."""
    line = changed.line
    about = _nouns().get(line.noun, line.noun)
    if changed.thing:
        about = f"{about}: {changed.thing}"
    said = f"{about}, {_verbs().get(line.verb, line.verb)}"
    return said, tuple(_values(line.before, line.after, names))


def page_word(endpoint: str) -> str:
    """A page as somebody looked at it."""
    return {
        "director.resident": _("this page"),
        "director.people": _("the list of people"),
        "director.change_part": _("a form of this page"),
        "director.noes": _("the noes"),
        "director.preferences": _("what matters"),
        "director.ties": _("who they are close to"),
        "director.person_history": _("the history"),
        "director.session": _("a session"),
        "director.week": _("the week"),
        "director.changed": _("the changes"),
        "staff.today": _("today"),
        "staff.day": _("a day"),
        "staff.one_session": _("a session, on the floor"),
        "staff.sheet": _("the printed sheet"),
        "family.home": _("the family’s letter"),
        "family.one": _("the family’s letter"),
    }.get(endpoint, _("another page"))


def _values(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    found = []
    words = labels()
    for name in dict.fromkeys((*before, *after)):
        if name in _HIDDEN or name not in words or name in _IDS:
            continue
        was, now = _word(name, before.get(name), names), _word(name, after.get(name), names)
        if name not in before or not before:
            if now:
                found.append(_("%(what)s: %(value)s", what=words[name], value=now))
        elif name not in after:
            if was:
                found.append(_("%(what)s was: %(value)s", what=words[name], value=was))
        else:
            nothing = _("nothing")
            found.append(
                _("%(what)s: from %(was)s to %(now)s", what=words[name], was=was or nothing, now=now or nothing)
            )
    hours = [_hours(said) for said in (before, after)]
    if hours[0] != hours[1]:
        found.append(" → ".join(each for each in hours if each))
    return found


def _hours(said: Mapping[str, Any]) -> str:
    if said.get("start_minute") is None or said.get("end_minute") is None:
        return ""
    return _("%(start)s to %(end)s", start=clock_time(said["start_minute"]), end=clock_time(said["end_minute"]))


def _word(name: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in _LOOKED_UP:
        return str(_LOOKED_UP[name](value))
    if name == "living_group_id":
        return names.get(value, "")
    if name in _DAYS:
        return full_date(date.fromisoformat(value))
    return str(value)


def _times(value: Mapping[str, int]) -> str:
    return ", ".join(f"{part_word(part)} {liked:+}" for part, liked in value.items())


def _strength(value: int) -> str:
    return dict(strengths()).get(str(value), str(value))


def _said_by(value: str) -> str:
    return {
        "resident": _("the resident"),
        "relative": _("a relative"),
        "observed": _("seen by the team"),
        "staff": _("the team"),
        "speaker": _("who may speak for them"),
    }.get(value, value)


def _answer(value: str) -> str:
    return {"adaptation": _("made possible"), "visit": _("visited")}.get(value, value)


_DAYS = (
    "born_on",
    "said_on",
    "review_on",
    "asked_on",
    "answered_on",
    "valid_from",
    "valid_until",
    "on_date",
    "arrived_on",
    "left_on",
    "first",
    "last",
)
_LOOKED_UP: Mapping[str, Any] = {
    "times": _times,
    "strength": _strength,
    "said_by": _said_by,
    "noise_max": noise_word,
    "support": support_word,
    "cannot": listed,
    **dict.fromkeys(("languages", "origins", "trades"), ", ".join),
    "kind": kind_word,
    "weekday": weekday_word,
    "question": question_word,
    "answer": _answer,
    **dict.fromkeys(QUESTIONS, answer_word),
    "domain": lambda value: domain(value).word if value in KEYS else value,
}


def _verbs() -> Mapping[str, str]:
    return {
        "added": _("new"),
        "changed": _("changed"),
        "ended": _("holds no longer"),
        "taken out": _("taken out"),
        "undone": _("undone"),
        "told": _("told"),
        "corrected": _("corrected"),
        "took back": _("taken back"),
        "said yes again": _("the no is taken back"),
    }


def _nouns() -> Mapping[str, str]:
    return {
        "resident": _("Who they are"),
        "resident_busy": _("Taken up"),
        "busy": _("Taken up"),
        "calm_time": _("Calm time"),
        "wish": _("Wish"),
        "refusal": _("No"),
        "charted_limit": _("Charted limit"),
        "target": _("Aim"),
        "requirement": _("What must be offered"),
        "activity_member": _("Place in a closed group"),
        "assessment": _("What matters"),
        "wish_answer": _("What was done about a wish"),
    }


def labels() -> Mapping[str, str]:
    return {
        "given_name": _("given name"),
        "family_name": _("family name"),
        "called": _("called"),
        "pronoun": _("spoken of as"),
        "born_on": _("birthday"),
        "living_group_id": _("living group"),
        "room": _("room"),
        "arrived_on": _("moves in on"),
        "left_on": _("left on"),
        "invite_how": _("how to ask"),
        "wheelchair": _("wheelchair"),
        "escort": _("has to be brought"),
        "support": _("needs of a helper"),
        "noise_max": _("noise"),
        "needs_familiar": _("only with a known face"),
        "zone_locked": _("stays in their part of the building"),
        "rest_minutes": _("minutes of rest"),
        "max_per_day": _("most a day"),
        "sessions_min": _("least a week"),
        "sessions_max": _("most a week"),
        "times": _("parts of the day"),
        "cannot": _("cannot"),
        "languages": _("speaks"),
        "origins": _("comes from"),
        "trades": _("work and past"),
        "strength": _("how much"),
        "said_by": _("who says so"),
        "said_on": _("said on"),
        "valid_from": _("from"),
        "valid_until": _("until"),
        "first": _("from"),
        "last": _("until"),
        "on_date": _("on"),
        "weekday": _("day"),
        "kind": _("what"),
        "reason": _("why"),
        "charted_by": _("charted by"),
        "domain": _("what for"),
        "min_sessions": _("times a week"),
        "times_a_week": _("times a week"),
        "weight": _("how much it matters"),
        "owner": _("looked after by"),
        "review_on": _("looked at again on"),
        "is_short_stay": _("a guest for some weeks"),
        "asked_on": _("asked on"),
        "speaker": _("answered by"),
        "question": _("what it is about"),
        "answer": _("what was done"),
        "how": _("how"),
        "answered_on": _("done on"),
        **{question: question_word(question) for question in QUESTIONS},
    }
