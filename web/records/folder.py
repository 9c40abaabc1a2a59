"""The inspector's folder: chosen residents over a time, to print or as a workbook."""

from flask import make_response, request
from werkzeug.wrappers import Response

from milieu.errors import Invalid, NotFound
from milieu.exports.tables import KINDS, WORKBOOK, workbook
from milieu.prints.folders import folder_pdf, folder_sheets
from milieu.prints.papers import SHEETS, paper_of
from milieu.prints.typesetting import PDF
from milieu.queries.records.entries import Period
from milieu.queries.records.folder import folder_of
from milieu.queries.residents.people import people_between
from web.binding import now, reader
from web.guards.principal import principal
from web.pages import record_shown
from web.records.blueprint import asked_period, blueprint


@blueprint.get("/records/folder.<ending>")
def folder(ending: str) -> Response:
    """The folder of the residents that the address names, one by one or by living group.

    Raises Invalid where it names nobody.
    """
    if ending not in ("pdf", WORKBOOK):
        raise NotFound("There is no such file.")
    period = asked_period()
    wanted = _wanted(period)
    if not wanted:
        raise Invalid("Tick at least one person for the folder.")
    found = folder_of(reader(), principal().community_id, wanted, period)
    record_shown(wanted)
    if ending == WORKBOOK:
        response = make_response(workbook(folder_sheets(found), made=now()))
        response.headers["Content-Type"] = KINDS[WORKBOOK]
    else:
        paper = paper_of(request.args.get("paper", "a4"), SHEETS)
        response = make_response(folder_pdf(found, paper, made=now()))
        response.headers["Content-Type"] = PDF
    name = f"folder-{period.first}-{period.last}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _wanted(period: Period) -> list[str]:
    """Who is ticked, and who lived then in a living group that is ticked, each once."""
    units = set(request.args.getlist("unit"))
    people = people_between(reader(), principal().community_id, period.first, period.last) if units else ()
    return list(dict.fromkeys([*request.args.getlist("who"), *(each.id for each in people if each.unit.id in units)]))
