"""What has changed for a resident since a moment, as her family may hear it.

What she was invited to at that moment, as published then, is held against what the letter shows now. So every kind of
publication counts, a director's like the clock's, and what the floor says: that something is off, or on after all.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from milieu.causes import STAFF, Cause, for_family
from milieu.database import DbSession
from milieu.models import Invitation, Publication, PublishedDay, PublishedSession, ResidentRead, SessionHeld
from milieu.models.weeks.publications import WITHDRAWN
from milieu.queries.published.days import invitations_of, published_days
from milieu.queries.published.kept import kept_changes, why_gone
from milieu.queries.published.marks import Held, held_of

LETTERS = ("family.home", "family.one")
"""The pages of the record of reads on which a relative sees a resident's letter."""

OFF, ON_AGAIN, CANCELLED, DROPPED, MOVED, SWAPPED, RELOCATED, NEW = KINDS = (
    "off",  # it cannot be held
    "on again",  # it was off, and is held after all
    "cancelled",  # it is not in the week any more
    "dropped",  # it is, but they are not invited to it any more
    "moved",  # to another time
    "swapped",  # they are invited to another one of the same instead
    "relocated",  # to another space
    "new",  # they are invited to something more
)


@dataclass(frozen=True)
class When:
    """A time and a space, as a letter names them."""

    on_date: date
    start_minute: int
    space: str


@dataclass(frozen=True)
class FamilyChange:
    """One thing that changed. `kind` is one of `KINDS`; `was` is None for what is new, `now` for what is gone.

    `cause`: what of the reason a family may be told.
    """

    kind: str
    title: str
    is_visit: bool
    was: When | None
    now: When | None
    cause: Cause | None = None


@dataclass(frozen=True)
class Since:
    """What changed since a moment, by time. `weeks_out`: Mondays of the weeks that were not published then."""

    at: datetime
    changes: tuple[FamilyChange, ...]
    weeks_out: tuple[date, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.weeks_out)


@dataclass(frozen=True)
class _Known:
    """A place in a session, as it was published or is. `because` is what stood against one that is off."""

    ref: str
    activity_id: str
    title: str
    is_visit: bool
    when: When
    is_off: bool
    because: tuple[Cause, ...] = ()


_Pair: TypeAlias = tuple[str, _Known | None, _Known | None]


def last_look(
    db: DbSession, community_id: str, account_id: str, resident_id: str, today: date, timezone: str
) -> datetime | None:
    """When an account last read a resident's letter on an earlier day; else its first look today; None: never before.

    It is the same all day long: a reload, a second tab or the way back never makes news vanish.
    """
    midnight = datetime.combine(today, time(), tzinfo=ZoneInfo(timezone))
    looks = select(ResidentRead.at).where(
        ResidentRead.community_id == community_id,
        ResidentRead.account_id == account_id,
        ResidentRead.resident_id == resident_id,
        ResidentRead.page.in_(LETTERS),
    )
    earlier = looks.where(ResidentRead.at < midnight).order_by(ResidentRead.at.desc())
    first_today = looks.where(ResidentRead.at >= midnight).order_by(ResidentRead.at)
    return db.scalars(earlier.limit(1)).first() or db.scalars(first_today.limit(1)).first()


def week_began(db: DbSession, community_id: str, monday: date, timezone: str) -> datetime | None:
    """From when on a week's changes count: its first moment, or when it was first published. None: it is not."""
    first = db.scalar(
        select(func.min(Publication.published_at)).where(
            Publication.community_id == community_id, Publication.week_start == monday
        )
    )
    midnight = datetime.combine(monday, time(), tzinfo=ZoneInfo(timezone))
    return None if first is None else max(first, midnight)


def changes_since(
    db: DbSession,
    community_id: str,
    resident_id: str,
    at: datetime,
    days: Sequence[date],
    is_shared: Callable[[date], bool],
) -> Since:
    """What changed since a moment on the given days, today and later; never what reaches into a day not shared."""
    told = published_days(db, community_id, days)
    bases = {monday: _held_at(db, community_id, monday, at) for monday in sorted({_monday(day) for day in told})}
    weeks = [monday for monday, base in bases.items() if base is not None]
    open_days = [day for monday in weeks for day in _week(monday) if days and day >= min(days)]
    now = _now(db, community_id, resident_id, open_days)
    before = {
        ref: known
        for ref, known in _before(db, community_id, resident_id, [bases[monday] for monday in weeks], at).items()
        if known.when.on_date in open_days or ref in now  # what is over is not gone
    }
    pairs = [
        (kind, was, be)
        for kind, was, be in _paired(_joined(_changed(before, now, _live(db, community_id, before))))
        if {each.when.on_date for each in (was, be) if each is not None} & told
        and all(is_shared(each.when.on_date) for each in (was, be) if each is not None)
    ]
    kept = why_gone(kept_changes(db, community_id, weeks, at)) if pairs else {}
    changes = [_told(pair, kept) for pair in pairs]
    weeks_out = tuple(monday for monday, base in bases.items() if base is None)
    return Since(at, tuple(sorted(changes, key=order)), weeks_out)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(monday: date) -> list[date]:
    return [monday + timedelta(days=ahead) for ahead in range(7)]


