"""A day of the week with its exact times: spaces, leaders or living groups across, time down to scale."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.queries.facts.by_day import Choice, colleagues, spaces
from milieu.queries.names import resident_names
from milieu.queries.programme.turnout import asking_of
from milieu.queries.residents.people import residents_here
from milieu.queries.week.drafts import pinned_refs
from milieu.queries.week.meals import meals_of
from milieu.queries.week.weeks import drafted_leaders, published_cards
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.week.board import ShownCard, make_board
from web.director.week.sources import Source, became_of, find_source, how_it_stands
from web.guards.principal import principal
from web.pages import page
from web.words.times import monday_of, today_in

QUARTER = 15
ALL = "yes"
SPACE, LEADER, GROUP = BY = ("space", "leader", "group")
EARLIEST, LATEST = 9 * 60, 18 * 60
"""What is shown of a day at least."""


@dataclass(frozen=True)
class Placed:
    """A card where it stands in its column: from which quarter of an hour, over how many, in which of its lanes.

    `note` is what the column says of it besides, "" where that is nothing.
    """

    shown: ShownCard
    at: int
    quarters: int
    lane: int
    note: str


@dataclass(frozen=True)
class Column:
    """A space, a leader or a living group, and what it has that day, in order of time.

    `key` is the space's or the leader's id, "" of what nothing can be moved to.
    """

    name: str
    cards: tuple[Placed, ...]
    key: str = ""

    @property
    def lanes(self) -> int:
        """How many stand beside each other at most."""
        return max((card.lane for card in self.cards), default=1)


@blueprint.get("/week/<day:week_start>/day")
def day_board(week_start: date) -> Response:
    """A day by space, by who leads, or by living group; `?on=` names it, `?by=` says which."""
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, monday_of(week_start))
    if not source.view:
        raise NotFound("Nothing is planned in this week yet.")
    today, days = today_in(somebody.timezone, now()), [source.week_start + timedelta(days=each) for each in range(7)]
    on, by = _day_asked(days, today), request.args.get("by", SPACE)
    by = by if by in BY else SPACE
    cards = _cards(db, source, on, today)
    groups = {each.id: each.unit.name for each in residents_here(db, somebody.community_id, on)} if by == GROUP else {}
    can_move = source.view == "draft" and on >= today
    keys = {each.name: each.id for each in _across(db, by, on)} if can_move else {}
    columns = _columns(cards, by, groups, keys, has_all=request.args.get("all") == ALL)
    leaders = drafted_leaders(db, somebody.community_id, source.draft.id) if can_move and source.draft else {}
    meals = meals_of(db, somebody.community_id, on)
    first = min([EARLIEST, *(card.card.start_minute for card in cards)]) // 60 * 60
    last = -(-max([LATEST, *(card.card.end_minute for card in cards)]) // 60) * 60
    shown = {"on": on, "by": by, "view": source.view, "all": request.args.get("all")}
    return page(
        "director/week/day.html",
        nav="director.this_week",
        source=source,
        on=on,
        by=by,
        has_all=request.args.get("all") == ALL,
        can_move=can_move,
        leaders=leaders,
        days=days,
        today=today,
        columns=columns,
        first=first // QUARTER,
        quarters=(last - first) // QUARTER,
        hours=range(first, last, 60),
        meals=[
            (start // QUARTER, (min(end, last) - start) // QUARTER, start, end)
            for start, end in meals
            if first <= start < last
        ],
        to=lambda **more: url_for("director.day_board", week_start=source.week_start, **{**shown, **more}),
        shows=[place.resident_id for card in cards if card.guests for place in card.card.places],
    )


def _cards(db: DbSession, source: Source, on: date, today: date) -> list[ShownCard]:
    """A day's cards as the week's board shows them, groups before visits."""
    community_id, week_start = principal().community_id, source.week_start
    both = source.draft is not None and source.published is not None
    stands = how_it_stands(db, community_id, source, now())
    board = make_board(
        [card for card in source.cards if card.on_date == on],
        week_start,
        today,
        other=published_cards(db, community_id, week_start) if both and source.view == "draft" else (),
        pinned=pinned_refs(db, community_id, week_start),
        became=became_of(db, community_id, source),
        names=resident_names(db, community_id),
        asking=asking_of(db, community_id, week_start, today=today),
        broken=stands.broken if stands else frozenset(),
    )
    day = next(each for each in board.days if each.on_date == on)
    return [*(card for cards in day.parts.values() for card in cards), *day.visits]


def _day_asked(days: list[date], today: date) -> date:
    try:
        asked = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        asked = today
    return asked if asked in days else days[0]


def _across(db: DbSession, by: str, on: date) -> tuple[Choice, ...]:
    """What sessions can be moved between: the spaces, or the team."""
    community_id = principal().community_id
    return {SPACE: spaces, LEADER: colleagues}[by](db, community_id, on) if by in (SPACE, LEADER) else ()


def _columns(
    cards: Iterable[ShownCard], by: str, groups: Mapping[str, str], keys: Mapping[str, str], *, has_all: bool
) -> list[Column]:
    """By name; a card stands in every column that it belongs to. `has_all`: also those that have nothing that day."""
    found: dict[str, list[tuple[ShownCard, str]]] = {name: [] for name in keys} if has_all else {}
    for card in cards:
        for name, note in _belongs(card, by, groups):
            found.setdefault(name, []).append((card, note))
    by_name = sorted(found.items(), key=lambda each: each[0].casefold())
    return [Column(name, _placed(those), keys.get(name, "")) for name, those in by_name]


def _belongs(card: ShownCard, by: str, groups: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    if by == SPACE:
        return [(card.card.space, ", ".join(card.leaders) or _("nobody leads"))]
    if by == LEADER:
        return [(name, card.card.space) for name in card.card.leaders or (_("Nobody leads"),)]
    counts: dict[str, int] = {}
    for place in card.card.places:
        if place.resident_id in groups:
            counts[groups[place.resident_id]] = counts.get(groups[place.resident_id], 0) + 1
    if card.guests:
        return [(name, card.card.space) for name in counts]
    told = {name: ngettext("%(num)d of them", "%(num)d of them", number) for name, number in counts.items()}
    return [(name, f"{said} · {card.card.space}") for name, said in told.items()]


def _placed(cards: Iterable[tuple[ShownCard, str]]) -> tuple[Placed, ...]:
    """Beside each other where they meet: each in the first lane that is free by then."""
    free_from: list[int] = []
    placed = []
    for card, note in sorted(cards, key=lambda each: (each[0].card.start_minute, each[0].card.title)):
        start, end = card.card.start_minute, card.card.end_minute
        lane = next((number for number, until in enumerate(free_from) if until <= start), len(free_from))
        free_from[lane : lane + 1] = [end]
        at = start // QUARTER
        placed.append(Placed(card, at, max(1, -(-end // QUARTER) - at), lane + 1, note))
    return tuple(placed)
