"""Who is invited to how much."""

from collections.abc import Iterable, Mapping

from flask import request
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.programme.resting import Resting, resting
from milieu.queries.week.fewness import Ground, grounds
from milieu.queries.week.outcomes import Became, still_held
from milieu.queries.week.people_out import BANDS, PART, Share, shares
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.person.few import why_few
from web.director.person.shown import week_asked
from web.director.week.sources import Source, became_of, find_source
from web.guards.principal import principal
from web.pages import page
from web.words.spelling import find_people
from web.words.times import today_in

LONGEST_SEARCH = 80


@blueprint.route("/people", methods=["GET", "POST"])
def people() -> Response:
    """Residents by living group with the number of their invitations this week.

    Names and rooms are sought by POST, which changes nothing: what is typed stands in no address, log or history.
    """
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, week_asked())
    band, sought = request.args.get("band", ""), " ".join(request.form.get("q", "").split())[:LONGEST_SEARCH]
    became = became_of(db, somebody.community_id, source)
    everybody = shares(db, somebody.community_id, source.week_start, still_held(source.cards, became))
    found = find_people(sought, everybody)
    by_band = {name: [person for person in everybody if person.band == name] for name in (*BANDS, PART)}
    by_band["short"] = [person for person in everybody if person.is_short]
    shown = found if sought else by_band.get(band, everybody)
    units = dict.fromkeys(person.unit for person in shown)
    today = today_in(somebody.timezone, now())
    few = {person.resident_id for person in shown if person.band in ("none", "few")}
    why = _grounds(db, source, became, shown, resting(db, somebody.community_id, on=today, today=today, of=few))
    return page(
        "director/person/people.html",
        nav="director.people",
        source=source,
        band=band if band in by_band and not sought else "",
        sought=sought,
        counts={name: len(them) for name, them in by_band.items()},
        is_past=source.last_day < today,
        total=len(everybody),
        units={unit: [each for each in shown if each.unit == unit] for unit in units},
        why={resident_id: why_few(each) for resident_id, each in why.items()},
        shows=[person.resident_id for person in shown],
    )


def _grounds(
    db: DbSession, source: Source, became: Mapping[str, Became], people: Iterable[Share], rests: Iterable[Resting]
) -> dict[str, tuple[Ground, ...]]:
    """What stands beside few invitations, where there is a week to speak of."""
    if not source.view:
        return {}
    return grounds(db, principal().community_id, source.week_start, source.cards, became, people, rests)
