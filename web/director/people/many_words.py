"""What is given to many people at once, in words."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.services.many.asking import BUSY, NEED_FIELD, WISH
from milieu.services.many.effects import CHANGED, SAID_NO, SAME, Effect, Meeting
from milieu.services.many.giving import Given
from web.director.person.labels import strengths
from web.director.person.summaries import summary
from web.fields import Option, Words
from web.words.abilities import asked
from web.words.people import kind_word, noise_word, support_word
from web.words.times import clock_time, long_day


def kind_title(kind: str, count: int) -> str:
    """What is given to how many."""
    if kind == WISH:
        return ngettext("A wish for %(num)d person", "A wish for %(num)d people", count)
    if kind == BUSY:
        return ngettext("A busy time for %(num)d person", "A busy time for %(num)d people", count)
    return ngettext("A need for %(num)d person", "A need for %(num)d people", count)


def need_options(values: Sequence[str], words: Mapping[str, Words]) -> list[tuple[str, list[Option]]]:
    """What can be chosen as a need, by what it is about."""
    found: dict[str, list[Option]] = {}
    for value in values:
        name = value.partition("=")[0]
        found.setdefault(words[name].label, []).append((value, need_word(value, words)))
    return list(found.items())


def need_word(value: str, words: Mapping[str, Words]) -> str:
    """One need: "Comes in a wheelchair: from now on"."""
    name, _sign, is_so = value.partition("=")
    if name == "support":
        return support_word(int(is_so))
    if name == "noise_max":
        return noise_word(int(is_so))
    label = words[name].label
    if name == "cannot":
        ability, _sign, is_so = is_so.partition(":")
        label = asked(ability)
    return _("%(what)s: yes", what=label) if is_so == "yes" else _("%(what)s: no", what=label)


def effect_words(effect: Effect, words: Mapping[str, Words]) -> tuple[str, ...]:
    """What it does to one of them, each in a phrase."""
    said = []
    if effect.part.name == "busy":
        said.append(summary("busy", words, {**effect.typed, "kind": "", "valid_from": "", "valid_until": ""}))
    if effect.kind == SAME:
        said.append(_("is so already"))
    elif effect.kind == SAID_NO:
        said.append(_("said no to it, so nothing is noted"))
    elif effect.kind == CHANGED:
        held = "; ".join(_held(effect, each, words) for each in effect.held)
        said += [_("until now: %(what)s", what=held)] if held else []
    elif effect.part.name != "busy":
        said.append(_("is new"))
    if effect.louder:
        whose = {"resident": _("their own word"), "relative": _("a relative’s word"), "observed": _("what was seen")}
        strength = dict(strengths()).get(str(effect.louder[1]), "")
        said.append(
            _(
                "%(whose)s still counts first: %(what)s",
                whose=whose.get(effect.louder[0], _("another’s word")),
                what=strength,
            )
        )
    return (*said, *(_meeting(each) for each in effect.meets))


def is_met(effect: Effect) -> bool:
    """Whether it meets an invitation that was published."""
    return bool(effect.meets)


def given_words(given: Given, activity: str) -> str:
    """What was given to many, in a line: "Choir, likes it", "Bath"."""
    if given.kind == WISH:
        return _("%(what)s: %(how)s", what=activity, how=dict(strengths()).get(given.said.get("strength", ""), ""))
    if given.kind == BUSY:
        return kind_word(given.said.get("kind", ""))
    return _("A need") if NEED_FIELD not in given.said else _plain_need(given.said[NEED_FIELD])


def _plain_need(value: str) -> str:
    from_form = {
        "wheelchair": _("Comes in a wheelchair"),
        "escort": _("Somebody has to bring them"),
        "support": _("Needs of a helper in a group"),
        "needs_familiar": _("Comes only where a known face is"),
        "stays_in_zone": _("Does not leave their part of the building"),
        "noise_max": _("How much noise they bear"),
        "cannot": _("Cannot, so is not asked to what takes it"),
    }
    name = value.partition("=")[0]
    word = need_word(value, {each: Words(label) for each, label in from_form.items()})
    return f"{from_form[name]}: {word}" if name in ("support", "noise_max") else word


def _held(effect: Effect, held: Mapping[str, str], words: Mapping[str, Words]) -> str:
    """What holds now, as it gives way."""
    if effect.part.name != "needs":
        return summary(
            effect.part.name, words, {**held, "activity": "", "kind": "", "valid_from": "", "valid_until": ""}
        )
    ((name, value),) = held.items()
    if name == "cannot":
        return ", ".join(asked(each) for each in value.split(";") if each) or _("nothing")
    return need_word(f"{name}={value or 'no'}", words)


def _meeting(meeting: Meeting) -> str:
    told = {"what": meeting.title, "day": long_day(meeting.on_date), "time": clock_time(meeting.start_minute)}
    if meeting.is_loved:
        return _("meets %(what)s on %(day)s at %(time)s, which they love", **told)
    return _("meets %(what)s on %(day)s at %(time)s", **told)
