"""What changed about a resident and who looked at them; a change undone; the page as of an earlier day."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.queries.person.history import Changed, changes_of, group_names, looks_of
from milieu.queries.person.known import things_of, who_is
from milieu.queries.person.rows import read_rows
from milieu.services.editing.undoing import undo
from milieu.services.residents.assessing import take_back
from milieu.services.residents.parts import ASSESSMENT, part_of_noun
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.person.labels import today_here
from web.director.person.told import page_word, told
from web.forms import once, teller
from web.guards.principal import principal
from web.pages import page


@dataclass(frozen=True)
class Line:
    """A change as the list tells it: what it is about, and each value from what to what, in words."""

    changed: Changed
    about: str
    values: tuple[str, ...]


@blueprint.get("/people/<resident_id>/history")
def person_history(resident_id: str) -> Response:
    """Who changed what when, and who looked."""
    somebody, db = principal(), reader()
    community_id = somebody.community_id
    rows = read_rows(db, community_id, resident_id)
    names = {**things_of(db, community_id).names, **group_names(db, community_id)}
    lines = []
    for each in changes_of(db, community_id, rows):
        about, values = told(each, names)
        lines.append(Line(each, about, values))
    return page(
        "director/person/history.html",
        nav="director.people",
        person=who_is(db, community_id, resident_id, today_here()),
        lines=lines,
        looks=looks_of(db, community_id, resident_id, now()),
        page_word=page_word,
        today=today_here(),
        shows=[resident_id],
    )


@blueprint.post("/people/<resident_id>/history/<change_id>/undo")
def undo_fact(resident_id: str, change_id: str) -> Response:
    """Undo one change, where nothing came after it."""
    somebody = principal()

    def work(db: DbSession) -> Answer:
        rows = read_rows(db, somebody.community_id, resident_id)
        found = {each.line.id: each.line for each in changes_of(db, somebody.community_id, rows)}
        part = part_of_noun(found[change_id].noun) if change_id in found else None
        if part is None:
            raise NotFound("There is no such change.")
        if part is ASSESSMENT:
            take_back(db, teller(), resident_id, found[change_id].row_id)
        else:
            undo(db, teller(), part, change_id)
        return Answer(url_for("director.person_history", resident_id=resident_id), _("Undone."))

    return once(work)
