"""A whole week written down as the community's next publication: numbered, never changed again, in one transaction.

Who calls opens the transaction; when it fails at any point, nothing of it stays.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from milieu.calendar.weeks import to_utc
from milieu.causes import as_json as as_kept
from milieu.clock import local_day
from milieu.coordination import lease
from milieu.coordination.ledger import FenceLost
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.ids import new_id
from milieu.models import (
    Account,
    Community,
    Consent,
    FactRevision,
    Invitation,
    OutboxMessage,
    Publication,
    PublishedChange,
    PublishedDay,
    PublishedLeader,
    PublishedSession,
)
from milieu.models.validity import is_valid_within
from milieu.models.weeks.publications import ISSUED_AS
from milieu.reasons import as_json
from milieu.services.journal import record
from milieu.services.weeks.behind import by_person, with_what_followed
from milieu.services.weeks.changes import Changes, compare
from milieu.services.weeks.objections import hold
from milieu.services.weeks.sessions import Tables, add_sessions
from milieu.solving.answer.checking import is_open, is_same_week
from milieu.solving.contents import SessionContent
from milieu.solving.problem.document import ProblemSource, WeekFacts

WEEK, REPAIR, WITHDRAWN = ISSUED_AS
CALENDAR = "calendar"


@dataclass(frozen=True)
class Edition:
    """A checked week, ready to be published. `source` is the problem that it was checked against, as this transaction
    would read it; `changes` is what it changes against what that has published (None: yet to be worked out).

    `kind` is of `milieu.models.weeks.publications`; `label` says in words how it came about where it is no schedule of
    the solver's, `reason` what whoever publishes wrote of it.
    """

    kind: str
    source: ProblemSource
    contents: tuple[SessionContent, ...]
    objective: int | None
    bound: int | None
    terms: dict[str, int]
    plan_id: str | None = None
    run_id: str | None = None
    by: str | None = None
    label: str = ""
    reason: str = ""
    changes: Changes | None = None


def lock_community(db: DbSession, community_id: str) -> str:
    """Let nobody else publish or plan for the community until this transaction ends; its time zone. Raises NotFound.

    Marks, looks at residents and all else that is written meanwhile go on: `key_share` lets rows come that refer to it.
    """
    held = select(Community.timezone).where(Community.id == community_id).with_for_update(key_share=True)
    timezone = db.scalar(held)
    if timezone is None:
        raise NotFound("There is no such community.")
    return timezone


def lock_facts(db: DbSession, community_id: str) -> None:
    """The same, and let nobody else change its facts either: for who writes facts after much reading and reckoning.

    Each fact that is written renews the community's token (`FactRevision`). PostgreSQL would refuse a unit that comes
    to its first fact after somebody else wrote one, each time anew where it is slower than others are frequent.
    """
    lock_community(db, community_id)
    db.execute(select(FactRevision.token).where(FactRevision.community_id == community_id).with_for_update())


def hold_fence(db: DbSession, fence: int | None) -> None:
    """See that the lease is still held under this fence and stays so until the transaction ends. Raises FenceLost."""
    if fence is not None and not lease.hold(db, fence):
        raise FenceLost("Another scheduler has taken over; nothing was published twice.")


def issue(db: DbSession, edition: Edition, *, now: datetime, fence: int | None = None) -> str:
    """Publish; the id of the publication, which is the current one where nothing about it would differ.

    Raises FenceLost where the caller is no longer the scheduler that it was.
    """
    source = edition.source
    hold_fence(db, fence)
    before = source.past.published
    if before is not None and is_same_week(before.sessions, edition.contents):
        return before.publication.id
    digest = digest_of(edition.contents)
    previous_id = None if before is None else before.publication.id
    input_hash = _hash([source.week.start.isoformat(), previous_id, source.facts_digest, digest])
    if (same := _same_inputs(db, source, input_hash)) is not None:
        return same
    changes = edition.changes or changes_made(db, source, edition.contents)
    publication = _publication(db, edition, digest, input_hash, changes, now=now, fence=fence or 0)
    _add_sessions(db, publication, edition.contents)
    _add_changes(db, publication, changes)
    _move_pointers(db, source, publication, edition.contents, fence)
    _notify(db, source, publication, changes, now)
    record(
        db,
        publication.community_id,
        verb="published",
        noun="publication",
        row_id=publication.id,
        by=edition.by,
        now=now,
        after={"number": publication.number, "kind": edition.kind, "week": source.week.start.isoformat()},
    )
    return publication.id


def digest_of(contents: Iterable[SessionContent]) -> str:
    """The SHA-256 over a publication's sessions, leaders and invitations: what must never differ from its rows."""
    return _hash(
        [
            [
                each.ref,
                each.activity_id,
                each.space_id,
                each.title,
                each.space_name,
                each.on_date.isoformat(),
                each.start_minute,
                each.end_minute,
                sorted(each.facilitators),
                sorted(each.residents),
            ]
            for each in sorted(contents, key=lambda each: each.ref)
        ]
    )


