"""Any two versions of a week beside each other: drafts, publications, scenarios."""

from datetime import date

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from milieu.queries.names import names_of
from milieu.services.weeks.history.comparing import SideBySide, compare_versions, newest_two, versions_of
from web.binding import reader
from web.director.blueprint import blueprint
from web.director.history.words import version_word
from web.director.plans.publishing import sessions_shown
from web.guards.principal import principal
from web.pages import page
from web.words.times import monday_of


@blueprint.get("/week/<day:week_start>/compare")
def compare(week_start: date) -> Response:
    """What is otherwise in one version of a week than in another; unless told, in the newest than in the one before.

    Raises NotFound where one that is named is none of this week's.
    """
    if week_start.weekday():
        return redirect(url_for("director.compare", week_start=monday_of(week_start)))
    somebody, db = principal(), reader()
    versions = versions_of(db, somebody.community_id, week_start)
    asked = request.args.get("before", ""), request.args.get("after", "")
    before, after = asked if all(asked) else newest_two(versions)
    found = compare_versions(db, somebody.community_id, week_start, before, after) if after else None
    names = names_of(db, somebody.community_id)
    return page(
        "director/history/compare.html",
        nav="director.this_week",
        week_start=week_start,
        versions=versions,
        found=found,
        sessions=sessions_shown(found.changes.sessions) if found else (),
        word=lambda version: version_word(version, names),
        shows=_people(found) if found else [],
    )


def _people(found: SideBySide) -> list[str]:
    """Whom the page names: for whom anything differs, and whose visits do."""
    visited = {resident for each in found.changes.sessions if each.is_visit for resident in each.residents}
    return sorted(visited | {each.resident_id for each in found.people})
