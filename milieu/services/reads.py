"""Who looked at whom: a row for each resident that a page showed to an account."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from milieu.database import DbSession
from milieu.ids import new_id
from milieu.models import Resident, ResidentRead


@dataclass(frozen=True)
class View:
    """A page that showed residents to an account at a moment."""

    at: datetime
    community_id: str
    account_id: str
    page: str
    resident_ids: tuple[str, ...]

    def as_line(self) -> bytes:
        """The view as one line of a file; `view_of` reads it again."""
        fields = [self.at.isoformat(), self.community_id, self.account_id, self.page, *self.resident_ids]
        return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def view_of(line: bytes) -> View:
    """The view that a line holds. Raises ValueError for what is none."""
    at, community_id, account_id, page, *resident_ids = json.loads(line)
    return View(datetime.fromisoformat(at), community_id, account_id, page, tuple(resident_ids))


def make_view(community_id: str, account_id: str, resident_ids: Collection[str], page: str, *, now: datetime) -> View:
    """What is to be kept of a page; the order in which it shows people says nothing."""
    return View(now, community_id, account_id, page, tuple(sorted(set(resident_ids))))


def record_views(db: DbSession, views: Sequence[View], *, is_late: bool = False) -> int:
    """Keep what pages showed, in one insert; how many reads of residents that makes.

    `is_late`: some have waited, so that a resident may have been erased since; theirs cannot be kept any more.
    """
    there = _still_there(db, views) if is_late else None
    rows = [
        {
            "id": new_id(),
            "community_id": view.community_id,
            "at": view.at,
            "account_id": view.account_id,
            "resident_id": resident_id,
            "page": view.page,
        }
        for view in views
        for resident_id in view.resident_ids
        if there is None or (view.community_id, resident_id) in there
    ]
    if rows:
        db.execute(insert(ResidentRead), rows)
    return len(rows)


def seen_since(db: DbSession, account_id: str, page: str, since: datetime) -> set[str]:
    """The ids of the residents whom a page has shown to an account since a moment."""
    return set(
        db.scalars(
            select(ResidentRead.resident_id).where(
                ResidentRead.at >= since, ResidentRead.account_id == account_id, ResidentRead.page == page
            )
        )
    )


def _still_there(db: DbSession, views: Sequence[View]) -> set[tuple[str, str]]:
    communities = {view.community_id for view in views}
    found = db.execute(select(Resident.community_id, Resident.id).where(Resident.community_id.in_(communities)))
    return {(community_id, resident_id) for community_id, resident_id in found}
