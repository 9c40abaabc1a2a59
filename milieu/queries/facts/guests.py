"""Guests who are to come: what somebody told of them, and nobody has taken back or called off since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Change
from milieu.queries.facts.kinds import CANCELLED, GUEST, TAKEN_BACK, TOLD
from milieu.queries.names import names_of


@dataclass(frozen=True)
class GuestToCome:
    """`id` is the row that fixed it; `start_minute` counts from midnight, `end_minute` too."""

    id: str
    facilitator_id: str
    name: str
    activity_id: str
    activity: str
    space_id: str
    day: date
    start_minute: int
    end_minute: int


def guests_to_come(db: DbSession, community_id: str, today: date) -> tuple[GuestToCome, ...]:
    """From today on, the soonest first."""
    lines = db.scalars(
        select(Change).where(
            Change.community_id == community_id,
            Change.noun.in_((GUEST, CANCELLED)),
            Change.verb.in_((TOLD, TAKEN_BACK)),
        )
    ).all()
    back = {(line.noun, line.row_id) for line in lines if line.verb == TAKEN_BACK}
    told = [line for line in lines if line.verb == TOLD and (line.noun, line.row_id) not in back]
    off = {(line.after or {}).get("guest_id") for line in told if line.noun == CANCELLED}
    names = names_of(db, community_id)
    coming = [_guest(line.row_id, line.after or {}, names) for line in told if line.noun == GUEST and _is_guest(line)]
    found = [each for each in coming if each.id not in off and each.day >= today]
    return tuple(sorted(found, key=lambda each: (each.day, each.start_minute, each.name, each.id)))


def _is_guest(line: Change) -> bool:
    return bool((line.after or {}).get("guest"))


def _guest(row_id: str, about: Mapping[str, Any], names: Mapping[str, str]) -> GuestToCome:
    return GuestToCome(
        id=row_id,
        facilitator_id=about["facilitator_id"],
        name=names.get(about["facilitator_id"], ""),
        activity_id=about["activity_id"],
        activity=names.get(about["activity_id"], ""),
        space_id=about["space_id"],
        day=date.fromisoformat(about["first"]),
        start_minute=about["start_minute"],
        end_minute=about["end_minute"],
    )
