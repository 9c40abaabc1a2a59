"""What files say of stays beside what is there already: two stays of one person never overlap."""

from collections.abc import Iterator
from itertools import groupby, pairwise

from sqlalchemy import select

from milieu.database import DbSession
from milieu.imports.tables.cells import quoted
from milieu.models import Resident, Stay


def overlapping_stays(db: DbSession, community_id: str) -> Iterator[str]:
    """A sentence for each two stays of a resident of which one begins before the other has ended."""
    rows = db.execute(
        select(Resident.key, Stay.arrived_on, Stay.left_on)
        .join(Stay, (Stay.resident_id == Resident.id) & (Stay.community_id == Resident.community_id))
        .where(Resident.community_id == community_id)
        .order_by(Resident.key, Stay.arrived_on)
    )
    for key, stays in groupby(rows, key=lambda row: row.key):
        for one, other in pairwise(stays):
            if one.left_on is None or other.arrived_on < one.left_on:
                until = f"until {one.left_on}" if one.left_on else "to this day"
                yield (
                    f"{quoted(key)} lives here from {one.arrived_on} {until}, and again from {other.arrived_on}; "
                    "write into stays.csv how the earlier stay ended"
                )
