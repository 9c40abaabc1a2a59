"""How a week shares itself out: habits that stand, what should be on and is not, living groups, and turns."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from milieu.database import DbSession
from milieu.queries.names import names_of
from milieu.queries.week.weeks import Card
from milieu.solving.problem.commitments.turns import scarce_of
from milieu.solving.problem.commitments.usual import base_week
from milieu.solving.problem.document import WeekFacts
from milieu.solving.problem.known import facts_of
from solver.documents.exchange import Activity, Offer, Resident, minutes

LEAST_SHARE = 0.8
"""A living group with a smaller share of liked invitations than this, of the mean of all, wants a word why."""

LONGEST_SHOWN = 5
SATURDAY = 5
_AN_HOUR = 60
_Hours: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True)
class Stood:
    """Of `groups` in a week so many stand on the day and at the time at which they are used to; None without a base."""

    groups: int
    kept: int | None


@dataclass(frozen=True)
class Lack:
    """Days on which less is on than should be, in these hours. `unit` "" for all.

    `unstaffed` are those of the days on which nobody is there for an hour of them, so that the roster cannot give it;
    `spent` those of the others on which whatever may begin then is on as often in this week as it may be.
    """

    unit: str
    start_minute: int
    end_minute: int
    days: tuple[date, ...]
    unstaffed: tuple[date, ...]
    spent: tuple[date, ...]


@dataclass(frozen=True)
class Forced:
    """A fact about a living group beside its small share: `amount` of its members.

    `code` is stays (they stay in their own place), quiet (they bear little noise), enough (they are invited to as much
    as they want), asleep (they like nothing that is held and open to them).
    """

    code: str
    amount: int


@dataclass(frozen=True)
class UnitShare:
    """A living group: how many live there, how many invitations to what they like each has, what share of everybody's
    mean that is, on which days nobody of it is invited, the facts beside a small share, and how many of those who want
    any invitations have none, a visit neither, at the weekend.
    """

    name: str
    people: int
    liked: float
    share: float
    empty: tuple[date, ...]
    because: tuple[Forced, ...]
    no_weekend: int = 0

    @property
    def is_low(self) -> bool:
        return self.share < LEAST_SHARE


@dataclass(frozen=True)
class Turn:
    """An activity that more people love than it has seats in a week: who waits longest is named, with their ids.

    `weeks` is in how many everybody who likes it could be asked once.
    """

    activity: str
    lovers: int
    seats: float
    weeks: int
    waiting: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Balance:
    """All of it for one week. `everybody` is the mean of liked invitations."""

    stood: Stood
    lacks: tuple[Lack, ...]
    everybody: float
    units: tuple[UnitShare, ...]
    turns: tuple[Turn, ...]


def balance_of(db: DbSession, community_id: str, week_start: date, cards: Sequence[Card], now: datetime) -> Balance:
    """How the sessions on a week's cards share it out, by the facts of now.

    Raises NotFound; Conflict where the week is over.
    """
    week = facts_of(db, community_id, week_start, now)
    names = names_of(db, community_id)
    groups = [card for card in cards if not card.is_visit]
    everybody, units = _units(week, cards, groups, names)
    return Balance(_stood(week, groups), tuple(_lacks(week, groups, names)), everybody, units, _turns(week, names))


def _stood(week: WeekFacts, groups: Sequence[Card]) -> Stood:
    habits = {(each.activity_id, each.weekday, each.start_minute) for each in base_week(week.rows)}
    stand = sum((card.activity_id, card.on_date.weekday(), card.start_minute) in habits for card in groups)
    return Stood(len(groups), stand if habits else None)


def _lacks(week: WeekFacts, groups: Sequence[Card], names: Mapping[str, str]) -> Iterator[Lack]:
    """What should be on and is not, by hours and living group."""
    members = {each.id: set(each.members) for each in week.facts.groups}
    days: dict[_Hours, list[date]] = defaultdict(list)
    for offer in week.facts.offers:
        for day, on in enumerate(week.week.days):
            if (
                offer.day in (None, day)
                and _count(offer, on, groups, members.get(offer.group or "", set())) < offer.min
            ):
                days[offer.group or "", minutes(offer.from_), minutes(offer.to)].append(on)
    for (group, start, end), found in sorted(days.items(), key=lambda each: (names.get(each[0][0], ""), each[0][1:])):
        lacking = tuple(dict.fromkeys(sorted(found)))
        unstaffed = tuple(on for on in lacking if not _is_staffed(week, on, start, end))
        left = _left(week, groups, members.get(group))
        spent = tuple(
            on
            for on in lacking
            if on not in unstaffed
            and not any(_may_begin(each, (on - week.week.start).days, start, end) for each in left)
        )
        yield Lack(names.get(group, ""), start, end, lacking, unstaffed, spent)


def _count(offer: Offer, on: date, groups: Iterable[Card], members: Collection[str]) -> int:
    start, end = minutes(offer.from_), minutes(offer.to)
    return sum(
        card.on_date == on
        and start <= card.start_minute < end
        and (offer.group is None or sum(place.resident_id in members for place in card.places) >= offer.members)
        for card in groups
    )


def _is_staffed(week: WeekFacts, on: date, start: int, end: int) -> bool:
    """Whether somebody is there for an hour of a stretch of a day."""
    day = (on - week.week.start).days
    return any(
        window.is_on(day) and min(window.end, end) - max(window.begin, start) >= _AN_HOUR
        for each in week.facts.facilitators
        for window in each.available or ()
    )


def _left(week: WeekFacts, groups: Iterable[Card], members: Collection[str] | None) -> list[Activity]:
    """The group activities that may be held once more this week, open to one of the members where any are told."""
    held = Counter(card.activity_id for card in groups)
    return [
        each
        for each in week.facts.activities
        if each.max_group > 1
        and held[each.id] < each.sessions.max
        and (members is None or each.only is None or any(who in members for who in each.only))
    ]


def _may_begin(activity: Activity, day: int, start: int, end: int) -> bool:
    """Whether a session of it can begin within a stretch of a day, by its own hours."""
    if activity.windows is None:
        return True
    return any(
        each.is_on(day) and max(each.begin, start) <= min(each.end - activity.duration_minutes, end - 1)
        for each in activity.windows
    )


def _units(
    week: WeekFacts, cards: Iterable[Card], groups: Sequence[Card], names: Mapping[str, str]
) -> tuple[float, tuple[UnitShare, ...]]:
    """The mean of liked invitations of all, and each living group's."""
    people = {each.id: each for each in week.facts.residents}
    liked, asked, weekend = Counter[str](), Counter[str](), Counter[str]()
    for card in cards:
        for place in card.places:
            asked[place.resident_id] += 1
            weekend[place.resident_id] += card.on_date.weekday() >= SATURDAY
            person = people.get(place.resident_id)
            liked[place.resident_id] += person is not None and person.interests.get(card.activity_id, 0) > 0
    mean = sum(liked[each] for each in people) / len(people) if people else 0.0
    met = defaultdict(set)
    for card in groups:
        for place in card.places:
            met[place.resident_id].add(card.on_date)
    open_to = {card.activity_id for card in groups}
    found = []
    for group in week.facts.groups:
        own = sum(liked[each] for each in group.members) / len(group.members)
        share = own / mean if mean else 1.0
        those = [people[each] for each in group.members]
        empty = tuple(on for on in week.week.days if not any(on in met[each] for each in group.members))
        because = tuple(_forced(those, asked, open_to)) if share < LEAST_SHARE else ()
        none = sum(not weekend[each.id] for each in those if each.sessions.max)
        found.append(UnitShare(names.get(group.id, ""), len(those), own, share, empty, because, none))
    return mean, tuple(found)


