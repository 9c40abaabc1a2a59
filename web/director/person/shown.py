"""A resident's page, read in ten seconds: who they are, what they love, what they said no to, their week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.learnt.suggested import Suggested, suggested_wishes
from milieu.queries.person.company import Close, RelativeShown, family_of, ties_of
from milieu.queries.person.known import Known, known_of, things_of
from milieu.queries.person.lately import WeekPast, lately
from milieu.queries.person.moves import leaves_on, leaving_told_on, move_to_come
from milieu.queries.person.preferences import Matters, matters_to
from milieu.queries.person.rows import as_of, lines_about, read_rows
from milieu.queries.person.unknown import Unknown, unknown_of
from milieu.queries.programme.resting import Resting, resting
from milieu.queries.ties.newcomers import Welcome, welcomes
from milieu.queries.week.fewness import reasons_for_few
from milieu.queries.week.outcomes import Became, still_held
from milieu.queries.week.people_out import Share, shares
from milieu.queries.week.sessions import week_of_resident
from milieu.queries.week.weeks import Card
from milieu.services.weeks.requests import Answer
from milieu.services.wishes import wish_again as note_wish_again
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.person.few import why_few
from web.director.person.welcome import group_reason, neighbour_reason
from web.director.week.marked import mark_word
from web.director.week.reminders import missing_word
from web.director.week.sources import Source, became_of, find_source
from web.forms import once
from web.guards.principal import principal
from web.pages import page
from web.typed import day_asked
from web.words import people as words
from web.words.person.preferences import answer_word, met_word, question_word
from web.words.person.ties import kind_word
from web.words.reasons import sentence
from web.words.times import monday_of, today_in

LEVELS = {"director": ("team", "director"), "staff": ("team",)}
"""Which ties each role may see."""


@dataclass(frozen=True)
class OwnWeek:
    """Somebody's week as their page shows it, with what became of it and why there is so little."""

    source: Source
    days: Mapping[date, list[tuple[Card, str]]]
    became: Mapping[str, Became]
    told: Mapping[str, str]
    share: Share | None
    why: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class PersonShown:
    """Everything on the page; what a role may not see was never asked for."""

    known: Known
    ties: tuple[Close, ...]
    family: tuple[RelativeShown, ...]
    resting: tuple[Resting, ...]
    weeks: tuple[WeekPast, ...]
    suggested: tuple[Suggested, ...]
    matters: Matters | None
    welcome: Welcome | None
    unknown: Unknown | None


@blueprint.get("/people/<resident_id>")
def resident(resident_id: str) -> Response:
    """Who a resident is, and their week with the reason for each invitation."""
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    is_director = "director" in somebody.roles
    past = _past(today) if is_director else None
    shown = _person(db, resident_id, today, past, is_director=is_director)
    week = _week(db, resident_id, shown, today, is_director=is_director)
    has_left = is_director and past is None and shown.known.who.is_gone
    return page(
        "director/person/page.html",
        nav="director.people" if is_director else "staff.today",
        shown=shown,
        person=shown.known.who,
        week=week,
        move=None if past else move_to_come(db, somebody.community_id, resident_id),
        leaves_on=None if past else leaves_on(db, somebody.community_id, resident_id, today),
        told_on=leaving_told_on(db, somebody.community_id, resident_id, somebody.timezone) if has_left else None,
        source=week.source,
        today=past or today,
        as_of=past,
        is_director=is_director,
        is_past=week.source.last_day < today,
        words=words,
        kind_word=kind_word,
        missing_word=missing_word,
        neighbour_reason=neighbour_reason,
        group_reason=group_reason,
        question_word=question_word,
        answer_word=answer_word,
        met_word=met_word,
        shows=list(dict.fromkeys([resident_id, *(tie.other_id for tie in shown.ties), *_met(shown.welcome)])),
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


def _person(db: DbSession, resident_id: str, today: date, past: date | None, *, is_director: bool) -> PersonShown:
    """On an earlier day what was known and whom they were close to then; neither what rests nor the last weeks."""
    community_id, timezone = principal().community_id, principal().timezone
    rows = read_rows(db, community_id, resident_id)
    if past is not None:
        rows, today = as_of(rows, lines_about(db, community_id, rows), past, timezone), past
    things = things_of(db, community_id)
    return PersonShown(
        known_of(db, rows, things, today),
        ties_of(db, community_id, resident_id, today, visibilities=LEVELS["director" if is_director else "staff"]),
        family_of(db, community_id, resident_id, today) if is_director else (),
        resting(db, community_id, on=today, today=today, of=[resident_id]) if past is None else (),
        lately(db, community_id, resident_id, today) if is_director and past is None else (),
        suggested_wishes(db, community_id, today=today, of=[resident_id]) if is_director and past is None else (),
        matters_to(rows, things.names, today) if is_director else None,
        next(iter(welcomes(db, community_id, today, of=[resident_id])), None) if is_director and past is None else None,
        unknown_of(db, community_id, resident_id, today) if is_director and past is None else None,
    )


def _met(welcome: Welcome | None) -> list[str]:
    """Whom the proposals for a newcomer name."""
    if welcome is None:
        return []
    near = [other.id for group in welcome.groups for other in group.near]
    return [welcome.neighbour.person.id, *near] if welcome.neighbour else near


def _week(db: DbSession, resident_id: str, shown: PersonShown, today: date, *, is_director: bool) -> OwnWeek:
    community_id, pronoun = principal().community_id, shown.known.who.pronoun
    source = find_source(db, community_id, week_asked(), None if is_director else "published")
    became = became_of(db, community_id, source)
    own: list[Share] = []
    why: tuple[str, ...] = ()
    if is_director:
        everybody = shares(db, community_id, source.week_start, still_held(source.cards, became))
        own = [share for share in everybody if share.resident_id == resident_id]
        if source.view:
            found = reasons_for_few(db, community_id, source.week_start, source.cards, became, own, shown.resting)
            why = tuple(why_few(found.get(resident_id, ())))
    days = week_of_resident(source.cards, resident_id, source.week_start)
    return OwnWeek(
        source,
        {
            day: [(entry.card, sentence(entry.reasons, pronoun) if is_director else "") for entry in entries]
            for day, entries in days.items()
        },
        became,
        {ref: mark_word(each.marks[resident_id]) for ref, each in became.items() if resident_id in each.marks},
        own[0] if own else None,
        why,
        sum(map(len, days.values())),
    )


def week_asked() -> date:
    """The Monday of the week that the address names (`?week=2026-11-30`), else of today."""
    return monday_of(day_asked("week") or today_in(principal().timezone, now()))


def _past(today: date) -> date | None:
    """The earlier day that the address names (`?on=2026-11-01`), else None."""
    day = day_asked("on")
    return day if day is not None and day < today else None
