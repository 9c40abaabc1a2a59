"""Lists that wait for a yes, and what imports of lists did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Account, ListUpload


@dataclass(frozen=True)
class ListLine:
    """An upload: `state` is waiting, done or undone; `counts` by table what came of it."""

    id: str
    at: datetime
    expires_at: datetime
    by: str
    state: str
    names: tuple[str, ...]
    counts: dict[str, dict[str, int]]
    undone_at: datetime | None

    def total(self, kind: str) -> int:
        """How many rows were new, changed, back or ended in all tables."""
        return sum(each.get(kind, 0) for each in self.counts.values())


@dataclass(frozen=True)
class WaitingLists:
    """Lists that wait: their cells, packed, and as they were kept what each is taken for and what that would do."""

    line: ListLine
    version: int
    sheets: bytes
    plans: tuple[dict[str, Any], ...]
    preview: dict[str, Any]


def list_lines(db: DbSession, community_id: str, *, now: datetime) -> list[ListLine]:
    """All uploads that have not expired, the latest first."""
    rows = db.execute(
        select(ListUpload, Account.name)
        .join(Account, (Account.community_id == ListUpload.community_id) & (Account.id == ListUpload.account_id))
        .where(ListUpload.community_id == community_id, ListUpload.expires_at > now)
        .order_by(ListUpload.at.desc(), ListUpload.id.desc())
    )
    return [_line(row, name) for row, name in rows]


def waiting_lists(db: DbSession, community_id: str, upload_id: str, *, now: datetime) -> WaitingLists:
    """Lists that wait for a yes. Raises NotFound."""
    row = db.get(ListUpload, (community_id, upload_id))
    if row is None or row.state != "waiting" or row.expires_at <= now:
        raise NotFound("These lists do not wait here any more.")
    name = db.scalar(select(Account.name).where(Account.community_id == community_id, Account.id == row.account_id))
    plans = tuple((row.plans or {}).get("sheets", ()))
    return WaitingLists(_line(row, name or ""), row.version, row.sheets or b"", plans, row.preview or {"problems": []})


def _line(row: ListUpload, name: str) -> ListLine:
    return ListLine(
        row.id, row.at, row.expires_at, name, row.state, tuple(row.names), dict(row.counts or {}), row.undone_at
    )
