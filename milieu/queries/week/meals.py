"""When the community eats: the times of a day at which half of those who live here or more have a meal."""

from collections import Counter
from datetime import date

from sqlalchemy import select

from milieu.calendar.spans import hours_of
from milieu.database import DbSession
from milieu.models import Resident, ResidentBusy
from milieu.queries.residents.stays import count_residents, lives_here

STEP = 15


def meals_of(db: DbSession, community_id: str, day: date) -> tuple[tuple[int, int], ...]:
    """From and until of each, in local minutes from midnight, to the quarter of an hour. Two queries."""
    here = lives_here(day, day)
    count = count_residents(db, community_id, day)
    rows = db.scalars(
        select(ResidentBusy)
        .join(
            Resident,
            (Resident.community_id == ResidentBusy.community_id) & (Resident.id == ResidentBusy.resident_id),
        )
        .where(ResidentBusy.community_id == community_id, ResidentBusy.kind == "meal", here)
    )
    eating = Counter[int]()
    for row in rows:
        quarters = {at for start, end in hours_of([row], [day])[0] for at in range(start - start % STEP, end, STEP)}
        eating.update(quarters)
    busy = sorted(at for at, number in eating.items() if 2 * number >= count)
    spans: list[tuple[int, int]] = []
    for at in busy:
        if spans and spans[-1][1] == at:
            spans[-1] = spans[-1][0], at + STEP
        else:
            spans.append((at, at + STEP))
    return tuple(spans)
