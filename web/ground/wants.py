"""What a living group wants to be together: its aims, and its council's wishes with the answers given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.residents.people import units_of
from milieu.queries.ties.living_group import require_living_group
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused
from milieu.services.editing.saving import Stale
from milieu.services.groups import (
    AIMS,
    COUNCIL,
    PARTS,
    Became,
    Wanted,
    add_wanted,
    change_wanted,
    end_wanted,
    history_of_wanted,
    undo_wanted,
    wanted_by,
)
from milieu.services.residents.forms import Held
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.fields import Field, Words, fields_of, typed_in
from web.forms import once, seen_version, teller
from web.ground.blueprint import blueprint
from web.guards.principal import principal
from web.pages import page
from web.words.domains import KEYS, domain
from web.words.person.groups import aim_said
from web.words.times import full_date, today_in


@dataclass(frozen=True)
class Form:
    """A row's form, or (`row_id` "") that of one more, with the row in a line."""

    row_id: str
    version: int
    said: str
    fields: list[Field]
    refused: Exception | None


@dataclass(frozen=True)
class Attempt:
    """A form that was refused."""

    part: Part
    row_id: str
    refused: Refused | Stale


@blueprint.get("/living-groups/<living_group_id>/wants")
def wants(living_group_id: str) -> Response:
    """The forms of a living group's aims, and of its council's wishes."""
    return _page(living_group_id)


@blueprint.post("/living-groups/<living_group_id>/wants/<part>")
def add_want(living_group_id: str, part: str) -> Response:
    """Add one."""
    edited = _part(part)

    def work(db: DbSession) -> Answer:
        add_wanted(db, teller(), edited, living_group_id, typed_in(edited, request.form))
        return Answer(_back(living_group_id, edited), _("Saved."))

    return _done(living_group_id, edited, "", work)


@blueprint.post("/living-groups/<living_group_id>/wants/<part>/<row_id>")
def change_want(living_group_id: str, part: str, row_id: str) -> Response:
    """Change one, or answer it."""
    edited = _part(part)

    def work(db: DbSession) -> Answer:
        typed = typed_in(edited, request.form)
        saved = change_wanted(db, teller(), edited, living_group_id, row_id, seen_version(), typed)
        return Answer(_back(living_group_id, edited), _("Saved.") if saved.changed else _("Nothing was different."))

    return _done(living_group_id, edited, row_id, work)


@blueprint.post("/living-groups/<living_group_id>/wants/<part>/<row_id>/end")
def end_want(living_group_id: str, part: str, row_id: str) -> Response:
    """Let one hold no longer."""
    edited = _part(part)

    def work(db: DbSession) -> Answer:
        end_wanted(db, teller(), edited, living_group_id, row_id, seen_version())
        return Answer(_back(living_group_id, edited), _("It holds no longer."))

    return _done(living_group_id, edited, row_id, work)


@blueprint.post("/living-groups/<living_group_id>/wants/undo/<change_id>")
def undo_want(living_group_id: str, change_id: str) -> Response:
    """Undo one line of what became of them, where nothing came after."""

    def work(db: DbSession) -> Answer:
        undo_wanted(db, teller(), living_group_id, change_id)
        return Answer(url_for("ground.wants", living_group_id=living_group_id, _anchor="history"), _("Undone."))

    return once(work)


def wanted_said(db: DbSession, living_group_id: str, today: date) -> tuple[list[str], list[Mapping[str, str]]]:
    """A living group's aims in sentences, and its council's wishes with what was answered."""
    held = wanted_by(db, principal().community_id, living_group_id, today)
    return [aim_said(each.texts) for each in held.aims], [each.texts for each in held.council]


def _done(living_group_id: str, part: Part, row_id: str, work: Callable[[DbSession], Answer]) -> Response:
    try:
        return once(work)
    except (Refused, Stale) as refused:
        return _page(living_group_id, Attempt(part, row_id, refused))


