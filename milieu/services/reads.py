"""Who looked at whom: a row for each resident that a page showed to an account."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert

from milieu.database import DbSession
from milieu.ids import new_id
from milieu.models import ResidentRead


def record_reads(
    db: DbSession, community_id: str, account_id: str, resident_ids: Collection[str], page: str, *, now: datetime
) -> None:
    """Keep that a page showed these residents to an account; one insert, however many they are."""
    if not resident_ids:
        return
    db.execute(
        insert(ResidentRead),
        [
            {"id": new_id(), "community_id": community_id, "at": now, "account_id": account_id,
             "resident_id": resident_id, "page": page}
            for resident_id in sorted(set(resident_ids))
        ],
    )  # fmt: skip
