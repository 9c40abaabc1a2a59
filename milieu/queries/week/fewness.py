"""Why somebody is invited to few sessions: facts that stand beside the number, never a judgement."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select

from milieu.database import DbSession
from milieu.models import Activity, ActivityMember, Limit, Refusal, Resident, Wish
from milieu.models.validity import is_valid_within
from milieu.queries.programme.resting import Resting
from milieu.queries.week.outcomes import NOTHING, Became
from milieu.queries.week.people_out import Share
from milieu.queries.week.weeks import DAYS, Card

LITTLE = 3
"""Liking so few of a week's activities explains few invitations."""


@dataclass(frozen=True)
class WhyFew:
    """A fact beside a small number.

    `code` is new (they have just come and little is known), enough (they want at most `amount`), off (`amount` of their
    invitations cannot be held), no (they said no to `amount` of `among` activities), rests (`amount` rest after two
    noes), kept (kept from `amount` by their chart), cannot (`amount` ask what they cannot), likes (they like so many).
    """

    code: str
    amount: int
    among: int = 0


def reasons_for_few(
    db: DbSession,
    community_id: str,
    week_start: date,
    cards: Collection[Card],
    became: Mapping[str, Became],
    people: Iterable[Share],
    rests: Iterable[Resting],
) -> dict[str, tuple[WhyFew, ...]]:
    """Of those with no or few invitations what stands beside that, by resident; the rest are left out. Six queries,
    and none where nobody has few.

    `rests` is what rests; of it counts what rested when the week began.
    """
    few = [person for person in people if person.band in ("none", "few")]
    if not few:
        return {}
    ids = [person.resident_id for person in few]
    off = Counter(place.resident_id for card in cards if became.get(card.ref, NOTHING).is_off for place in card.places)
    offered = {card.activity_id for card in cards if not card.is_visit and not became.get(card.ref, NOTHING).is_off}
    members = _members(db, community_id)
    said_no = _dated(db, community_id, Refusal, week_start, Refusal.resident_id.in_(ids))
    limited = _dated(db, community_id, Limit, week_start, Limit.resident_id.in_(ids))
    likes = _dated(db, community_id, Wish, week_start, Wish.resident_id.in_(ids), Wish.strength > 0)
    asks, cannot = _asks(db, community_id), _cannot(db, community_id, ids)
    resting = {(each.resident_id, each.activity_id) for each in rests if each.noes[1] < week_start < each.asked_again}
    found: dict[str, tuple[WhyFew, ...]] = {}
    for person in few:
        who = person.resident_id
        open_to = {activity for activity in offered if activity not in members or who in members[activity]}
        at_rest = {activity for activity in open_to if (who, activity) in resting} - said_no.get(who, set())
        liked = (likes.get(who, set()) & open_to) - said_no.get(who, set()) - at_rest
        each = (
            WhyFew("new", 0) if person.is_little_known else None,
            WhyFew("enough", person.most or 0) if person.has_enough else None,
            WhyFew("off", off[who]) if off[who] else None,
            _counted("no", said_no.get(who, set()) & open_to, open_to),
            _counted("rests", at_rest, open_to),
            _counted("kept", limited.get(who, set()) & open_to, open_to),
            _counted("cannot", {each for each in open_to if asks[each] & cannot.get(who, frozenset())}, open_to),
            WhyFew("likes", len(liked), len(open_to))
            if open_to and not person.is_little_known and len(liked) <= min(LITTLE, len(open_to) / 2)
            else None,
        )
        found[who] = tuple(reason for reason in each if reason is not None)
    return found


def _counted(code: str, these: Collection[str], among: Collection[str]) -> WhyFew | None:
    return WhyFew(code, len(these), len(among)) if these else None


def _asks(db: DbSession, community_id: str) -> dict[str, frozenset[str]]:
    """What each activity asks."""
    rows = db.execute(select(Activity.id, Activity.asks).where(Activity.community_id == community_id))
    return {row.id: frozenset(row.asks) for row in rows}


def _cannot(db: DbSession, community_id: str, residents: Collection[str]) -> dict[str, frozenset[str]]:
    """What each resident cannot."""
    rows = db.execute(
        select(Resident.id, Resident.cannot).where(Resident.community_id == community_id, Resident.id.in_(residents))
    )
    return {row.id: frozenset(row.cannot) for row in rows}


def _members(db: DbSession, community_id: str) -> dict[str, set[str]]:
    """Whom each closed activity is for, by the activity."""
    rows = db.execute(
        select(Activity.id, ActivityMember.resident_id)
        .outerjoin(
            ActivityMember,
            (ActivityMember.community_id == Activity.community_id) & (ActivityMember.activity_id == Activity.id),
        )
        .where(Activity.community_id == community_id, Activity.is_closed)
    )
    found: dict[str, set[str]] = {}
    for activity_id, resident_id in rows:
        found.setdefault(activity_id, set()).update(filter(None, [resident_id]))
    return found


def _dated(
    db: DbSession,
    community_id: str,
    table: type[Refusal] | type[Limit] | type[Wish],
    week_start: date,
    *more: ColumnElement[bool],
) -> dict[str, set[str]]:
    """The activities that rows of a table name for each resident on a day of the week."""
    rows = db.execute(
        select(table.resident_id, table.activity_id).where(
            table.community_id == community_id,
            is_valid_within(table, week_start, week_start + timedelta(days=DAYS - 1)),
            *more,
        )
    )
    found: dict[str, set[str]] = {}
    for resident_id, activity_id in rows:
        if activity_id is not None:
            found.setdefault(resident_id, set()).add(activity_id)
    return found
