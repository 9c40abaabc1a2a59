"""The shape of a week: hours by domain, groups by day and part, sizes, what each leads, who has to be walked with."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from milieu.database import DbSession
from milieu.queries.names import names_of
from milieu.services.weeks.plans.drafts import sessions_of
from milieu.solving.contents import SessionContent, read_published
from milieu.solving.problem.document import WeekFacts
from milieu.solving.problem.known import facts_of
from milieu.solving.problem.programme.seating import space_of
from solver.documents.exchange import Window, minutes

SIZES = ((0, 4), (5, 8), (9, 15), (16, 24), (25, 999))
"""Groups by how many are invited, from and to."""
PARTS = (("morning", 0, 720), ("afternoon", 720, 1020), ("evening", 1020, 1440))


@dataclass(frozen=True)
class Slot:
    """Groups that begin on a day in a part of it; `least` is how many should, 0 where nothing is said."""

    on_date: date
    part: str
    groups: int
    least: int


@dataclass(frozen=True)
class Led:
    """How long somebody leads in the week, and how long they are there."""

    name: str
    minutes: int
    rostered: int

    @property
    def is_over(self) -> bool:
        return self.minutes > self.rostered


@dataclass(frozen=True)
class Walk:
    """Quarters of an hour of a day at which people have to be walked with: how many need it, how many can."""

    on_date: date
    at: tuple[tuple[int, int, int], ...]

    @property
    def most(self) -> int:
        return max((need for _minute, need, _there in self.at), default=0)

    @property
    def short(self) -> tuple[int, ...]:
        """The minutes at which too few can."""
        return tuple(minute for minute, need, there in self.at if need > there)


@dataclass(frozen=True)
class Shape:
    """`domains` are minutes by first domain, groups and visits; `sizes` groups by SIZES; `walks` empty where nobody
    said how many can walk with people.
    """

    domains: tuple[tuple[str, int], ...]
    slots: tuple[Slot, ...]
    weekend: int
    sizes: tuple[int, ...]
    units: tuple[tuple[str, int, int], ...]
    led: tuple[Led, ...]
    walks: tuple[Walk, ...]


def shape_of(
    db: DbSession, community_id: str, week_start: date, refs: Collection[str], now: datetime, *, is_draft: bool
) -> Shape:
    """Of those sessions of a week's draft, else of what is published, that have one of these refs, by the facts of now.

    Raises NotFound; Conflict where the week is over.
    """
    week = facts_of(db, community_id, week_start, now)
    names = names_of(db, community_id)
    published = None if is_draft else read_published(db, community_id, week_start)
    there = sessions_of(db, community_id, week_start) if is_draft else published.sessions if published else ()
    cards = [each for each in there if each.ref in refs]
    groups = [card for card in cards if not card.is_visit]
    minutes: Counter[str] = Counter()
    for card in cards:
        minutes[card.domains[0] if card.domains else ""] += card.end_minute - card.start_minute
    sizes = Counter(_size(len(card.places)) for card in groups)
    asked = Counter(place.resident_id for card in cards for place in card.places)
    return Shape(
        tuple(sorted(minutes.items(), key=lambda each: (-each[1], each[0]))),
        tuple(_slots(week, groups)),
        sum(card.on_date.weekday() >= 5 for card in groups),
        tuple(sizes[number] for number in range(len(SIZES))),
        tuple(
            (names.get(group.id, ""), sum(asked[who] for who in group.members), len(group.members))
            for group in week.facts.groups
        ),
        tuple(_led(week, cards)),
        tuple(_walks(week, cards)),
    )


def _size(taken: int) -> int:
    return next(number for number, (least, most) in enumerate(SIZES) if least <= taken <= most)


def _slots(week: WeekFacts, groups: Sequence[SessionContent]) -> list[Slot]:
    found = []
    for day, on in enumerate(week.week.days):
        for part, start, end in PARTS:
            least = sum(
                offer.min
                for offer in week.facts.offers
                if offer.group is None
                and offer.day in (None, day)
                and (start, end) == (minutes(offer.from_), minutes(offer.to))
            )
            count = sum(card.on_date == on and start <= card.start_minute < end for card in groups)
            found.append(Slot(on, part, count, least))
    return found


def _led(week: WeekFacts, cards: Sequence[SessionContent]) -> list[Led]:
    minutes: Counter[str] = Counter()
    for card in cards:
        for leader in card.facilitators:
            minutes[leader] += card.end_minute - card.start_minute
    rows = {row.id: row.name for row in week.rows.facilitators.values()}
    found = []
    for each in week.facts.facilitators:
        rostered = 7 * 1440 if each.available is None else sum(_length(window) for window in each.available)
        found.append(Led(rows[each.id], minutes[each.id], rostered))
    return sorted(
        (each for each in found if each.minutes or each.rostered), key=lambda each: (-each.minutes, each.name)
    )


def _length(window: Window) -> int:
    return (window.end - window.begin) * (7 if window.day is None else 1)


def _walks(week: WeekFacts, cards: Sequence[SessionContent]) -> list[Walk]:
    """Whoever needs somebody is walked there at the beginning and back at the end, except to the bedside."""
    escorts = week.facts.escorts
    if escorts is None:
        return []
    walked = {row.id for row in week.facts.residents if row.escort}
    bedside = {space_of(row.id) for row in week.facts.spaces if row.bedside}
    found = []
    for day, on in enumerate(week.week.days):
        need: Counter[int] = Counter()
        for card in cards:
            if card.on_date == on and card.space_id not in bedside:
                walking = len(walked.intersection(card.residents))
                need[card.start_minute] += walking
                need[card.end_minute] += walking
        at = tuple((minute, count, escorts.available(day, minute)) for minute, count in sorted(need.items()) if count)
        found.append(Walk(on, at))
    return found
