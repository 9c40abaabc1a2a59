"""The key of what is made on a page: made from its name, so that nobody has to think of one."""

import unicodedata
from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.imports.tables.cells import KEY_LENGTH, fold

_ROOM = 5  # for the number that tells two of one name apart


def free_key(db: DbSession, community_id: str, model: Any, name: str) -> str:
    """A key like the name that no row of the community's table has, whatever its capitals, also none that ended."""
    taken = set(map(fold, db.scalars(select(model.key).where(model.community_id == community_id))))
    return key_like(name, taken)


def key_like(name: str, taken: Collection[str]) -> str:
    """ "Morning Stretch!" as morning-stretch; with a number where that is taken, in small letters."""
    kept = (sign if _may_stand(sign) else " " for sign in unicodedata.normalize("NFC", name).casefold())
    stem = "-".join("".join(kept).split())[: KEY_LENGTH - _ROOM].strip("-") or "new"
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)


def _may_stand(sign: str) -> bool:
    return sign.isalnum() or bool(unicodedata.combining(sign))