def _held_at(db: DbSession, community_id: str, monday: date, at: datetime) -> str | None:
    """The publication of a week that held at a moment, None where there was none or the week was withdrawn."""
    newest = db.execute(
        select(Publication.id, Publication.kind)
        .where(
            Publication.community_id == community_id, Publication.week_start == monday, Publication.published_at <= at
        )
        .order_by(Publication.number.desc())
        .limit(1)
    ).first()
    return None if newest is None or newest.kind == WITHDRAWN else newest.id


def _before(
    db: DbSession, community_id: str, resident_id: str, publications: Sequence[str | None], at: datetime
) -> dict[str, _Known]:
    """What a resident was invited to in these publications, by ref, and what of it was off by then."""
    rows = db.scalars(
        select(PublishedSession)
        .join(
            Invitation,
            (Invitation.community_id == PublishedSession.community_id)
            & (Invitation.published_session_id == PublishedSession.id),
        )
        .where(
            PublishedSession.community_id == community_id,
            PublishedSession.publication_id.in_(publications),
            Invitation.resident_id == resident_id,
        )
    ).all()
    said = db.execute(
        select(SessionHeld.session_ref, SessionHeld.was_held)
        .where(
            SessionHeld.community_id == community_id,
            SessionHeld.session_ref.in_({row.ref for row in rows}),
            SessionHeld.marked_at <= at,
        )
        .order_by(SessionHeld.number)
    )
    held = {row.session_ref: row.was_held for row in said}
    return {
        row.ref: _Known(
            row.ref,
            row.activity_id,
            row.title,
            row.is_visit,
            When(row.on_date, row.start_minute, row.space_name),
            held.get(row.ref) is False,
        )
        for row in rows
    }


def _now(db: DbSession, community_id: str, resident_id: str, days: Sequence[date]) -> dict[str, _Known]:
    """What they are invited to on these days as things are, by ref."""
    invited = invitations_of(db, community_id, [resident_id], days).get(resident_id, ())
    held = held_of(db, community_id, refs={slot.ref for slot, _ in invited})
    return {
        slot.ref: _Known(
            slot.ref,
            slot.activity_id,
            slot.title,
            slot.is_visit,
            When(slot.on_date, slot.start_minute, slot.space),
            _is_off(held.get(slot.ref)),
            held[slot.ref].because if slot.ref in held else (),
        )
        for slot, _ in invited
    }


def _is_off(held: Held | None) -> bool:
    return held is not None and held.was_held is False


def _live(db: DbSession, community_id: str, refs: Collection[str]) -> frozenset[str]:
    """Those of the sessions that are still published, for whomever."""
    found = (
        select(PublishedSession.ref)
        .join(
            PublishedDay,
            (PublishedDay.community_id == PublishedSession.community_id)
            & (PublishedDay.publication_id == PublishedSession.publication_id)
            & (PublishedDay.on_date == PublishedSession.on_date),
        )
        .where(PublishedSession.community_id == community_id, PublishedSession.ref.in_(refs))
    )
    return frozenset(db.scalars(found))


def _changed(before: dict[str, _Known], now: dict[str, _Known], live: Collection[str]) -> Iterator[_Pair]:
    for ref in sorted(before.keys() | now.keys()):
        was, be = before.get(ref), now.get(ref)
        if was is None or be is None:
            if be is not None:
                yield (OFF if be.is_off else NEW), None, be
            elif was is not None and not was.is_off:
                yield (DROPPED if ref in live else CANCELLED), was, None
        elif be.is_off:
            if not was.is_off:
                yield OFF, was, be
        elif (kind := _kind_of_move(was, be)) is not None:
            yield kind, was, be
        elif was.is_off:
            yield ON_AGAIN, was, be


def _kind_of_move(was: _Known, now: _Known) -> str | None:
    if (was.when.on_date, was.when.start_minute) != (now.when.on_date, now.when.start_minute):
        return MOVED
    return RELOCATED if was.when.space != now.when.space and not now.is_visit else None


