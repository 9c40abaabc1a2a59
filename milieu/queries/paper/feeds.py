"""The private calendar addresses that there are, and for whom one could be made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from milieu.database import DbSession
from milieu.models import Account, Facilitator, Feed, Relative
from milieu.models.validity import is_there
from milieu.queries.family.kin import kin_of_each
from milieu.queries.names import names_of


@dataclass(frozen=True)
class FeedLine:
    """An address: of whom it tells, who reads it, and whether it is used. `networks`: from how many today, or on the
    last day on which it was read.
    """

    id: str
    of: str
    reader: str
    made_at: datetime
    made_by: str
    used_at: datetime | None
    networks: int
    ended_at: datetime | None
    resident_id: str | None


@dataclass(frozen=True)
class Possible:
    """Somebody for whom an address could be made: a leader, or a relative of a resident who shares her calendar."""

    key: str
    of: str
    reader: str


def feeds_of(
    db: DbSession, community_id: str, *, relative_id: str | None = None, facilitator_id: str | None = None
) -> tuple[FeedLine, ...]:
    """The addresses of a community, or only those of a relative and of somebody who leads; open ones first."""
    query = (
        select(Feed, Account.name)
        .outerjoin(Account, (Account.community_id == Feed.community_id) & (Account.id == Feed.made_by))
        .where(Feed.community_id == community_id)
    )
    if relative_id is not None or facilitator_id is not None:
        whose = [Feed.relative_id == relative_id] if relative_id else []
        whose += [Feed.facilitator_id == facilitator_id] if facilitator_id else []
        query = query.where(or_(*whose))
    names = names_of(db, community_id)
    relatives = {
        row.id: row.name
        for row in db.execute(select(Relative.id, Relative.name).where(Relative.community_id == community_id))
    }
    lines = [_line(feed, maker or "", names, relatives) for feed, maker in db.execute(query)]
    return tuple(sorted(lines, key=lambda line: (line.ended_at is not None, line.of, line.reader, line.made_at)))


def possible_kin(
    db: DbSession, community_id: str, today: date, relative_ids: Collection[str] | None = None
) -> tuple[Possible, ...]:
    """Each of these relatives, or of all, with each resident who shares her calendar with them today."""
    found = [
        Possible(f"kin:{each.resident_id}:{relative_id}", each.called, relative)
        for relative_id, (relative, kin) in kin_of_each(db, community_id, today, relative_ids).items()
        for each in kin
    ]
    return tuple(sorted(found, key=lambda each: (each.of, each.reader, each.key)))


def possible_leaders(db: DbSession, community_id: str, today: date) -> tuple[Possible, ...]:
    """Everybody who works here on a day."""
    rows = db.execute(
        select(Facilitator.id, Facilitator.name)
        .where(
            Facilitator.community_id == community_id,
            is_there(Facilitator, today),
        )
        .order_by(Facilitator.name, Facilitator.id)
    )
    return tuple(Possible(f"leader:{row.id}", row.name, row.name) for row in rows)


def _line(feed: Feed, maker: str, names: dict[str, str], relatives: dict[str, str]) -> FeedLine:
    of = names.get(feed.resident_id or feed.facilitator_id or "", "")
    reader = relatives.get(feed.relative_id, "") if feed.relative_id else of
    networks = len((feed.networks or {}).get("seen", ()))
    return FeedLine(feed.id, of, reader, feed.made_at, maker, feed.used_at, networks, feed.ended_at, feed.resident_id)
