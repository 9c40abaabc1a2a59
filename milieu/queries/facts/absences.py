"""When something was told of a resident's absences, as the journal has it: a calendar counts each word of it."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Change
from milieu.queries.facts.kinds import BED, BUSY, HOSPITAL


def told_at(
    db: DbSession, community_id: str, resident_id: str, since: datetime
) -> tuple[tuple[datetime, date, date], ...]:
    """When something was told, corrected or taken back of a resident's absences since a moment, and of which days.

    By time; days without an end last to the end of all days. Two queries.
    """
    lines = select(Change).where(Change.community_id == community_id, Change.noun.in_((BED, BUSY, HOSPITAL)))
    rows = db.scalars(lines.where(Change.at >= since).order_by(Change.at, Change.id)).all()
    of_whom = db.scalars(lines.where(Change.row_id.in_({row.row_id for row in rows}))).all()
    theirs: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for row in of_whom:
        said = row.after or {}
        if said.get("resident_id") == resident_id and said.get("first"):
            last = date.fromisoformat(said["last"]) if said.get("last") else date.max
            theirs[row.row_id].append((date.fromisoformat(said["first"]), last))
    return tuple(
        (row.at, min(first for first, _ in spans), max(last for _, last in spans))
        for row in rows
        if (spans := theirs.get(row.row_id))
    )