def _joined(changed: Iterable[_Pair]) -> Iterable[_Pair]:
    """A session that came to where another of its activity went from leaves whoever goes to both there as they were:
    what changed for them is that they go from where the first was to where the second is.
    """
    pairs = list(changed)
    while found := next(((came, left) for came in pairs for left in pairs if _is_followed(came, left)), None):
        pairs = [each for each in pairs if each not in found]
        was, be = found[0][1], found[1][2]
        if was is None or be is None:
            pairs += [(NEW, None, be)] if be is not None else [(CANCELLED, was, None)] if was is not None else []
        elif (kind := _kind_of_move(was, be)) is not None:
            pairs.append((kind, was, be))
    return pairs


def _is_followed(came: _Pair, left: _Pair) -> bool:
    """Whether the one came to the very place that the other left."""
    kinds = came[0] in (NEW, MOVED, RELOCATED) and left[0] in (CANCELLED, MOVED, RELOCATED)
    be, was = came[2], left[1]
    return kinds and be is not None and was is not None and _is_of_one_activity(was, be) and was.when == be.when


def _paired(changed: Iterable[_Pair]) -> Iterator[_Pair]:
    """What is gone and what is new of one activity is one change: a week planned anew gives its sessions new names.

    The likest are one: where they still go at the old time, something else is new; so too where what is gone is of the
    day to which another one of the same has moved. Where the one that they were asked to instead is off, that is all.
    """
    changed, gone, new = list(changed), [], []
    missing = {_day(was) for kind, was, _ in changed if kind in (CANCELLED, DROPPED) and was is not None}
    for kind, was, be in changed:
        if kind in (CANCELLED, DROPPED) and was is not None:
            gone.append((kind, was))
        elif kind == NEW and be is not None:
            new.append(be)
        elif kind == MOVED and was is not None and be is not None and _day(be) in missing:
            gone.append((DROPPED, was))
            new.append(be)
        else:
            yield kind, was, be
    for is_alike in (_is_at_one_time, _is_on_one_day, _is_of_one_activity):
        for kind, was in sorted(gone, key=lambda pair: _time(pair[1])):
            be = next((each for each in sorted(new, key=_time) if is_alike(was, each)), None)
            if be is None:
                continue
            gone.remove((kind, was))
            new.remove(be)
            if (moved := _kind_of_move(was, be)) is not None:
                yield (SWAPPED if kind == DROPPED and moved == MOVED else moved), was, be
    off = {_day(be) for kind, was, be in changed if kind == OFF and was is None and be is not None}
    yield from ((kind, was, None) for kind, was in gone if _day(was) not in off)
    yield from ((NEW, None, be) for be in new)


def _day(known: _Known) -> tuple[str, date]:
    return known.activity_id, known.when.on_date


def _time(known: _Known) -> tuple[date, int]:
    return known.when.on_date, known.when.start_minute


def _is_of_one_activity(was: _Known, now: _Known) -> bool:
    return was.activity_id == now.activity_id


def _is_on_one_day(was: _Known, now: _Known) -> bool:
    return _is_of_one_activity(was, now) and was.when.on_date == now.when.on_date


def _is_at_one_time(was: _Known, now: _Known) -> bool:
    return _is_of_one_activity(was, now) and _time(was) == _time(now)


def _cause(pair: _Pair, kept: Mapping[date, Mapping[str, Sequence[Cause]]]) -> Cause | None:
    """What a family may be told of why, as it was kept: with the mark of what is off, else with the publication."""
    kind, was, now = pair
    if kind == OFF and now is not None:
        return for_family(now.because, now.when.space)
    if kind in (CANCELLED, MOVED, RELOCATED) and was is not None:
        return for_family(kept.get(_monday(was.when.on_date), {}).get(was.ref, ()), was.when.space)
    return None


def _told(pair: _Pair, kept: Mapping[date, Mapping[str, Sequence[Cause]]]) -> FamilyChange:
    (kind, was, now), told = pair, _cause(pair, kept)
    if kind == RELOCATED and told is not None and told.kind == STAFF:
        told = None
    named = now or was
    assert named is not None
    old, new = was.when if was is not None else None, now.when if now is not None else None
    return FamilyChange(kind, named.title, named.is_visit, old, new, told)


def order(change: FamilyChange) -> tuple[date, int, str, str]:
    """By time, as a letter tells changes."""
    when = change.now or change.was
    assert when is not None
    return when.on_date, when.start_minute, change.title, change.kind