def _forced(people: Sequence[Resident], asked: Mapping[str, int], held: Collection[str]) -> Iterator[Forced]:
    """The facts that keep a living group from more, each of how many of its members it is true."""
    counts = {
        "stays": sum(each.zone_locked for each in people),
        "quiet": sum(each.noise_max <= 1 for each in people),
        "enough": sum(asked[each.id] >= each.sessions.max for each in people),
        "asleep": sum(not any(each.interests.get(name, 0) > 0 for name in held) for each in people),
    }
    for code, amount in counts.items():
        if amount:
            yield Forced(code, amount)


def _turns(week: WeekFacts, names: Mapping[str, str]) -> tuple[Turn, ...]:
    found = []
    for each in scarce_of(week.rows, week.facts):
        if len(each.behind) <= each.seats:
            continue
        longest = sorted(
            (who for who, behind in each.behind.items() if behind.month > 0),
            key=lambda who: (-each.behind[who].month, -each.behind[who].longer, names.get(who, "")),
        )
        waiting = tuple((who, names.get(who, "")) for who in longest[:LONGEST_SHOWN])
        activity = names.get(each.activity.id, "")
        found.append(Turn(activity, len(each.behind), each.seats, each.round_weeks, waiting))
    return tuple(sorted(found, key=lambda turn: turn.activity))
