"""Who is invited to how much in a week: the spread, those left out, and one resident's own week."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from milieu.database import DbSession
from milieu.models import LivingGroup, Resident, Target
from milieu.queries.people import Unit, full_name
from milieu.queries.stays import lives_here
from milieu.queries.weeks import DAYS, Card

BANDS = ("none", "few", "some", "many")
FEW, MANY = 5, 10
"""1-4 invitations are few, 5-9 the usual band, 10 and more many (practice: a weekly band of 5 to 9)."""


@dataclass(frozen=True)
class Share:
    """A resident of the week, how often they are invited, and how often they wish to be (0: quiet)."""

    resident_id: str
    name: str
    unit: Unit
    room: str
    count: int
    wished: int

    @property
    def wants_none(self) -> bool:
        """Whether nothing at all is what they asked for."""
        return self.wished == 0

    @property
    def is_short(self) -> bool:
        """Whether they are invited to less than they wish."""
        return self.count < self.wished

    @property
    def band(self) -> str:
        """none, few, some or many."""
        return BANDS[0] if self.count == 0 else BANDS[1 + (self.count >= FEW) + (self.count >= MANY)]


@dataclass(frozen=True)
class Quality:
    """What a week is worth, in counts of people and places.

    `liked` of `places` are something the resident likes; `with_company` of `people` meet somebody they like;
    `aims_met` of `aims` care-plan aims are served.
    """

    places: int
    liked: int
    people: int
    with_company: int
    aims: int
    aims_met: int


def shares(db: DbSession, community_id: str, week_start: date, cards: Iterable[Card]) -> tuple[Share, ...]:
    """Everybody who lives here on a day of the week, by living group, room and name. One query."""
    counts = Counter(place.resident_id for card in cards for place in card.places)
    rows = db.execute(
        select(
            Resident.id, Resident.given_name, Resident.family_name, Resident.called, Resident.room,
            Resident.sessions_min,
            LivingGroup.id.label("unit_id"), LivingGroup.name.label("unit"), LivingGroup.sort,
        )
        .join(
            LivingGroup,
            (LivingGroup.community_id == Resident.community_id) & (LivingGroup.id == Resident.living_group_id),
        )
        .where(Resident.community_id == community_id, lives_here(week_start, week_start + timedelta(days=DAYS - 1)))
    )  # fmt: skip
    found = [
        Share(
            row.id, full_name(row.given_name, row.family_name, row.called), Unit(row.unit_id, row.unit, row.sort),
            row.room, counts[row.id], row.sessions_min,
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda share: (share.unit.place, share.unit.name, _room(share.room), share.name)))


def quality(
    db: DbSession, community_id: str, week_start: date, cards: Iterable[Card], people: Iterable[Share]
) -> Quality:
    """What the sessions of a week are worth to those who live here."""
    here = {share.resident_id for share in people}
    liked = places = 0
    with_company: set[str] = set()
    by_domain: Counter[tuple[str, str]] = Counter()
    for card in cards:
        for place in card.places:
            codes = {reason.code for reason in place.reasons}
            places += 1
            liked += "wish" in codes
            if "company" in codes:
                with_company.add(place.resident_id)
            by_domain.update((place.resident_id, domain) for domain in card.domains)
    aims = [row for row in _aims(db, community_id, week_start) if row[0] in here]
    met = sum(by_domain[resident_id, domain] >= least for resident_id, domain, least in aims)
    return Quality(places, liked, len(here), len(with_company & here), len(aims), met)


def _aims(db: DbSession, community_id: str, week_start: date) -> list[tuple[str, str, int]]:
    rows = db.execute(
        select(Target.resident_id, Target.domain, Target.min_sessions).where(
            Target.community_id == community_id,
            or_(Target.valid_from.is_(None), Target.valid_from < week_start + timedelta(days=DAYS)),
            or_(Target.valid_until.is_(None), Target.valid_until >= week_start),
        )
    )
    return [(row.resident_id, row.domain, row.min_sessions) for row in rows]


def _room(room: str) -> tuple[int, str]:
    digits = "".join(char for char in room if char.isdecimal())
    return int(digits or 0), room
