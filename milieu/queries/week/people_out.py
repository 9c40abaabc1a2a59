"""Who is invited to how much in a week: the spread, those left out, and one resident's own week."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.models import LivingGroup, Resident, Target, Wish
from milieu.models.validity import is_valid_within
from milieu.queries.programme.turnout import Asking
from milieu.queries.residents.people import Unit, full_name
from milieu.queries.residents.stays import Stays, lives_here, stays_of
from milieu.queries.week.weeks import DAYS, Card

BANDS = ("none", "few", "some", "many")
PART = "part"
LITTLE_KNOWN = 3
"""Of whom fewer activities are known that they like, little is known."""
FEW, MANY = 5, 10
"""1-4 invitations are few, 5-9 the usual band, 10 and more many (practice: a weekly band of 5 to 9)."""
EMPTY_DAYS = 3
"""So many days running with nothing are worth a look."""


@dataclass(frozen=True)
class Share:
    """A resident of the week, how often they are invited, and how often they wish to be.

    `wished` is the least a week that they wish for (0: nothing was said), `most` what is enough for them (None: nothing
    was said). `came_on` and `went_on` are days of this week on which they came or went. `is_new`: they moved in less
    than four weeks before it; `liked` is how many activities are known that they like. `given_name` is the one
    that they may not be called by. `empty` are the first and the last day of the longest time in the week without any
    invitation, None where each day has one.
    """

    resident_id: str
    name: str
    unit: Unit
    room: str
    count: int
    wished: int
    most: int | None = None
    came_on: date | None = None
    went_on: date | None = None
    is_new: bool = False
    liked: int = 0
    given_name: str = ""
    empty: tuple[date, date] | None = None

    @property
    def is_little_known(self) -> bool:
        """Whether they have just come and hardly anything is known that they like: no reason to leave them in peace."""
        return self.is_new and self.liked < LITTLE_KNOWN

    @property
    def wants_none(self) -> bool:
        """Whether nothing at all is what they asked for; having said nothing is not asking for quiet."""
        return self.most == 0

    @property
    def is_part(self) -> bool:
        """Whether they live here for a part of the week only: no figure of a week can be held against them."""
        return self.came_on is not None or self.went_on is not None

    @property
    def is_short(self) -> bool:
        """Whether they are invited to less than they wish."""
        return self.count < self.wished and not self.is_part

    @property
    def has_empty_days(self) -> bool:
        """Whether three days running have nothing for somebody who is asked to something and wants more than one."""
        if self.empty is None or self.is_part or not self.count or (self.most is not None and self.most <= 1):
            return False
        first, last = self.empty
        return (last - first).days >= EMPTY_DAYS - 1

    @property
    def has_enough(self) -> bool:
        """Whether they are invited as often as they want to be at most."""
        return self.most is not None and self.count >= self.most

    @property
    def band(self) -> str:
        """none, few, some or many; "part" of somebody who is not here all week."""
        if self.is_part:
            return PART
        return BANDS[0] if self.count == 0 else BANDS[1 + (self.count >= FEW) + (self.count >= MANY)]


@dataclass(frozen=True)
class Quality:
    """What a week is worth, in counts of people and invitations.

    Of `invitations` about `coming` are likely to be taken up, `liked` of those by somebody who likes what it is;
    `with_company` of `people` meet somebody they like; `aims_met` of `aims` care-plan aims are served.
    """

    invitations: int
    coming: float
    liked: float
    people: int
    with_company: int
    aims: int
    aims_met: int


def shares(db: DbSession, community_id: str, week_start: date, cards: Iterable[Card]) -> tuple[Share, ...]:
    """Everybody who lives here on a day of the week, by living group, room and name. Two queries."""
    cards = tuple(cards)
    counts = Counter(place.resident_id for card in cards for place in card.places)
    asked = defaultdict[str, set[date]](set)
    for card in cards:
        for place in card.places:
            asked[place.resident_id].add(card.on_date)
    last = week_start + timedelta(days=DAYS - 1)
    stays = stays_of(db, community_id)
    rows = db.execute(
        select(
            Resident.id,
            Resident.given_name,
            Resident.family_name,
            Resident.called,
            Resident.room,
            Resident.sessions_min,
            Resident.sessions_max,
            LivingGroup.id.label("unit_id"),
            LivingGroup.name.label("unit"),
            LivingGroup.sort,
            _liked(week_start, last).label("liked"),
        )
        .join(
            LivingGroup,
            (LivingGroup.community_id == Resident.community_id) & (LivingGroup.id == Resident.living_group_id),
        )
        .where(Resident.community_id == community_id, lives_here(week_start, last))
    )
    found = [
        Share(
            row.id,
            full_name(row.given_name, row.family_name, row.called),
            Unit(row.unit_id, row.unit, row.sort),
            row.room,
            counts[row.id],
            row.sessions_min,
            row.sessions_max,
            *_edges(stays.get(row.id, Stays()), week_start, last),
            is_new=stays.get(row.id, Stays()).is_new(week_start, last),
            liked=row.liked,
            given_name=row.given_name,
            empty=_longest_empty(asked[row.id], week_start),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda share: (share.unit.place, share.unit.name, _room(share.room), share.name)))


def _longest_empty(asked: Collection[date], first: date) -> tuple[date, date] | None:
    """The first and last day of the longest time in a week with nothing, the earlier of two."""
    found: list[tuple[date, date]] = []
    for day in (first + timedelta(days=number) for number in range(DAYS)):
        if day in asked:
            continue
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return max(found, key=lambda each: each[1] - each[0], default=None)


def _liked(first: date, last: date) -> Any:
    """How many activities a resident is known to like in a time."""
    return (
        select(func.count(Wish.activity_id.distinct()))
        .where(
            Wish.community_id == Resident.community_id,
            Wish.resident_id == Resident.id,
            Wish.strength > 0,
            is_valid_within(Wish, first, last),
        )
        .correlate(Resident)
        .scalar_subquery()
    )


def _edges(stays: Stays, first: date, last: date) -> tuple[date | None, date | None]:
    """The day from `first` to `last` on which somebody's stay there began after `first`, and on which it ended."""
    here = [day for number in range((last - first).days + 1) if stays.is_here(day := first + timedelta(days=number))]
    if not here:
        return None, None
    return here[0] if here[0] > first else None, here[-1] if here[-1] < last else None


