"""What people are invited to, for sheets of their own: with who leads it, and without who else is there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Activity, Community, Publication, PublishedDay
from milieu.queries.published.absent import absences_between
from milieu.queries.published.days import Slot, invitations_of, leaders_of, published_days
from milieu.queries.published.marks import called_off, marks_of
from milieu.queries.residents.people import Person, residents_here
from milieu.reasons import Reason


@dataclass(frozen=True)
class Asked:
    """An invitation as it may lie on a table: `title` is a closed group's public name where it has one.

    `is_kept`: they are away or in bed then, as was told since it was published.
    """

    slot: Slot
    title: str
    leaders: tuple[str, ...]
    is_off: bool
    is_kept: bool
    reasons: tuple[Reason, ...] = ()

    @property
    def is_on(self) -> bool:
        """Whether they can go if they like."""
        return not self.is_off and not self.is_kept


@dataclass(frozen=True)
class PersonDays:
    """Somebody's invitations on some days, by time."""

    person: Person
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class AskedDays:
    """Some people's invitations on some days, in walking order; `as_of` as in `ListedDays`."""

    community: str
    timezone: str
    days: tuple[date, ...]
    published: frozenset[date]
    people: tuple[PersonDays, ...]
    as_of: datetime | None


def asked_days(
    db: DbSession,
    community_id: str,
    days: Sequence[date],
    *,
    resident_id: str | None = None,
    living_group_id: str | None = None,
) -> AskedDays:
    """The invitations of a resident, of a living group, or of everybody who lives here on the first of these days.

    Raises NotFound where there is no such community, or where the resident named does not live here then.
    """
    community = db.get(Community, community_id)
    people = [
        each
        for each in (residents_here(db, community_id, days[0]) if community else ())
        if resident_id in (None, each.id) and living_group_id in (None, each.unit.id)
    ]
    if community is None or (resident_id is not None and not people):
        raise NotFound("There is no such resident.")
    invited = invitations_of(db, community_id, [each.id for each in people], days)
    slots = {slot.id: slot for each in invited.values() for slot, _ in each}
    leaders = leaders_of(db, community_id, slots)
    refs = {slot.ref for slot in slots.values()}
    off, marks = called_off(db, community_id, refs), marks_of(db, community_id, refs=refs)
    away = absences_between(db, community_id, min(days), max(days), [each.id for each in people], marks.values())
    public = public_names(db, community_id)

    def asked(whose: Person, slot: Slot, reasons: tuple[Reason, ...]) -> Asked:
        names = tuple(leader.name for leader in leaders.get(slot.id, ()))
        is_kept = bool(away.kind(whose.id, slot))
        return Asked(slot, public.get(slot.activity_id) or slot.title, names, slot.ref in off, is_kept, reasons)

    return AskedDays(
        community.name,
        community.timezone,
        tuple(days),
        published_days(db, community_id, days),
        tuple(PersonDays(each, tuple(asked(each, *given) for given in invited.get(each.id, ()))) for each in people),
        published_last(db, community_id, days),
    )


def public_names(db: DbSession, community_id: str) -> dict[str, str]:
    """What closed groups are called where others read along, by activity id; "" where no name is chosen."""
    rows = db.execute(
        select(Activity.id, Activity.public_name).where(
            Activity.community_id == community_id, Activity.is_closed.is_(True)
        )
    )
    return {row.id: row.public_name for row in rows}


def published_last(db: DbSession, community_id: str, days: Collection[date]) -> datetime | None:
    """When what holds on these days was published last."""
    return db.scalar(
        select(func.max(Publication.published_at))
        .join(
            PublishedDay,
            (PublishedDay.community_id == Publication.community_id) & (PublishedDay.publication_id == Publication.id),
        )
        .where(PublishedDay.community_id == community_id, PublishedDay.on_date.in_(days))
    )
