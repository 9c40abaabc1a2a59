"""The history of what is known: who changed which row when, from what to what, the newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Account, Change


@dataclass(frozen=True)
class HistoryLine:
    """A line of the journal; `by` is "" for the clock and for what no account did. `before` and `after` by column."""

    id: str
    noun: str
    row_id: str
    verb: str
    at: datetime
    by: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def plain(value: Any) -> Any:
    """A value as the journal holds it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def history_of(db: DbSession, community_id: str, row_ids: Iterable[str], *, most: int = 200) -> tuple[HistoryLine, ...]:
    """What the journal says of some rows."""
    rows = db.execute(
        select(Change, Account.name)
        .outerjoin(Account, (Account.community_id == Change.community_id) & (Account.id == Change.account_id))
        .where(Change.community_id == community_id, Change.row_id.in_(list(row_ids)))
        .order_by(Change.at.desc(), Change.id.desc())
        .limit(most)
    )
    return tuple(
        HistoryLine(line.id, line.noun, line.row_id, line.verb, line.at, by or "", line.before or {}, line.after or {})
        for line, by in rows
    )