def changes_of(week: WeekFacts, contents: Iterable[SessionContent]) -> Changes:
    """What a week would change against the current publication, for those who live here and what has not begun."""
    rows, last = week.rows, week.rows.week.last
    here = {resident_id for resident_id in rows.residents if rows.stays[resident_id].stays_in(rows.rest_from, last)}
    before = None if week.past.published is None else week.past.published.sessions
    return compare(before, contents, here=here, is_open=lambda each: is_open(week, each))


def changes_made(db: DbSession, source: ProblemSource, contents: Iterable[SessionContent]) -> Changes:
    """The same, each change with the facts behind it."""
    return explained(db, source, changes_of(source.facts, contents))


def _publication(
    db: DbSession, edition: Edition, digest: str, input_hash: str, changes: Changes, *, now: datetime, fence: int
) -> Publication:
    source = edition.source
    community_id, before = source.rows.community.id, source.past.published
    last = db.scalar(select(func.max(Publication.number)).where(Publication.community_id == community_id)) or 0
    publication = Publication(
        community_id=community_id,
        id=new_id(),
        number=last + 1,
        kind=edition.kind,
        week_start=source.week.start,
        as_of=now,
        published_at=now,
        published_by=edition.by,
        timezone=source.week.timezone,
        previous_id=None if before is None else before.publication.id,
        plan_id=edition.plan_id,
        run_id=edition.run_id,
        facts_digest=source.facts_digest,
        input_hash=input_hash,
        digest=digest,
        fence=fence,
        objective=edition.objective,
        bound=edition.bound,
        terms=edition.terms,
        changes={
            **changes.counts,
            "told_otherwise": changes.told_otherwise,
            "label": edition.label,
            "causes": by_person(changes),
        },
        reason=edition.reason,
        programme=_programme(source, edition.contents, last + 1),
    )
    db.add(publication)
    db.flush()
    return publication


def _same_inputs(db: DbSession, source: ProblemSource, input_hash: str) -> str | None:
    return db.scalar(
        select(Publication.id).where(
            Publication.community_id == source.rows.community.id,
            Publication.week_start == source.week.start,
            Publication.input_hash == input_hash,
        )
    )


def _programme(source: ProblemSource, contents: Sequence[SessionContent], number: int) -> str:
    """The public programme: no names, no visits, no closed groups."""
    is_closed = {row.id: row.is_closed for row in source.rows.activities.values()}
    sessions = [
        {
            "date": each.on_date.isoformat(),
            "start_minute": each.start_minute,
            "end_minute": each.end_minute,
            "title": each.title,
            "space": each.space_name,
            "domains": list(each.domains),
        }
        for each in contents
        if not each.is_visit and not is_closed[each.activity_id]
    ]
    week = {"week_start": source.week.start.isoformat(), "timezone": source.week.timezone, "number": number}
    return json.dumps({**week, "sessions": sessions}, ensure_ascii=False, sort_keys=True)


