"""Who is invited to how much, and one resident's own week."""

from datetime import date

from flask import request
from werkzeug.wrappers import Response

from milieu.queries.people_out import BANDS, shares
from milieu.queries.sessions import show_resident, week_of_resident
from web.account.principal import principal
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.sources import find_source
from web.pages import page
from web.reasons import sentence
from web.words.times import monday_of, today_in


@blueprint.get("/people")
def people() -> Response:
    """Residents by living group with the number of their invitations this week."""
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, _week())
    band = request.args.get("band", "")
    everybody = shares(db, somebody.community_id, source.week_start, source.cards)
    by_band = {name: [person for person in everybody if person.band == name] for name in BANDS}
    by_band["short"] = [person for person in everybody if person.is_short]
    shown = by_band.get(band, everybody)
    counts = {name: len(them) for name, them in by_band.items()}
    units = dict.fromkeys(person.unit for person in shown)
    return page(
        "director/people.html",
        nav="director.people",
        source=source,
        band=band if band in by_band else "",
        counts=counts,
        total=len(everybody),
        units={unit: [each for each in shown if each.unit == unit] for unit in units},
        shows=[person.resident_id for person in shown],
    )


@blueprint.get("/people/<resident_id>")
def resident(resident_id: str) -> Response:
    """A resident's week with the reason for each invitation."""
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    shown = show_resident(db, somebody.community_id, resident_id, today=today)
    source = find_source(db, somebody.community_id, _week())
    days = week_of_resident(source.cards, resident_id, source.week_start)
    return page(
        "director/resident.html", nav="director.people", shown=shown, source=source, today=today,
        days={day: [(entry.card, sentence(entry.reasons, shown.pronoun)) for entry in entries]
              for day, entries in days.items()},
        count=sum(map(len, days.values())), shows=[resident_id],
    )  # fmt: skip


def _week() -> date:
    """The Monday of the week that the address names (`?week=2026-11-30`), else of today."""
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        day = today_in(principal().timezone, now())
    return monday_of(day)
