"""The week's board as the template draws it: seven days, their parts, each card with its mark."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from milieu.queries.weeks import Card
from web.words.domains import Domain, first_domain

PARTS = ("morning", "afternoon", "evening")
_TITLES = {"mr", "mrs", "ms", "miss", "dr", "fr", "father", "sister", "rev", "pastor", "rabbi", "imam"}
COMPACT_FROM = 75
"""More group sessions than this in the week, and cards become two lines."""


@dataclass(frozen=True)
class ShownCard:
    """A card with its address; `mark` is "new", "moved", "fixed" or "", `share` the seats taken in 0..100."""

    card: Card
    domain: Domain
    mark: str
    share: int

    leaders: tuple[str, ...]

    @property
    def who(self) -> str:
        """Room and leaders in a line."""
        return " · ".join((self.card.space, ", ".join(self.leaders) or _("nobody leads")))


@dataclass(frozen=True)
class Day:
    """A column: its cards by part of the day, its one-to-one visits apart."""

    on_date: date
    is_today: bool
    is_past: bool
    parts: dict[str, tuple[ShownCard, ...]]
    visits: tuple[ShownCard, ...]

    @property
    def group_count(self) -> int:
        """How many group sessions it has."""
        return sum(len(cards) for cards in self.parts.values())


@dataclass(frozen=True)
class Board:
    """The days of a week, and which parts of the day occur in it at all."""

    days: tuple[Day, ...]
    parts: tuple[tuple[str, str], ...]
    has_visits: bool
    is_compact: bool
    group_count: int
    visit_count: int
    difference: int

    @property
    def row_count(self) -> int:
        """Rows of the grid: the heading, the parts, the visits."""
        return 1 + len(self.parts) + self.has_visits

    @property
    def first_day(self) -> Day:
        """The day that a phone shows first: today, else Monday."""
        return next((day for day in self.days if day.is_today), self.days[0])


def make_board(
    cards: Iterable[Card], week_start: date, today: date, *, other: Iterable[Card] = (), pinned: frozenset[str]
) -> Board:
    """Lay a week's sessions out. `other` are the published sessions where a draft is shown: it marks what differs."""
    before = {card.ref: card for card in other}
    cards = tuple(cards)
    short = short_names(name for card in cards for name in card.leaders)
    shown = [_shown(card, before, pinned, short) for card in cards]
    gone = before.keys() - {card.ref for card in cards}
    days = tuple(_day(week_start + timedelta(days=number), shown, today) for number in range(7))
    names = {"morning": _("Morning"), "afternoon": _("Afternoon"), "evening": _("Evening")}
    used = tuple((part, names[part]) for part in PARTS if any(day.parts[part] for day in days))
    return Board(
        days=days,
        parts=used or (("morning", names["morning"]),),
        has_visits=any(day.visits for day in days),
        is_compact=sum(day.group_count for day in days) > COMPACT_FROM,
        group_count=sum(day.group_count for day in days),
        visit_count=sum(len(day.visits) for day in days),
        difference=len(gone) + sum(each.mark in ("new", "moved") for each in shown) if before else 0,
    )


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Full names to what a team calls them: the given name, with an initial where two share it; titles stay whole."""
    full = set(names)
    given = Counter(name.split()[0] for name in full if name.split())
    return {name: _short(name, given) for name in full}


def _short(name: str, given: Counter[str]) -> str:
    words = name.split()
    if len(words) < 2 or words[0].rstrip(".").lower() in _TITLES:
        return name
    return words[0] if given[words[0]] == 1 else f"{words[0]} {words[-1][0]}."


def _day(on_date: date, shown: list[ShownCard], today: date) -> Day:
    of_day = [each for each in shown if each.card.on_date == on_date]
    return Day(
        on_date=on_date,
        is_today=on_date == today,
        is_past=on_date < today,
        parts={
            part: tuple(each for each in of_day if each.card.part == part and not each.card.is_visit) for part in PARTS
        },
        visits=tuple(each for each in of_day if each.card.is_visit),
    )


def _shown(card: Card, before: dict[str, Card], pinned: frozenset[str], short: dict[str, str]) -> ShownCard:
    share = round(100 * card.taken / card.seats) if card.seats else 0
    leaders = tuple(short[name] for name in card.leaders)
    return ShownCard(card, first_domain(card.domains), _mark(card, before, pinned), share, leaders)


def _mark(card: Card, before: dict[str, Card], pinned: frozenset[str]) -> str:
    if card.ref in pinned:
        return "fixed"
    if not before:
        return ""
    was = before.get(card.ref)
    if was is None:
        return "new"
    return "moved" if (was.on_date, was.start_minute) != (card.on_date, card.start_minute) else ""
