"""What publications keep of their changes: which session, what kind of change, and which facts asked for it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from milieu.causes import Cause, read_causes
from milieu.database import DbSession
from milieu.models import Publication, PublishedChange

MOVING = frozenset({"cancelled", "moved", "relocated"})
"""The kinds of change after which a session is no longer where and when it was."""


@dataclass(frozen=True)
class KeptChange:
    """What a publication keeps of a change: which session, what kind of change, and why."""

    week_start: date
    ref: str
    kind: str
    causes: tuple[Cause, ...]


def kept_changes(
    db: DbSession, community_id: str, weeks: Collection[date], since: datetime, names: Mapping[str, str] | None = None
) -> tuple[KeptChange, ...]:
    """What publications since a moment have changed about weeks, in their order; nothing of those that keep nothing."""
    rows = db.execute(
        select(Publication.week_start, PublishedChange.session_ref, PublishedChange.kind, PublishedChange.because)
        .join(
            Publication,
            (Publication.community_id == PublishedChange.community_id)
            & (Publication.id == PublishedChange.publication_id),
        )
        .where(
            PublishedChange.community_id == community_id,
            Publication.week_start.in_(weeks),
            Publication.published_at > since,
        )
        .order_by(Publication.number, PublishedChange.session_ref)
    )
    return tuple(KeptChange(*row[:3], read_causes(row.because, names or {})) for row in rows)


def why_gone(changes: Iterable[KeptChange]) -> dict[date, dict[str, tuple[Cause, ...]]]:
    """By Monday and ref, why sessions left the place that they first had; a week that keeps nothing is not in it.

    Only the first such change speaks of that place: what is behind a second one stood against the place between.
    """
    found: dict[date, dict[str, tuple[Cause, ...]]] = {}
    for each in changes:
        week = found.setdefault(each.week_start, {})
        if each.kind in MOVING:
            week.setdefault(each.ref, each.causes)
    return found