def quality(
    db: DbSession,
    community_id: str,
    week_start: date,
    cards: Iterable[Card],
    people: Iterable[Share],
    asking: Mapping[str, Asking],
) -> Quality:
    """What the sessions of a week are worth to those who live here; who may be there counts, not who is asked."""
    here = {share.resident_id for share in people if not share.is_part}
    invitations, coming, liked = 0, 0.0, 0.0
    with_company: set[str] = set()
    by_domain: Counter[tuple[str, str]] = Counter()
    for card in cards:
        chance = asking[card.activity_id].share if card.activity_id in asking else 1.0
        for place in card.places:
            codes = {reason.code for reason in place.reasons}
            invitations += 1
            coming += chance
            liked += chance * ("wish" in codes)
            if "company" in codes:
                with_company.add(place.resident_id)
            by_domain.update((place.resident_id, domain) for domain in card.domains)
    aims = [row for row in _aims(db, community_id, week_start) if row[0] in here]
    met = sum(by_domain[resident_id, domain] >= least for resident_id, domain, least in aims)
    return Quality(invitations, coming, liked, len(here), len(with_company & here), len(aims), met)


def _aims(db: DbSession, community_id: str, week_start: date) -> list[tuple[str, str, int]]:
    rows = db.execute(
        select(Target.resident_id, Target.domain, Target.min_sessions).where(
            Target.community_id == community_id,
            is_valid_within(Target, week_start, week_start + timedelta(days=DAYS - 1)),
        )
    )
    return [(row.resident_id, row.domain, row.min_sessions) for row in rows]


def _room(room: str) -> tuple[int, str]:
    digits = "".join(char for char in room if char.isdecimal())
    return int(digits or 0), room
