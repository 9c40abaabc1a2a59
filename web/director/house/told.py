"""Things, what belongs to them, what uses them and what became of them, as lines of a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.services.house.choices import Choices
from milieu.services.house.readiness import Lacking
from milieu.services.house.things.kinds import ACTIVITIES, LIVING_GROUPS, SPACES, Kind
from milieu.services.house.things.showing import Past, PieceShown
from milieu.services.house.things.uses import Use
from web.director.house.words import hours_said, neighbour_words, said, words_of
from web.fields import Field
from web.words.domains import domain

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A row that belongs to a thing, as a sentence; of hours with the form that changes them and its seal."""

    id: str
    said: str
    fields: Sequence[Field] = ()
    seal: str = ""
    refused: Exception | None = None
    is_open: bool = False


@dataclass(frozen=True)
class PastLine:
    """A line of a history: when, who, what; `may_undo` where nothing came after."""

    id: str
    at: datetime
    by: str
    said: str
    may_undo: bool


def line_of(kind: Kind, texts: Texts) -> str:
    """The few words beside a name in a list."""
    if kind is LIVING_GROUPS:
        return texts["zone"]
    if kind is SPACES:
        seats = _("Seats: %(count)s", count=texts["seats"])
        return " · ".join(part for part in (seats, texts["zone"], texts["features"].replace(";", ", ")) if part)
    if kind is ACTIVITIES:
        good = ", ".join(domain(each).word for each in texts["domains"].split(";") if each)
        size = _("for one") if texts["group_max"] == "1" else _("up to %(most)s", most=texts["group_max"])
        often = _("%(count)s a week at most", count=texts["sessions_max"])
        return " · ".join(part for part in (good, size, often) if part)
    volunteer = _("volunteer") if texts["kind"] == "volunteer" else ""
    return " · ".join(part for part in (volunteer, texts["skills"].replace(";", ", ")) if part)


def lacking_said(lacking: Lacking) -> str:
    """Why an activity cannot be held as the house and the roster are."""
    said = []
    if lacking.features:
        said.append(_("No space has what it needs: %(what)s.", what=", ".join(lacking.features)))
    if lacking.skills:
        said.append(_("Nobody on a roster can lead it: %(what)s.", what=", ".join(lacking.skills)))
    elif not lacking.has_leave:
        said.append(_("Nobody on a roster may lead it: a volunteer may where their page says so, the staff always."))
    return " ".join(said)


def stay_invited(sessions: int) -> list[str]:
    """That so many published sessions ask more than an activity's new size, and that this uninvites nobody."""
    if not sessions:
        return []
    said = ngettext(
        "%(num)d published group asks more people than it would by now: they stay invited.",
        "%(num)d published groups ask more people than they would by now: they stay invited.",
        sessions,
    )
    return [said, _("“To look at”, beside the week, says which.")]


def pieces_told(name: str, pieces: Iterable[PieceShown]) -> tuple[Line, ...]:
    """What belongs to a thing, a line each."""
    return tuple(Line(each.id, piece_said(name, each.texts)) for each in pieces)


def piece_said(name: str, texts: Texts) -> str:
    """One row that belongs to a thing; its references by name."""
    if name == "neighbours":
        return _("%(name)s: %(how)s", name=texts["other"], how=dict(neighbour_words()).get(texts["kind"], ""))
    return texts.get("resident") or hours_said(texts)


def uses_told(uses: Iterable[Use]) -> list[str]:
    """What still names a thing, a sentence each."""
    return [_use_said(each) for each in uses]


def _use_said(use: Use) -> str:
    names = ", ".join(use.names)
    sentences = {
        "sessions": ngettext("%(num)d published session to come.", "%(num)d published sessions to come.", use.count),
        "residents": ngettext(
            "%(num)d resident lives there or is to.", "%(num)d residents live there or are to.", use.count
        ),
        "aims": ngettext("%(num)d aim of the programme.", "%(num)d aims of the programme.", use.count),
        "habits": ngettext(
            "%(num)d session of the base week that is kept by hand.",
            "%(num)d sessions of the base week that is kept by hand.",
            use.count,
        ),
        "wishes": ngettext("%(num)d resident’s wish.", "%(num)d residents’ wishes.", use.count),
        "requirements": ngettext("%(num)d care plan asks for it.", "%(num)d care plans ask for it.", use.count),
        "duties": ngettext("%(num)d line of the roster.", "%(num)d lines of the roster.", use.count),
        "times": ngettext("%(num)d usual time.", "%(num)d usual times.", use.count),
        "familiar": ngettext("%(num)d resident trusts them.", "%(num)d residents trust them.", use.count),
        "nowhere else": _("There is no other space for: %(names)s.", names=names),
        "twins": _("It takes the place, when it is wet, of: %(names)s.", names=names),
        "alone": _("May lead it without staff: %(names)s.", names=names),
    }
    return str(sentences[use.what])


def history_told(own: str, history: Iterable[Past], choices: Choices) -> list[PastLine]:
    """A history, a sentence a line; of what lists brought only that they brought the thing itself."""
    return [
        PastLine(each.id, each.at, each.by, _past_said(own, each, choices), each.may_undo)
        for each in history
        if each.of == own or each.verb not in BY_LISTS
    ]


def _past_said(own: str, past: Past, choices: Choices) -> str:
    if past.verb == "changed":
        return "; ".join(changes_said(past, choices)) or _("changed")
    if past.of == own:
        return _of_itself(past, choices)
    what = piece_said(past.of, past.after or past.before) if len({**past.before, **past.after}) > 1 else ""
    words = {
        "added": _("Added: %(what)s", what=what),
        "taken out": _("Taken out: %(what)s", what=what),
        "ended": _("A line that belongs to it holds no more"),
        "undone": _("Undone: %(what)s", what=what) if what else _("Undone"),
    }
    return words.get(past.verb) or _by_list(past.verb)


def _of_itself(past: Past, choices: Choices) -> str:
    words = {"added": _("Made"), "ended": _("Ended")}
    if past.verb == "undone":
        return _("Undone: %(what)s", what="; ".join(changes_said(past, choices)))
    return words.get(past.verb) or _by_list(past.verb)


def changes_said(past: Past, choices: Choices) -> list[str]:
    """What a line changed, field by field: "Seats: 12 → 14"."""
    words = words_of(past.of, choices)

    def field(name: str, text: str) -> str:
        label, held, now = words[name].label, said(words[name], past.before.get(name, "")), said(words[name], text)
        return str(_("%(label)s: %(before)s → %(after)s", label=label, before=held, after=now))

    return [field(name, text) for name, text in past.after.items() if name in words]


def _by_list(verb: str) -> str:
    return {
        "imported": _("Came with a list"),
        "changed by import": _("Changed by a list"),
        "returned by import": _("Came back with a list"),
        "ended by import": _("Ended by a list"),
    }.get(verb, verb)


BY_LISTS = ("imported", "changed by import", "returned by import", "ended by import")
