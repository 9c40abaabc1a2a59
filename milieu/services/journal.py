"""The journal of changes: who changed which row when, and from what to what."""

from datetime import datetime
from typing import Any

from milieu.database import DbSession
from milieu.models import Change
from milieu.services.teller import Teller


def record(
    db: DbSession,
    community_id: str,
    *,
    verb: str,
    noun: str,
    row_id: str,
    by: str | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add a line to the journal, in the unit of work of the change itself. `by` is an account, None the clock.

    `before` and `after` hold only what changed, by column; what was made has no `before`, what was ended no `after`.
    """
    db.add(
        Change(
            community_id=community_id,
            at=now,
            account_id=by,
            verb=verb,
            noun=noun,
            row_id=row_id,
            before=before,
            after=after,
        )
    )
    db.flush()


def write_down(
    db: DbSession,
    teller: Teller,
    verb: str,
    noun: str,
    row_id: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add a line in the name of who tells it, at their moment; else as `record`."""
    record(
        db,
        teller.community_id,
        verb=verb,
        noun=noun,
        row_id=row_id,
        by=teller.by,
        now=teller.now,
        before=before,
        after=after,
    )
