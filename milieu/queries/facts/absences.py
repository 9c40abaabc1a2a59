"""When something was told of residents' absences, as the journal has it: a calendar counts each word of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from milieu.database import DbSession
from milieu.models import Change, ResidentBusy
from milieu.queries.facts.kinds import BED, BUSY, HOSPITAL
from milieu.queries.published.absent import ABSENT_KINDS

_FACTS, _ROW = (BED, BUSY, HOSPITAL), ResidentBusy.__tablename__
"""What the journal calls an absence that somebody told, and one that a list brought or a person's page changed."""
_Span = tuple[date, date]


@dataclass(frozen=True)
class Told:
    """A word on somebody's absence, and the days that it may be of: without an end, to the end of all days."""

    at: datetime
    first: date
    last: date


def told_at(
    db: DbSession, community_id: str, resident_ids: Collection[str], since: datetime
) -> Mapping[str, Sequence[Told]]:
    """By resident, what was told, brought by a list, corrected or taken back of their absences since a moment, by time.

    Four queries.
    """
    of_community = select(Change).where(Change.community_id == community_id)
    facts = db.scalars(of_community.where(Change.at >= since, Change.noun.in_(_FACTS))).all()
    known = of_community.where(Change.noun.in_(_FACTS), Change.row_id.in_({line.row_id for line in facts}))
    spans: dict[tuple[str, str], list[_Span]] = defaultdict(list)  # by resident and row
    for line in db.scalars(known):
        _note(spans, line, _of_fact(line), resident_ids)
    busy = select(ResidentBusy).where(ResidentBusy.community_id == community_id)
    rows = {row.id: row for row in db.scalars(busy.where(ResidentBusy.resident_id.in_(resident_ids)))}
    theirs = or_(
        Change.row_id.in_(rows),
        Change.before["resident_id"].as_string().in_(resident_ids),
        Change.after["resident_id"].as_string().in_(resident_ids),
    )
    lists = db.scalars(of_community.where(Change.at >= since, Change.noun == _ROW, theirs)).all()
    for line in lists:
        _note(spans, line, _of_row(line, rows.get(line.row_id)), resident_ids)
    found: dict[str, list[Told]] = defaultdict(list)
    for (resident_id, row_id), days in spans.items():
        first, last = min(first for first, _ in days), max(last for _, last in days)
        found[resident_id] += [Told(line.at, first, last) for line in (*facts, *lists) if line.row_id == row_id]
    return {resident_id: sorted(words, key=lambda word: word.at) for resident_id, words in found.items()}


def _note(
    spans: dict[tuple[str, str], list[_Span]],
    line: Change,
    said: Iterator[tuple[str, _Span]],
    resident_ids: Collection[str],
) -> None:
    for resident_id, span in said:
        if resident_id in resident_ids:
            spans[resident_id, line.row_id].append(span)


def _of_fact(line: Change) -> Iterator[tuple[str, _Span]]:
    """Whose absence a fact is, and from when to when."""
    said = line.after or {}
    if said.get("resident_id") and said.get("first"):
        yield said["resident_id"], _span(said["first"], said.get("last"))


def _of_row(line: Change, row: ResidentBusy | None) -> Iterator[tuple[str, _Span]]:
    """The same of a row as it is, as it was before a line of the journal, and after it."""
    held: dict[str, Any] = {column.key: getattr(row, column.key) for column in row.__table__.columns} if row else {}
    told = [{**held, **(said or {})} for said in ({}, line.before, line.after)]
    if {*ABSENT_KINDS} & {values.get("kind") for values in told}:
        for values in told:
            if values.get("resident_id"):
                first, last = (values.get("on_date") or values.get(name) for name in ("valid_from", "valid_until"))
                yield values["resident_id"], _span(first, last)


def _span(first: date | str | None, last: date | str | None) -> _Span:
    return _day(first) or date.min, _day(last) or date.max


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
