"""What is not known yet of those who have just moved in: asked for over their first two weeks, never guessed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.models import Resident, Wish
from milieu.models.validity import is_not_over
from milieu.queries.residents.people import full_name
from milieu.queries.residents.stays import stays_of

ASKED_FOR = 14  # days: the time in which an assessment is made
ENOUGH = 3
"""So many activities known to be liked are enough to plan with."""
ASKING, WISHES, BIRTHDAY, RHYTHM = "asking", "wishes", "who", "rhythm"
"""What may be unknown, by the part in which it is edited."""


@dataclass(frozen=True)
class Unknown:
    """A newcomer on `day` 1 to 14 of their stay, and what is `missing`; `liked` is how many likes are known."""

    resident_id: str
    name: str
    day: int
    missing: tuple[str, ...]
    liked: int


def unknown_of_newcomers(db: DbSession, community_id: str, today: date) -> tuple[Unknown, ...]:
    """Those who came in the last two weeks and of whom something is missing, who came first before. Three queries."""
    came = {
        who: day
        for who, stays in stays_of(db, community_id).items()
        if (day := stays.newly_come(today)) is not None and (today - day).days < ASKED_FOR and stays.is_here(today)
    }
    if not came:
        return ()
    liked = _liked(db, community_id, came, today)
    rows = db.execute(
        select(
            Resident.id,
            Resident.given_name,
            Resident.family_name,
            Resident.called,
            Resident.invite_how,
            Resident.born_on,
            Resident.times,
            Resident.sessions_max,
        ).where(Resident.community_id == community_id, Resident.id.in_(came))
    )
    found = []
    for row in rows:
        is_missing = {
            ASKING: not row.invite_how,
            WISHES: liked.get(row.id, 0) < ENOUGH and row.sessions_max != 0,
            BIRTHDAY: row.born_on is None,
            RHYTHM: not row.times,
        }
        name = full_name(row.given_name, row.family_name, row.called)
        missing = tuple(part for part, is_so in is_missing.items() if is_so)
        found.append(Unknown(row.id, name, (today - came[row.id]).days + 1, missing, liked.get(row.id, 0)))
    return tuple(sorted((each for each in found if each.missing), key=lambda each: (-each.day, each.name)))


def unknown_of(db: DbSession, community_id: str, resident_id: str, today: date) -> Unknown | None:
    """What is missing of one newcomer; None where they are not so new, or nothing is."""
    found = unknown_of_newcomers(db, community_id, today)
    return next((each for each in found if each.resident_id == resident_id), None)


def _liked(db: DbSession, community_id: str, of: Collection[str], today: date) -> dict[str, int]:
    rows = db.execute(
        select(Wish.resident_id, func.count(Wish.activity_id.distinct()).label("liked"))
        .where(
            Wish.community_id == community_id,
            Wish.resident_id.in_(of),
            Wish.strength > 0,
            is_not_over(Wish, today),
        )
        .group_by(Wish.resident_id)
    )
    return {row.resident_id: row.liked for row in rows}