def _add_sessions(db: DbSession, publication: Publication, contents: Sequence[SessionContent]) -> None:
    community_id, zone = publication.community_id, publication.timezone
    add_sessions(
        db,
        contents,
        Tables(PublishedSession, PublishedLeader, Invitation),
        session=lambda each, row_id: {
            "community_id": community_id,
            "id": row_id,
            "publication_id": publication.id,
            "ref": each.ref,
            "activity_id": each.activity_id,
            "space_id": each.space_id,
            "title": each.title,
            "space_name": each.space_name,
            "domains": list(each.domains),
            "on_date": each.on_date,
            "start_minute": each.start_minute,
            "end_minute": each.end_minute,
            "starts_at": to_utc(each.on_date, each.start_minute, zone),
            "ends_at": to_utc(each.on_date, each.end_minute, zone),
            "seats": each.seats,
            "is_visit": each.is_visit,
        },
        leader=lambda row_id, facilitator_id: {
            "community_id": community_id,
            "published_session_id": row_id,
            "facilitator_id": facilitator_id,
        },
        place=lambda row_id, place: {
            "community_id": community_id,
            "published_session_id": row_id,
            "resident_id": place.resident_id,
            "reason": as_json(place.reasons),
        },
    )


def explained(db: DbSession, source: ProblemSource, changes: Changes) -> Changes:
    """What changes, with the facts that stand by now against how it was published, and what followed from them.

    Nothing is behind a week that comes back after it was withdrawn but that.
    """
    before = source.past.published
    if before is None or before.publication.kind == WITHDRAWN or not changes.sessions:
        return changes
    held = hold(db, source, before.sessions, is_published=True)
    told_before = frozenset(resident for each in before.sessions for resident in each.residents)
    return with_what_followed(changes.explained(held.of_sessions()), told_before)


def _add_changes(db: DbSession, publication: Publication, changes: Changes) -> None:
    """What changes about each session and why; nothing where nothing was published before."""
    if changes.is_first:
        return
    db.add_all(
        PublishedChange(
            community_id=publication.community_id,
            publication_id=publication.id,
            session_ref=each.ref,
            kind=each.kind,
            because=as_kept(each.because),
        )
        for each in changes.sessions
    )
    db.flush()


def _move_pointers(
    db: DbSession,
    source: ProblemSource,
    publication: Publication,
    contents: Iterable[SessionContent],
    fence: int | None,
) -> None:
    """Every day of the week points here, but past days that already point somewhere: they stay as they were.

    Where the week is taken back, days to come on which nothing has begun point nowhere: nothing is published for them.
    """
    community_id, days = source.rows.community.id, source.week.days
    pointers = {
        row.on_date: row
        for row in db.scalars(
            select(PublishedDay).where(
                PublishedDay.community_id == community_id, PublishedDay.on_date.between(days[0], days[-1])
            )
        )
    }
    is_withdrawn, kept = publication.kind == WITHDRAWN, {each.on_date for each in contents}
    for day in days:
        pointer = pointers.get(day)
        if is_withdrawn and day not in kept:
            if pointer is not None and day >= source.rows.rest_from:
                db.delete(pointer)
        elif pointer is None:
            db.add(
                PublishedDay(community_id=community_id, on_date=day, publication_id=publication.id, fence=fence or 0)
            )
        elif day >= source.rows.rest_from:
            pointer.publication_id = publication.id
            pointer.fence = max(pointer.fence, fence or 0)
    db.flush()


def _notify(db: DbSession, source: ProblemSource, publication: Publication, changes: Changes, now: datetime) -> None:
    """A notice for each account of a relative who may know this calendar, where something of it changed."""
    community_id, today = publication.community_id, local_day(now, source.week.timezone)
    rows = db.execute(
        select(Account.id, Consent.resident_id)
        .join(Consent, (Consent.community_id == Account.community_id) & (Consent.relative_id == Account.relative_id))
        .where(
            Account.community_id == community_id,
            Account.active.is_(True),
            Consent.kind == CALENDAR,
            is_valid_within(Consent, today, today),
        )
    )
    concerned = sorted({account for account, resident in rows if resident in changes.residents})
    kind = "week" if changes.is_first else "change"
    db.add_all(
        OutboxMessage(
            community_id=community_id, publication_id=publication.id, account_id=account, kind=kind, created_at=now
        )
        for account in concerned
    )
    db.flush()


def _hash(tree: Any) -> str:
    return hashlib.sha256(json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
