"""How the rules of the packs stand in a month: by what was published, held and marked; what is yet to come is open."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.models import Activity
from milieu.queries.week.outcomes import NOTHING, Became, outcomes
from milieu.queries.week.weeks import DAYS, Card, find_published, published_cards
from milieu.services.programme import packs
from milieu.services.programme.packs import PACKS, Pack, Rule

HOLDS, BROKEN, OPEN = STATES = ("holds", "broken", "open")
EVENING = 1020
SMALL = 8
"""A group that is for no more than so many is small."""
_WEEKEND = 5


@dataclass(frozen=True)
class RuleState:
    """A rule in a month. `state` is of STATES: open where nothing is broken yet and days are still to be published.

    `days` are the days on which it is broken, or the Mondays of such weeks; `domains` what was not on; `people` who was
    concerned, by id.
    """

    rule: Rule
    state: str
    days: tuple[date, ...] = ()
    domains: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackState:
    """A pack with its rules in a month."""

    pack: Pack
    rules: tuple[RuleState, ...]

    @property
    def broken(self) -> int:
        """How many do not hold."""
        return sum(each.state == BROKEN for each in self.rules)


def rules_in(db: DbSession, community_id: str, timezone: str, of: date) -> tuple[PackState, ...]:
    """All packs in the month of a day; what is asked a week is counted for each week that touches it."""
    month = _Month.read(db, community_id, timezone, of)
    return tuple(PackState(pack, tuple(_state(month, rule) for rule in pack.rules)) for pack in PACKS)


@dataclass(frozen=True)
class _Month:
    """What is known of a month: its days, the weeks that touch it, and what was held or is published of them.

    `ahead` are the days from the first publication of a week to its Monday. `large` are activities for more than a
    small group.
    """

    days: tuple[date, ...]
    mondays: tuple[date, ...]
    ahead: Mapping[date, int]
    held: Mapping[date, tuple[Card, ...]]
    became: Mapping[str, Became]
    large: frozenset[str]

    @classmethod
    def read(cls, db: DbSession, community_id: str, timezone: str, of: date) -> "_Month":
        first = of.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        days = tuple(first + timedelta(days=number) for number in range((following - first).days))
        mondays = tuple(sorted({day - timedelta(days=day.weekday()) for day in days}))
        ahead: dict[date, int] = {}
        held: dict[date, list[Card]] = defaultdict(list)
        became: dict[str, Became] = {}
        for monday in mondays:
            published = find_published(db, community_id, monday)
            if published is None:
                continue
            ahead[monday] = (monday - local_day(published.first_at, timezone)).days
            cards = published_cards(db, community_id, monday)
            found = outcomes(db, community_id, cards)
            became |= found
            for card in cards:
                if not found.get(card.ref, NOTHING).is_off:
                    held[card.on_date].append(card)
        sizes = db.query(Activity.id).filter(Activity.community_id == community_id, Activity.max_group > SMALL)
        large = frozenset(row.id for row in sizes)
        return cls(days, mondays, ahead, {day: tuple(those) for day, those in held.items()}, became, large)

    def groups_on(self, day: date) -> list[Card]:
        """What is on for more than one person."""
        return [card for card in self.held.get(day, ()) if not card.is_visit]

    def is_published(self, day: date) -> bool:
        return day - timedelta(days=day.weekday()) in self.ahead

    def week(self, monday: date) -> list[Card]:
        """The groups of a week, those of its days in the months beside among them."""
        return [card for number in range(DAYS) for card in self.groups_on(monday + timedelta(days=number))]

    @property
    def published(self) -> list[date]:
        """The Mondays of the weeks that are."""
        return [monday for monday in self.mondays if monday in self.ahead]

    @property
    def is_whole(self) -> bool:
        """Whether all of it is published."""
        return all(map(self.is_published, self.days))


def _state(month: _Month, rule: Rule) -> RuleState:
    return _MEASURED[rule.measure](month, rule)


def _told(month: _Month, rule: Rule, days: Iterable[date], people: Iterable[str] = ()) -> RuleState:
    broken = tuple(sorted(set(days)))
    state = BROKEN if broken else HOLDS if month.is_whole else OPEN
    return RuleState(rule, state, broken, people=tuple(sorted(set(people))))


def _domains(month: _Month, rule: Rule) -> RuleState:
    there = {domain for day in month.days for card in month.held.get(day, ()) for domain in card.domains}
    missing = tuple(each for each in rule.domains if each not in there)
    return RuleState(rule, HOLDS if not missing else BROKEN if month.is_whole else OPEN, domains=missing)


def _days(month: _Month, rule: Rule) -> RuleState:
    return _told(month, rule, (day for day in month.days if month.is_published(day) and not month.groups_on(day)))


def _evenings(month: _Month, rule: Rule) -> RuleState:
    def count(monday: date) -> int:
        return len({card.on_date for card in month.week(monday) if card.start_minute >= EVENING})

    return _told(month, rule, (monday for monday in month.published if count(monday) < rule.least))


def _weekends(month: _Month, rule: Rule) -> RuleState:
    def has_other(monday: date) -> bool:
        those = [card for card in month.week(monday) if card.on_date.weekday() >= _WEEKEND]
        return any(set(card.domains) - set(rule.domains) for card in those)

    return _told(month, rule, (monday for monday in month.published if not has_other(monday)))


def _hours(month: _Month, rule: Rule) -> RuleState:
    def minutes(monday: date) -> int:
        return sum(card.end_minute - card.start_minute for card in month.week(monday))

    return _told(month, rule, (monday for monday in month.published if minutes(monday) < 60 * rule.least))


def _ahead(month: _Month, rule: Rule) -> RuleState:
    return _told(month, rule, (monday for monday in month.published if month.ahead[monday] < rule.least))


def _small(month: _Month, rule: Rule) -> RuleState:
    """Who said no to a large group and was invited to no small one and no visit on that day."""
    days, people = [], []
    for day in month.days:
        cards = month.held.get(day, ())
        offered = {place.resident_id for card in cards if card.activity_id not in month.large for place in card.places}
        for who in _said_no(month, [card for card in cards if card.activity_id in month.large]):
            if who not in offered:
                days.append(day)
                people.append(who)
    return _told(month, rule, days, people)


def _said_no(month: _Month, cards: Sequence[Card]) -> set[str]:
    return {
        who
        for card in cards
        for who, mark in month.became.get(card.ref, NOTHING).marks.items()
        if mark.outcome == "declined"
    }


_MEASURED: Mapping[str, Callable[[_Month, Rule], RuleState]] = MappingProxyType(
    {
        packs.DOMAINS: _domains,
        packs.DAYS: _days,
        packs.EVENINGS: _evenings,
        packs.WEEKENDS: _weekends,
        packs.HOURS: _hours,
        packs.AHEAD: _ahead,
        packs.SMALL: _small,
    }
)
