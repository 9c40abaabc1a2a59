"""A resident is in hospital, or stays in bed: times that often end on a day which nobody knows yet."""

from datetime import date, timedelta

from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.models import ResidentBusy
from milieu.models.people import IN_BED, IN_HOSPITAL
from milieu.queries.facts.kinds import BED, HOSPITAL
from milieu.services.facts.noting import add_fact, find_resident
from milieu.services.facts.stretch import PARTS, stretch_of
from milieu.services.teller import Teller


def tell_hospital(db: DbSession, teller: Teller, resident_id: str, first: date | None, back: date | None) -> str:
    """A resident is in hospital up to the day before they are `back`, None while nobody knows; the id of the fact.

    Raises Invalid.
    """
    if first is not None and back is not None and back <= first:
        raise Invalid("They come back after the day on which they go.", at="back")
    last = back - timedelta(days=1) if back is not None else None
    return _tell(db, teller, HOSPITAL, IN_HOSPITAL, resident_id, first, last, "")


def tell_in_bed(
    db: DbSession, teller: Teller, resident_id: str, first: date | None, last: date | None, part: str
) -> str:
    """A resident stays in bed: no groups, and whoever visits comes to the bedside; the id of the fact.

    `part` is of `stretch.PARTS`, of each day. `last` None: until it is told that they are up. Raises Invalid.
    """
    return _tell(db, teller, BED, IN_BED, resident_id, first, last, part)


def _tell(
    db: DbSession,
    teller: Teller,
    noun: str,
    kind: str,
    resident_id: str,
    first: date | None,
    last: date | None,
    part: str,
) -> str:
    since = teller.correction.first if teller.correction else None
    stretch = stretch_of(first, last, "", today=teller.today(db), since=since)
    if part not in PARTS:
        raise Invalid("Please choose a part of the day.", at="part")
    start, end = PARTS[part]
    find_resident(db, teller, resident_id, stretch.last)
    row = ResidentBusy(
        community_id=teller.community_id,
        resident_id=resident_id,
        kind=kind,
        valid_from=stretch.first,
        valid_until=last,
        start_minute=start,
        end_minute=end,
    )
    about = {
        "resident_id": resident_id,
        "first": stretch.first.isoformat(),
        "last": last and last.isoformat(),
        "start_minute": start,
        "end_minute": end,
    }
    return add_fact(db, teller, noun, row, about)
