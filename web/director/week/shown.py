"""The week's board, and one session of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.queries.facts.by_day import Choice, colleagues
from milieu.queries.facts.guests import GuestToCome, guests_to_come
from milieu.queries.names import resident_names
from milieu.queries.programme.resting import Resting, loved_at_rest
from milieu.queries.programme.turnout import asking_of
from milieu.queries.published.freshness import freshness
from milieu.queries.published.weeks import find_withdrawal
from milieu.queries.ties.questions import Question, questions
from milieu.queries.week.drafts import count_set_aside, has_session, pinned_refs
from milieu.queries.week.outcomes import NOTHING, still_held
from milieu.queries.week.people_out import BANDS, Share, quality, shares
from milieu.queries.week.runs import last_run
from milieu.queries.week.sessions import show_session
from milieu.queries.week.weeks import (
    Card,
    drafted_leaders,
    find_draft,
    find_published,
    published_cards,
)
from milieu.services.by_hand.choices import steps_in
from milieu.services.house.readiness import readiness_of
from milieu.services.programme.base_weeks.named import Named, base_weeks
from milieu.services.weeks.openings import Openings, who_else
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.week.attention import matters
from web.director.week.board import make_board
from web.director.week.marked import mark_word
from web.director.week.offered import Offered, offered
from web.director.week.reminders import Reminders, reminders
from web.director.week.sources import Source, became_of, find_source, how_it_stands
from web.director.week.state import stale_line, state_line
from web.guards.principal import principal
from web.pages import page
from web.words.by_hand import step_said
from web.words.openings import what_speaks_for
from web.words.reasons import sentence
from web.words.times import local, monday_of, today_in
from web.words.why_not import speaking


@dataclass(frozen=True)
class NextWeek:
    """Tomorrow's week, which is not published; `has_draft` where there is something to publish."""

    week_start: date
    has_draft: bool


@blueprint.get("/week")
def this_week() -> Response:
    """The present week."""
    return redirect(url_for("director.week", week_start=monday_of(today_in(principal().timezone, now()))))


@blueprint.get("/week/<day:week_start>")
def week(week_start: date) -> Response:
    """A week by day and part of the day."""
    if week_start.weekday():
        monday = url_for("director.week", week_start=monday_of(week_start))
        return redirect(f"{monday}?{urlencode(list(request.args.items(multi=True)))}" if request.args else monday)
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    source = find_source(db, somebody.community_id, week_start)
    is_now = week_start <= today <= source.last_day
    checked = freshness(db, somebody.community_id, today, today, now()) if is_now else None
    became = became_of(db, somebody.community_id, source)
    asking = asking_of(db, somebody.community_id, week_start, today=today)
    stands = how_it_stands(db, somebody.community_id, source, now())
    board = make_board(
        source.cards,
        week_start,
        today,
        other=_beside(db, source),
        pinned=pinned_refs(db, somebody.community_id, week_start),
        became=became,
        names=resident_names(db, somebody.community_id),
        asking=asking,
        broken=stands.broken if stands else frozenset(),
    )
    held = still_held(source.cards, became)
    people = shares(db, somebody.community_id, week_start, held)
    made = source.draft if source.view == "draft" else source.published
    is_by_hand = source.view == "draft" and source.draft is not None and source.draft.edited_at is not None
    run = last_run(db, somebody.community_id, week_start)
    is_past = source.last_day < today
    withdrawal = find_withdrawal(db, somebody.community_id, week_start)
    loved, ties, waits = ((), (), Reminders()) if is_past else _waiting(db, week_start, today, people)
    return page(
        "director/week/week.html",
        nav="director.this_week",
        source=source,
        board=board,
        run=run,
        stands=stands,
        is_past=is_past,
        before=week_start - timedelta(days=7),
        after=week_start + timedelta(days=7),
        this=monday_of(today),
        state=state_line(source, stands, checked, now(), somebody.timezone, is_withdrawn=withdrawal is not None),
        stale=stale_line(checked, now(), somebody.timezone),
        matters=matters(
            source, board, people, run, today, stands, _aside(db, week_start), loved, ties, waits.matters, asking
        ),
        bands=_bands(people),
        people_count=sum(not person.is_part for person in people),
        next_week=_next_week(db, source, today),
        quality=quality(db, somebody.community_id, week_start, held, people, asking),
        gap=made.gap if made and not (is_by_hand and stands and stands.because) else None,
        steps=steps_in(db, somebody.community_id, source.draft.id) if is_by_hand and source.draft else None,
        step_said=step_said,
        leaders=_drafted_leaders(db, source),
        shows=[*_visited(source), *(each.resident_id for each in loved), *waits.people],
        withdrawal=withdrawal,
        empty=None if source.view else _empty(db, somebody.community_id, week_start, today),
    )


def _beside(db: DbSession, source: Source) -> tuple[Card, ...]:
    """The published sessions of a week of which the draft is shown."""
    if source.view != "draft" or source.published is None:
        return ()
    return published_cards(db, principal().community_id, source.week_start)


def _aside(db: DbSession, week_start: date) -> int:
    """How many drafts of the week are set aside."""
    return count_set_aside(db, principal().community_id, week_start)


def _drafted_leaders(db: DbSession, source: Source) -> dict[str, tuple[str, ...]]:
    """Who leads each session of the draft that is shown, for cards that can be moved; nothing of what is published."""
    if source.view != "draft" or source.draft is None:
        return {}
    return drafted_leaders(db, principal().community_id, source.draft.id)


