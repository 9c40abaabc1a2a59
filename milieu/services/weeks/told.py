"""What the newest publication of a week changed, as it keeps it: by session, with the facts that asked for it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from milieu.causes import read_causes
from milieu.database import DbSession
from milieu.models import Publication, PublishedChange
from milieu.queries.names import names_of
from milieu.services.weeks.changes import Changes, compare
from milieu.services.weeks.editions import REPAIR
from milieu.solving.contents import read_publication, read_published


@dataclass(frozen=True)
class LastChanges:
    """`is_repair`: it mended the one before; else a person published it. `is_kept`: why is known of what has a why."""

    published_at: datetime
    is_repair: bool
    is_kept: bool
    changes: Changes


def last_changes(db: DbSession, community_id: str, week_start: date) -> LastChanges | None:
    """What changed with the newest publication of a week; None where it is the first, or there is none."""
    newest = read_published(db, community_id, week_start)
    if newest is None or newest.publication.previous_id is None:
        return None
    before = db.get_one(Publication, {"community_id": community_id, "id": newest.publication.previous_id})
    old = read_publication(db, before).sessions
    kept = {
        row.session_ref: read_causes(row.because, {})
        for row in db.scalars(
            select(PublishedChange).where(
                PublishedChange.community_id == community_id, PublishedChange.publication_id == newest.publication.id
            )
        )
    }
    here = {resident for each in (*old, *newest.sessions) for resident in each.residents}
    found = compare(old, newest.sessions, here=here, is_open=lambda _session: True)
    if kept:  # a session that had begun is not told of, though who came may differ
        found = replace(found, sessions=tuple(each for each in found.sessions if each.ref in kept))
    changes = found.explained(kept).named(names_of(db, community_id))
    publication = newest.publication
    return LastChanges(publication.published_at, publication.kind == REPAIR, bool(kept), changes)
