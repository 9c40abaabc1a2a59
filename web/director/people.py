"""Who is invited to how much, and one resident's own week."""

from collections.abc import Iterable, Mapping
from datetime import date

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.resting import Resting, resting
from milieu.queries.week.fewness import Ground, grounds
from milieu.queries.week.outcomes import Became, still_held
from milieu.queries.week.people_out import BANDS, PART, Share, shares
from milieu.queries.week.sessions import show_resident, week_of_resident
from milieu.services.weeks.requests import Answer
from milieu.services.wishes import wish_again as note_wish_again
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.few import why_few
from web.director.marked import mark_word
from web.director.sources import Source, became_of, find_source
from web.forms import once
from web.guards.principal import principal
from web.pages import page
from web.reasons import sentence
from web.words.abilities import listed
from web.words.spelling import find_people
from web.words.times import monday_of, today_in

LONGEST_SEARCH = 80


@blueprint.route("/people", methods=["GET", "POST"])
def people() -> Response:
    """Residents by living group with the number of their invitations this week.

    Names and rooms are sought by POST, which changes nothing: what is typed stands in no address, log or history.
    """
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, _week())
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
        "director/people.html",
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


@blueprint.get("/people/<resident_id>")
def resident(resident_id: str) -> Response:
    """A resident's week with the reason for each invitation."""
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    shown = show_resident(db, somebody.community_id, resident_id, today=today)
    source = find_source(db, somebody.community_id, _week())
    days = week_of_resident(source.cards, resident_id, source.week_start)
    became = became_of(db, somebody.community_id, source)
    everybody = shares(db, somebody.community_id, source.week_start, still_held(source.cards, became))
    own = [share for share in everybody if share.resident_id == resident_id]
    rests = resting(db, somebody.community_id, on=today, today=today, of=[resident_id])
    why = _grounds(db, source, became, own, rests)
    told = {ref: mark_word(each.marks[resident_id]) for ref, each in became.items() if resident_id in each.marks}
    return page(
        "director/resident.html",
        nav="director.people",
        shown=shown,
        takes=listed,
        source=source,
        today=today,
        is_past=source.last_day < today,
        days={
            day: [(entry.card, sentence(entry.reasons, shown.pronoun)) for entry in entries]
            for day, entries in days.items()
        },
        count=sum(map(len, days.values())),
        became=became,
        told=told,
        share=own[0] if own else None,
        why=why_few(why.get(resident_id, ())),
        resting=rests,
        shows=[resident_id],
    )


@blueprint.post("/people/<resident_id>/asked-again/<activity_id>")
def wish_again(resident_id: str, activity_id: str) -> Response:
    """Note that a resident wishes to be asked again to what rests."""
    somebody = principal()
    back = url_for("director.resident", resident_id=resident_id, week=request.form.get("week") or None)

    def work(db: DbSession) -> Answer:
        name = note_wish_again(db, somebody.community_id, resident_id, activity_id, by=somebody.account_id, now=now())
        return Answer(back, _("Noted. From the next plan on %(activity)s is asked again.", activity=name))

    return once(work)


def _grounds(
    db: DbSession, source: Source, became: Mapping[str, Became], people: Iterable[Share], rests: Iterable[Resting]
) -> dict[str, tuple[Ground, ...]]:
    """What stands beside few invitations, where there is a week to speak of."""
    if not source.view:
        return {}
    return grounds(db, principal().community_id, source.week_start, source.cards, became, people, rests)


def _week() -> date:
    """The Monday of the week that the address names (`?week=2026-11-30`), else of today."""
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        day = today_in(principal().timezone, now())
    return monday_of(day)