def _page(living_group_id: str, attempt: Attempt | None = None) -> Response:
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    require_living_group(db, somebody.community_id, living_group_id)
    held = wanted_by(db, somebody.community_id, living_group_id, today)
    return page(
        "ground/wants.html",
        status=200 if attempt is None else 409 if isinstance(attempt.refused, Stale) else 422,
        nav="ground.living_groups",
        unit=next(unit for unit in units_of(db, somebody.community_id) if unit.id == living_group_id),
        parts=[
            (part, _forms(part, held, attempt), _form(part, _first(part, today), attempt)) for part in PARTS.values()
        ],
        titles=_titles(),
        history=[_past(each) for each in history_of_wanted(db, somebody.community_id, living_group_id)],
    )


def _titles() -> Mapping[str, str]:
    return {AIMS.name: _("What they want to do together"), COUNCIL.name: _("Wishes of the council")}


@dataclass(frozen=True)
class PastLine:
    """A line of what became of them: when, who, what; `may_undo` where nothing came after."""

    id: str
    at: datetime
    by: str
    said: str
    may_undo: bool


def _past(became: Became) -> PastLine:
    """What was done to which aim or wish; of a change also from what to what."""
    line = became.line
    part = PARTS[line.of]
    words = {name: each.label for name, each in _words(part).items()}
    changes = "; ".join(
        _(
            "%(label)s: %(before)s → %(after)s",
            label=words[name],
            before=line.before.get(name) or "–",
            after=held or "–",
        )
        for name, held in line.after.items()
        if name in words
    )
    done = {
        "added": _("noted"),
        "changed": changes or _("changed"),
        "ended": _("holds no longer"),
        "taken out": _("taken out"),
        "undone": _("undone"),
    }.get(line.verb, _("came with a list"))
    what = _titles()[part.name]
    if became.texts:
        what = became.texts["wish"] if part is COUNCIL else aim_said(became.texts).rstrip(".")
    return PastLine(line.id, line.at, line.by, _("%(what)s: %(done)s", what=what, done=done), line.may_undo)


def _first(part: Part, today: date) -> Held:
    return Held("", 0, {"weight": "1"} if part is AIMS else {"said_on": today.isoformat()})


def _forms(part: Part, held: Wanted, attempt: Attempt | None) -> list[Form]:
    return [_form(part, each, attempt) for each in (held.aims if part is AIMS else held.council)]


def _form(part: Part, held: Held, attempt: Attempt | None) -> Form:
    tried = attempt if attempt is not None and (attempt.part, attempt.row_id) == (part, held.row_id) else None
    refused = tried.refused if tried else None
    version = refused.version if isinstance(refused, Stale) else held.version
    typed = typed_in(part, request.form) if tried else None
    said = "" if not held.row_id else aim_said(held.texts) if part is AIMS else _council_said(held.texts)
    return Form(
        held.row_id, version, said, fields_of(part, _words(part), held.texts, typed=typed, refused=refused), refused
    )


def _council_said(texts: Mapping[str, str]) -> str:
    answer = _("answered on %(day)s", day=_day(texts["answered_on"])) if texts["answered_on"] else _("not answered yet")
    return f"{texts['wish']} ({_day(texts['said_on'])}, {answer})"


def _day(text: str) -> str:
    return full_date(date.fromisoformat(text))


def _words(part: Part) -> Mapping[str, Words]:
    if part is COUNCIL:
        return {
            "wish": Words(_("What the council wishes")),
            "said_on": Words(_("Said on")),
            "answer": Words(_("The answer it was given")),
            "answered_on": Words(_("Answered on")),
        }
    return {
        "domain": Words(_("What for"), options=[(key, domain(key).word) for key in KEYS]),
        "members": Words(_("So many of them are there")),
        "sessions_a_week": Words(_("At least so often a week")),
        "weight": Words(_("How much it matters"), _("1 is usual, 2 twice as much")),
        "valid_from": Words(_("Holds from"), _("Empty: it always did")),
        "valid_until": Words(_("Holds until"), _("Empty: until further notice")),
    }


def _part(name: str) -> Part:
    if name not in PARTS:
        abort(404)
    return PARTS[name]


def _back(living_group_id: str, part: Part) -> str:
    return url_for("ground.wants", living_group_id=living_group_id, _anchor=part.name)
