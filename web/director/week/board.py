"""The week's board as the template draws it: seven days, their parts, each card with its mark."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.programme.turnout import Asking
from milieu.queries.week.outcomes import NOTHING, Became
from milieu.queries.week.weeks import Card
from web.words.domains import Domain, first_domain

PARTS = ("morning", "afternoon", "evening")
_TITLES = {"mr", "mrs", "ms", "miss", "dr", "fr", "father", "sister", "rev", "pastor", "rabbi", "imam"}
COMPACT_FROM = 75
"""More group sessions than this in the week, and cards become two lines."""
ROOMY_LINES, DENSE_LINES = 36, 40
"""Lines of the fullest day (groups and visits take two) that half a week on a sheet of A4 takes in each size of print.

Above that a sheet takes two days, a line each: smaller than 8.5 points nobody reads it.
"""


@dataclass(frozen=True)
class ShownCard:
    """A card as it is drawn; `mark` is "off", "new", "moved", "fixed" or "".

    `share` is how full it will be in 0..100, of those who came or are likely to come.

    `guests` are the names of those who are visited, "" of a group. `became` is what the staff said of it; `is_broken`:
    something stands against it in the draft.
    """

    card: Card
    domain: Domain
    mark: str
    share: int
    leaders: tuple[str, ...]
    guests: str
    became: Became
    is_past: bool
    is_broken: bool = False

    @property
    def who(self) -> str:
        """Room and leaders in a line."""
        nobody = _("nobody led") if self.is_past else _("nobody leads")
        return " · ".join((self.card.space, ", ".join(self.leaders) or nobody))

    @property
    def is_told(self) -> bool:
        """Whether the staff have said who came: then that is shown, not the seats."""
        return self.became.marked > 0 and not self.became.is_off

    @property
    def count(self) -> str:
        """How many are asked or came: "12 of 16", "20 asked for 16", "11 came"; of a visit only what became of it."""
        if self.is_told:
            came = self.became.came
            if self.card.is_visit:
                return _("took place") if came else _("did not take place")
            return ngettext("%(num)d came", "%(num)d came", came)
        if self.became.is_off:
            return ngettext("%(num)d was invited", "%(num)d were invited", self.card.taken)
        if self.card.taken > self.card.seats:
            return _("%(taken)s asked for %(seats)s", taken=self.card.taken, seats=self.card.seats)
        return _("%(taken)s of %(seats)s", taken=self.card.taken, seats=self.card.seats)


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
    longest: int

    @property
    def print_size(self) -> str:
        """How close it has to be printed so that its fullest day fits on a sheet: "", "dense" or "densest"."""
        return "" if self.longest <= ROOMY_LINES else "dense" if self.longest <= DENSE_LINES else "densest"

    @property
    def row_count(self) -> int:
        """Rows of the grid: the heading, the parts, the visits."""
        return 1 + len(self.parts) + self.has_visits

    @property
    def first_day(self) -> Day:
        """The day that a phone shows first: today, else Monday."""
        return next((day for day in self.days if day.is_today), self.days[0])


def make_board(
    cards: Iterable[Card],
    week_start: date,
    today: date,
    *,
    other: Iterable[Card] = (),
    pinned: frozenset[str],
    became: Mapping[str, Became],
    names: Mapping[str, str],
    asking: Mapping[str, Asking],
    broken: Collection[str] = (),
) -> Board:
    """Lay a week's sessions out. `other` are the published sessions where a draft is shown: it marks what differs.

    `became` is what the staff said of sessions, by ref; `names` are the residents' by id; `asking` says by activity how
    many of those asked are likely to come; `broken` are the refs of those that something stands against.
    """
    before = {card.ref: card for card in other}
    cards = tuple(cards)
    short = short_names(name for card in cards for name in card.leaders)
    shown = [
        _shown(
            card,
            _mark(card, before, pinned),
            short,
            became.get(card.ref, NOTHING),
            names,
            asking[card.activity_id].share if card.activity_id in asking else 1.0,
            today,
            is_broken=card.ref in broken,
        )
        for card in cards
    ]
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
        longest=max(2 * (day.group_count + len(day.visits)) for day in days),
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


def _shown(
    card: Card,
    mark: str,
    short: Mapping[str, str],
    became: Became,
    names: Mapping[str, str],
    chance: float,
    today: date,
    *,
    is_broken: bool,
) -> ShownCard:
    leaders = tuple(short[name] for name in card.leaders)
    guests = ", ".join(filter(None, (names.get(place.resident_id) for place in card.places))) if card.is_visit else ""
    there = became.came if became.marked and not became.is_off else 0 if became.is_off else chance * card.taken
    share = min(100, round(100 * there / card.seats)) if card.seats else 0
    mark = "off" if became.is_off else mark
    is_past = card.on_date < today
    return ShownCard(card, first_domain(card.domains), mark, share, leaders, guests, became, is_past, is_broken)


def _mark(card: Card, before: dict[str, Card], pinned: frozenset[str]) -> str:
    if card.ref in pinned:
        return "fixed"
    if not before:
        return ""
    was = before.get(card.ref)
    if was is None:
        return "new"
    return "moved" if (was.on_date, was.start_minute) != (card.on_date, card.start_minute) else ""
