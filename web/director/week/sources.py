"""Which of a week's two faces a page shows, the draft or what is published, and how it stands by the facts of now."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import request

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.queries.week.outcomes import NOTHING, Became, outcomes
from milieu.queries.week.weeks import Card, Draft, Published, draft_cards, find_draft, find_published, published_cards
from milieu.services.weeks.publishing import look_ahead, look_at_published
from web.guards.principal import principal

VIEWS = ("draft", "published")


@dataclass(frozen=True)
class Source:
    """A week and what there is of it; `view` is "draft", "published" or "" where there is neither."""

    week_start: date
    draft: Draft | None
    published: Published | None
    view: str
    cards: tuple[Card, ...]

    @property
    def last_day(self) -> date:
        """Its Sunday."""
        return self.week_start + timedelta(days=6)

    @property
    def plan(self) -> tuple[str, int] | None:
        """The id and version of the draft that is looked at; None where the published week is."""
        return (self.draft.id, self.draft.version) if self.view == "draft" and self.draft is not None else None


@dataclass(frozen=True)
class Stands:
    """How a draft or a published week stands by the facts of now; `because` says what stands against it.

    `differs` is in how many sessions a draft differs from what is published, 0 where it is no other week than that.
    `broken` are the refs of a draft's sessions that something stands against.
    """

    has_changed: bool
    because: tuple[str, ...]
    differs: int = 0
    is_same: bool = False
    broken: frozenset[str] = frozenset()


def find_source(db: DbSession, community_id: str, week_start: date, wanted: str | None = None) -> Source:
    """The face that the address asks for (`?view=`), where there is it; else the draft, else what is published."""
    draft = find_draft(db, community_id, week_start)
    published = find_published(db, community_id, week_start)
    there = [name for name, found in zip(VIEWS, (draft, published), strict=True) if found is not None]
    asked = wanted if wanted is not None else request.args.get("view", "")
    view = asked if asked in there else (there[0] if there else "")
    if view == "draft" and draft is not None:
        cards = draft_cards(db, community_id, draft.id)
    else:
        cards = published_cards(db, community_id, week_start) if published is not None else ()
    return Source(week_start, draft, published, view, cards)


def how_it_stands(db: DbSession, community_id: str, source: Source, now: datetime) -> Stands | None:
    """None where there is nothing, and where the week is over."""
    try:
        if source.view == "draft" and source.draft is not None:
            ahead = look_ahead(db, community_id, source.draft.id, now)
            differs = 0 if ahead.changes.is_first else len(ahead.changes.sessions)
            return Stands(ahead.has_changed, ahead.because, differs, ahead.is_same, ahead.broken)
        standing = look_at_published(db, community_id, source.week_start, now) if source.view else None
    except Conflict:  # it is over
        return None
    return None if standing is None else Stands(standing.has_changed, standing.because)


def became_of(db: DbSession, community_id: str, source: Source) -> dict[str, Became]:
    """What the staff said of a week's sessions, by ref; of a draft's only which cannot be held.

    What is called off stays off, whatever is published of it, until somebody on the floor says otherwise.
    """
    found = outcomes(db, community_id, source.cards)
    if source.view == "published":
        return found
    return {ref: replace(each, marks={}) for ref, each in found.items() if each.is_off}


def said_of(db: DbSession, source: Source, ref: str) -> Became:
    """What the staff said of one session of the signed-in account's community."""
    return became_of(db, principal().community_id, source).get(ref, NOTHING)
