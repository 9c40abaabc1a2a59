"""The parts of what is known of a resident, each edited in place: one form, one save; undone from the history."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.person.known import Who, who_is
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused
from milieu.services.editing.saving import Stale
from milieu.services.residents.forms import Held, add_fact, end_fact, own_form, row_forms, save_part
from milieu.services.residents.parts import OF_THE_RESIDENT, PARTS
from milieu.services.weeks.requests import Answer
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.person.labels import part_title, today_here, words_of
from web.director.person.summaries import summary
from web.fields import Field, fields_of, typed_in
from web.forms import once, seen_version, teller
from web.guards.principal import principal
from web.pages import page

PAGES = {
    "who": ("who",),
    "asking": ("asking",),
    "needs": ("needs",),
    "rhythm": ("rhythm", "busy", "calm"),
    "past": ("past",),
    "wishes": ("wishes",),
    "limits": ("limits",),
    "aims": ("aims", "demands", "groups"),
}
"""The parts that are edited on one page, by its name."""
PAGE_OF = {part: name for name, parts in PAGES.items() for part in parts}
FIRST_OF_ROWS = {"wishes": {"said_by": "resident"}, "aims": {"weight": "1"}}
"""What a new row's form begins with."""


@dataclass(frozen=True)
class Form:
    """One form of a page: of the resident's own row, of one of their rows, or (`row_id` "") of a new one."""

    row_id: str
    version: int
    fields: list[Field]
    summary: str
    refused: Exception | None


@dataclass(frozen=True)
class PartShown:
    """A part with its forms; `own` is that of the resident's own row, else `rows` and the form for one more."""

    name: str
    title: str
    own: Form | None
    rows: tuple[Form, ...]
    new: Form | None
    may_change: bool = True


@dataclass(frozen=True)
class Attempt:
    """A form that was refused: shown again as it was typed."""

    part: Part
    row_id: str
    refused: Refused | Stale


@blueprint.get("/people/<resident_id>/change/<part>")
def change_part(resident_id: str, part: str) -> Response:
    """The forms of a part."""
    return _page(resident_id, part)


@blueprint.post("/people/<resident_id>/change/<part>")
def save_own(resident_id: str, part: str) -> Response:
    """Save a part of the resident's own row."""
    edited = _part(part)
    if edited not in OF_THE_RESIDENT:
        abort(404)

    def work(db: DbSession) -> Answer:
        saved = save_part(db, teller(), edited, resident_id, seen_version(), typed_in(edited, request.form))
        said = _("Saved.") if saved.changed else _("Nothing was different.")
        return Answer(url_for("director.resident", resident_id=resident_id), said)

    return _done(resident_id, edited, resident_id, work)


@blueprint.post("/people/<resident_id>/change/<part>/more")
def add_row(resident_id: str, part: str) -> Response:
    """Add a row to a part."""
    edited = _part(part)
    if edited in OF_THE_RESIDENT:
        abort(404)

    def work(db: DbSession) -> Answer:
        add_fact(db, teller(), edited, resident_id, typed_in(edited, request.form))
        return Answer(_address(resident_id, edited), _("Saved."))

    return _done(resident_id, edited, "", work)


@blueprint.post("/people/<resident_id>/change/<part>/row/<row_id>")
def save_row(resident_id: str, part: str, row_id: str) -> Response:
    """Save one row of a part."""
    edited = _part(part)
    if edited in OF_THE_RESIDENT or not _may_change(edited):
        abort(404)

    def work(db: DbSession) -> Answer:
        typed = typed_in(edited, request.form)
        saved = save_part(db, teller(), edited, resident_id, seen_version(), typed, row_id=row_id)
        said = _("Saved.") if saved.changed else _("Nothing was different.")
        return Answer(_address(resident_id, edited), said)

    return _done(resident_id, edited, row_id, work)


@blueprint.post("/people/<resident_id>/change/<part>/row/<row_id>/end")
def end_row(resident_id: str, part: str, row_id: str) -> Response:
    """Let a row hold no longer."""
    edited = _part(part)
    if edited in OF_THE_RESIDENT:
        abort(404)

    def work(db: DbSession) -> Answer:
        end_fact(db, teller(), edited, resident_id, row_id, seen_version())
        return Answer(_address(resident_id, edited), _("It holds no longer. The history can undo that."))

    return _done(resident_id, edited, row_id, work)


def _done(resident_id: str, part: Part, row_id: str, work: Callable[[DbSession], Answer]) -> Response:
    """What was asked, or the page again with what was typed."""
    try:
        return once(work)
    except (Refused, Stale) as refused:
        return _page(resident_id, PAGE_OF[part.name], Attempt(part, row_id, refused))


def _page(resident_id: str, name: str, attempt: Attempt | None = None) -> Response:
    if name not in PAGES:
        abort(404)
    somebody, db = principal(), reader()
    who = who_is(db, somebody.community_id, resident_id, today_here())
    status = 200 if attempt is None else 409 if isinstance(attempt.refused, Stale) else 422
    return page(
        "director/person/change.html",
        status=status,
        nav="director.people",
        person=who,
        part=name,
        title=part_title(name),
        parts=[_shown(db, PARTS[part], who, attempt) for part in PAGES[name]],
        is_refused=attempt is not None,
        shows=[resident_id],
    )


def _shown(db: DbSession, part: Part, who: Who, attempt: Attempt | None) -> PartShown:
    community_id = principal().community_id
    words = words_of(db, part.name, who.called)
    mine = attempt if attempt is not None and attempt.part == part else None

    def form(held: Held) -> Form:
        tried = mine if mine is not None and mine.row_id == held.row_id else None
        typed = typed_in(part, request.form) if tried else None
        refused = tried.refused if tried else None
        version = refused.version if isinstance(refused, Stale) else held.version
        fields = fields_of(part, words, held.texts, typed=typed, refused=refused)
        return Form(held.row_id, version, fields, summary(part.name, words, held.texts), refused)

    title = part_title(part.name)
    if part in OF_THE_RESIDENT:
        return PartShown(part.name, title, form(own_form(db, community_id, part, who.id)), (), None)
    held_now = row_forms(db, community_id, part, who.id, today_here())
    rows = tuple(sorted((form(held) for held in held_now), key=lambda each: each.summary))
    first = {**FIRST_OF_ROWS.get(part.name, {})}
    if "said_on" in part.names:
        first["said_on"] = today_here().isoformat()
    return PartShown(part.name, title, None, rows, form(Held("", 0, first)), _may_change(part))


def _may_change(part: Part) -> bool:
    """Whether a row of a part is changed; a place in a group is only given and taken."""
    return part.name != "groups"


def _part(name: str) -> Part:
    if name not in PARTS:
        abort(404)
    return PARTS[name]


def _address(resident_id: str, part: Part) -> str:
    return url_for("director.change_part", resident_id=resident_id, part=PAGE_OF[part.name], _anchor=part.name)
