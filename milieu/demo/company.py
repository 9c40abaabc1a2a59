"""Who has found each other in a made-up week: two of one living group who are asked to the same small groups.

So that what is suggested from who was together has something to be tried on. Nobody noted a tie of them; they are made
up like everything that becomes of the demo's invitations.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import combinations

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.models import Invitation, Publication, PublishedSession, Resident, Tie
from milieu.queries.ties.bonds import Pair
from milieu.queries.ties.likely import LEAST_TIMES
from milieu.queries.ties.together import SMALL


def found_each_other(db: DbSession, community_id: str, day: date) -> Mapping[str, str]:
    """Each of those who have found somebody in the week of a day, with the other; nobody has more than one.

    By the week's first edition, which stays as it is whatever is published later. Ids; three queries.
    """
    groups = _small_groups(db, community_id, day - timedelta(days=day.weekday()))
    living = select(Resident.id, Resident.key, Resident.living_group_id).where(Resident.community_id == community_id)
    home = {row.id: (row.key, row.living_group_id) for row in db.execute(living)}
    ties = select(Tie.resident_id, Tie.other_id).where(Tie.community_id == community_id)
    tied = {frozenset(pair) for pair in db.execute(ties)}
    times: Counter[Pair] = Counter()
    for asked in groups:
        times.update(frozenset(pair) for pair in combinations(sorted(asked), 2))
    found: dict[str, str] = {}
    for pair in sorted(times, key=lambda pair: (-times[pair], sorted(home[who][0] for who in pair))):
        one, other = sorted(pair)
        is_new = pair not in tied and home[one][1] == home[other][1] and not pair & found.keys()
        if times[pair] >= LEAST_TIMES and is_new:
            found |= {one: other, other: one}
    return found


def _small_groups(db: DbSession, community_id: str, monday: date) -> list[set[str]]:
    """Who was asked to each small group of a week's first edition."""
    first = select(func.min(Publication.number)).where(
        Publication.community_id == community_id, Publication.week_start == monday
    )
    rows = db.execute(
        select(Invitation.published_session_id, Invitation.resident_id)
        .join(
            PublishedSession,
            (PublishedSession.community_id == Invitation.community_id)
            & (PublishedSession.id == Invitation.published_session_id),
        )
        .join(
            Publication,
            (Publication.community_id == PublishedSession.community_id)
            & (Publication.id == PublishedSession.publication_id),
        )
        .where(
            Publication.community_id == community_id,
            Publication.number == first.scalar_subquery(),
            PublishedSession.is_visit.is_(False),
        )
    )
    asked: dict[str, set[str]] = defaultdict(set)
    for session_id, resident_id in rows:
        asked[session_id].add(resident_id)
    return [people for people in asked.values() if 1 < len(people) <= SMALL]
