"""A week's publications one after the other: when, by whom, what they changed, and which facts asked for it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from milieu.causes import Cause, read_causes
from milieu.database import DbSession
from milieu.models import Account, Publication, PublishedChange, PublishedSession


@dataclass(frozen=True)
class Issue:
    """One publication of a week. `by` is a name, "" where the clock published.

    `told` are how many were told otherwise than before, None where that was not counted; `sessions` how many sessions
    it has, `changed` how many of them, or of those before, it changed. `causes` are the facts that it keeps as asking
    for it, each once, in the order in which the sessions begin. `reason` is what whoever published wrote of it.
    """

    id: str
    number: int
    kind: str
    published_at: datetime
    by: str
    is_first: bool
    previous_id: str | None
    told: int | None
    sessions: int
    changed: int
    causes: tuple[Cause, ...]
    reason: str

    @property
    def reasons(self) -> tuple[str, ...]:
        """The facts in sentences, each once."""
        return tuple(dict.fromkeys(each.said for each in self.causes if each.said))

    @property
    def about(self) -> frozenset[str]:
        """The ids of the residents whom the facts are about: their names stand in the sentences."""
        return frozenset(resident for each in self.causes for resident in each.people)


def issues_of(db: DbSession, community_id: str, week_start: date) -> tuple[Issue, ...]:
    """All publications of a week, the newest first. Three queries."""
    rows = db.execute(
        select(
            Publication.id,
            Publication.number,
            Publication.kind,
            Publication.published_at,
            Publication.previous_id,
            Publication.changes,
            Publication.reason,
            Account.name,
        )
        .outerjoin(
            Account, (Account.community_id == Publication.community_id) & (Account.id == Publication.published_by)
        )
        .where(Publication.community_id == community_id, Publication.week_start == week_start)
        .order_by(Publication.number.desc())
    ).all()
    ids = [row.id for row in rows]
    sessions = _counts(db, community_id, ids)
    causes: defaultdict[str, list[tuple[Cause, ...]]] = defaultdict(list)
    begins = (
        select(PublishedSession.ref, func.min(PublishedSession.starts_at).label("at"))
        .where(PublishedSession.community_id == community_id, PublishedSession.publication_id.in_(ids))
        .group_by(PublishedSession.ref)
        .subquery()
    )
    for publication_id, because in db.execute(
        select(PublishedChange.publication_id, PublishedChange.because)
        .outerjoin(begins, begins.c.ref == PublishedChange.session_ref)
        .where(PublishedChange.community_id == community_id, PublishedChange.publication_id.in_(ids))
        .order_by(begins.c.at, PublishedChange.session_ref)
    ):
        causes[publication_id].append(read_causes(because, {}))
    return tuple(
        Issue(
            row.id,
            row.number,
            row.kind,
            row.published_at,
            row.name or "",
            row.previous_id is None,
            row.previous_id,
            (row.changes or {}).get("told_otherwise"),
            sessions.get(row.id, 0),
            len(causes[row.id]),
            tuple(dict.fromkeys(cause for each in causes[row.id] for cause in each)),
            row.reason,
        )
        for row in rows
    )


def _counts(db: DbSession, community_id: str, ids: list[str]) -> dict[str, int]:
    rows = db.execute(
        select(PublishedSession.publication_id, func.count().label("sessions"))
        .where(PublishedSession.community_id == community_id, PublishedSession.publication_id.in_(ids))
        .group_by(PublishedSession.publication_id)
    )
    return {row.publication_id: row.sessions for row in rows}