def _waiting(
    db: DbSession, week_start: date, today: date, people: Iterable[Share]
) -> tuple[tuple[Resting, ...], tuple[Question, ...], Reminders]:
    """What waits for a word with somebody: loves that rest, ties to look at again, and what reminders tell."""
    community_id, here = principal().community_id, [person.resident_id for person in people]
    return (
        loved_at_rest(db, community_id, week_start, today=today, residents=here),
        questions(db, community_id, today=today),
        reminders(db, community_id, today),
    )


@dataclass(frozen=True)
class Empty:
    """A week of which there is nothing: what can be done about it."""

    is_ready: bool  # all is there without which no week can be planned
    has_last_week: bool  # there is one to begin like
    base_weeks: tuple[Named, ...]  # those with a name that it could start from


def _empty(db: DbSession, community_id: str, week_start: date, today: date) -> Empty:
    last = find_published(db, community_id, week_start - timedelta(days=7))
    has_last_week = last is not None and not last.is_withdrawn
    named = tuple(each for each in base_weeks(db, community_id, today) if each.count)
    return Empty(readiness_of(db, community_id, today).is_ready, has_last_week, named)


@blueprint.get("/week/<day:week_start>/session/<ref>")
def session(week_start: date, ref: str) -> Response:
    """A session with those invited, and why."""
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, week_start)
    shown = show_session(db, somebody.community_id, source.cards, ref)
    became = became_of(db, somebody.community_id, source).get(ref, NOTHING)
    invited = {person.resident_id for person in shown.invited}
    names = resident_names(db, somebody.community_id)
    others = [
        (resident_id, names[resident_id], mark)
        for resident_id, mark in became.marks.items()
        if mark.outcome is not None and resident_id not in invited and resident_id in names
    ]
    could_come = Openings(0, ())
    if source.view == "published" and not became.marked:
        could_come = who_else(db, somebody.community_id, ref, shown.card.on_date, now())
    at = local(now(), somebody.timezone)
    is_over = (shown.card.on_date, shown.card.end_minute) <= (at.date(), at.hour * 60 + at.minute)
    is_ahead = (shown.card.on_date, shown.card.start_minute) > (at.date(), at.hour * 60 + at.minute)
    can_change = source.view == "draft" and is_ahead
    more = Offered()
    if not is_over:
        more = offered(db, week_start, source, ref, can_change=can_change, is_visit=shown.card.is_visit)
    could_come = more.openings or could_come
    why = {person.resident_id: sentence(person.reasons, person.pronoun) for person in shown.invited}
    today = today_in(somebody.timezone, now())
    asking = asking_of(db, somebody.community_id, week_start, today=today).get(shown.card.activity_id)
    return page(
        "director/week/session.html",
        nav="director.this_week",
        source=source,
        shown=shown,
        card=shown.card,
        why=why,
        coming=round(asking.share * shown.card.taken) if asking and asking.share < 1 else None,
        became=became,
        is_over=is_over,
        leaders=_leaders(db, shown.card.leaders) if source.view == "published" and not is_over else (),
        guests=_guests(db, shown.card) if source.view == "published" and not is_over else (),
        told={resident_id: mark_word(mark) for resident_id, mark in became.marks.items()},
        others=sorted(others, key=lambda other: other[1]),
        openings=could_come,
        can_change=can_change,
        correcting=_correcting(db, source, ref) if is_ahead else "",
        fixed=more.fixed,
        others_here=more.others,
        would_like=more.would_like,
        company=more.company,
        kept_out=more.kept_out,
        what_speaks_for=what_speaks_for,
        speaking=speaking,
        shows=[
            *invited,
            *(other[0] for other in others),
            *(each.person.id for each in could_come.candidates),
            *(each.id for each in more.others),
        ],
    )


def _correcting(db: DbSession, source: Source, ref: str) -> str:
    """How a published session is changed: in the week's draft, if that holds it, or in one that is begun for it."""
    if source.view != "published":
        return ""
    if source.draft is None:
        return "begun"
    return "drafted" if has_session(db, principal().community_id, source.draft.id, ref) else ""


def _visited(source: Source) -> list[str]:
    """Those whose visits the board names."""
    return [place.resident_id for card in source.cards if card.is_visit for place in card.places]


def _next_week(db: DbSession, source: Source, today: date) -> NextWeek | None:
    """On the last day of a week: what has to be done about the one that begins tomorrow, None where it is published."""
    monday = source.last_day + timedelta(days=1)
    community_id = principal().community_id
    if today != source.last_day or find_published(db, community_id, monday) is not None:
        return None
    return NextWeek(monday, find_draft(db, community_id, monday) is not None)


def _bands(people: tuple[Share, ...]) -> list[tuple[str, int, int]]:
    """Each band of the spread: its name, how many people, and its bar's length in 0..100 of the longest."""
    counts = {band: sum(person.band == band for person in people) for band in BANDS}
    most = max(counts.values(), default=0) or 1
    return [(band, count, round(100 * count / most)) for band, count in counts.items()]


def _guests(db: DbSession, card: Card) -> tuple[GuestToCome, ...]:
    """Who is to come from outside for a session."""
    somebody = principal()
    coming = guests_to_come(db, somebody.community_id, today_in(somebody.timezone, now()))
    return tuple(each for each in coming if each.day == card.on_date and each.name in card.leaders)


def _leaders(db: DbSession, names: tuple[str, ...]) -> tuple[Choice, ...]:
    """Who leads a session, as far as they are of the team now."""
    somebody = principal()
    here = colleagues(db, somebody.community_id, today_in(somebody.timezone, now()))
    return tuple(each for each in here if each.name in names)
