"""Which of a week's two faces a page shows: the draft or what is published."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request

from milieu.database import DbSession
from milieu.queries.weeks import Card, Draft, Published, draft_cards, find_draft, find_published, published_cards

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
