"""Lists out: everything of a community as files that can be read back, and everything of one resident for her."""

from collections.abc import Collection, Sequence
from datetime import date

from flask import make_response
from werkzeug.wrappers import Response

from milieu.errors import NotFound
from milieu.exports.one_resident import everybody, resident_sheets
from milieu.exports.tables import KINDS, PACKAGE, WORKBOOK, Sheet, community_sheets, file_name, package, workbook
from milieu.services.lists.sheets import told_tables
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.guards.principal import principal
from web.pages import page, record_shown
from web.words.times import today_in


@blueprint.get("/lists/columns")
def columns() -> Response:
    """What each column of each table means."""
    return page("director/community/columns.html", nav="director.lists", tables=told_tables())


@blueprint.get("/lists/everything.<ending>")
def everything(ending: str) -> Response:
    """Every table of the community, as a workbook or as CSV files in a package."""
    somebody, db, today = principal(), reader(), _today()
    sheets = community_sheets(db, somebody.community_id, today=today, blank=True)
    shows = list(everybody(db, somebody.community_id))
    return _file(sheets, ending, file_name(db, somebody.community_id, today), shows)


@blueprint.get("/people/<resident_id>/everything.<ending>")
def resident_file(resident_id: str, ending: str) -> Response:
    """Everything that is kept about a resident, for her, likewise; it names no other."""
    today = _today()
    sheets = resident_sheets(reader(), principal().community_id, resident_id, today=today)
    return _file(sheets, ending, f"resident-{today.isoformat()}", [resident_id])


def _file(sheets: Sequence[Sheet], ending: str, name: str, shows: Collection[str]) -> Response:
    """A file to keep, after it is recorded whom it shows; no browser or proxy keeps it by itself."""
    if ending not in (WORKBOOK, PACKAGE):
        raise NotFound("There is no such file.")
    record_shown(shows)
    response = make_response(workbook(sheets, made=now()) if ending == WORKBOOK else package(sheets))
    response.headers["Content-Type"] = KINDS[ending]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _today() -> date:
    return today_in(principal().timezone, now())
