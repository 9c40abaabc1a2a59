"""A demo community from its lists to a Wednesday on which much has changed, without a search: planned by hand.

The lists are imported, the problems made, the reasons given and the weeks published by the product itself; only who
meets when comes from the plain director of `bench`, whose work does not depend on the machine.
"""

import os
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bench.asked.greedy import plan
from milieu.database import DbSession, Engines, unit_of_work
from milieu.demo.history import make_up_history
from milieu.imports.folder import import_folder
from milieu.models import (
    Absence,
    Community,
    Invitation,
    PublishedDay,
    PublishedLeader,
    PublishedSession,
    Resident,
    ResidentBusy,
    Roster,
    Space,
    SpaceClosure,
)
from milieu.queries.published.absent import ABSENT_KINDS
from milieu.services.attendance import mark, mark_held
from milieu.services.weeks.editions import WEEK, Edition, issue
from milieu.solving.answer.answers import contents_of
from milieu.solving.contents import SessionContent, read_published
from milieu.solving.problem.document import make_problem

FIXTURES = Path(__file__).parents[2] / "fixtures"
LAST_MONDAY, MONDAY, NEXT_MONDAY = date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7)
WEDNESDAY = date(2026, 12, 2)
EARLIER = datetime(2026, 11, 1, tzinfo=UTC)
SEED = int(os.environ.get("MILIEU_TEST_SEED") or ("CI" not in os.environ and secrets.randbelow(10**6)))
"""Of the ids, by which ties are broken, so that another story is told with each: the same one at every run that decides
about a change, a new one every time on a developer's machine.
"""


@dataclass(frozen=True)
class Moments:
    """The moments of the story, by the clock on the wall of a community."""

    timezone: str

    def at(self, day: date, clock: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)

    def published(self, monday: date) -> datetime:
        return self.at(monday - timedelta(days=3), "15:40")

    @property
    def looked(self) -> datetime:
        return self.at(WEDNESDAY - timedelta(days=1), "18:20")

    @property
    def republished(self) -> datetime:
        return self.at(WEDNESDAY, "07:00")

    @property
    def now(self) -> datetime:
        return self.at(WEDNESDAY, "12:10")


@contextmanager
def drawn_ids(seed: int = SEED) -> Iterator[None]:
    """Whatever gets an id while this holds gets the same with the same seed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("milieu.ids.secrets", SimpleNamespace(token_bytes=random.Random(seed).randbytes))
        yield


def import_and_publish(engines: Engines, name: str) -> tuple[str, Moments]:
    """Last week and this one, each published on the Friday before; who came until Tuesday. The community's id."""
    with unit_of_work(engines) as db:
        community_id = import_folder(db, FIXTURES / name, now=EARLIER).community_id
        moments = Moments(db.get_one(Community, community_id).timezone)
        for monday in (LAST_MONDAY, MONDAY):
            publish_by_hand(db, community_id, monday, moments.published(monday))
        make_up_history(db, community_id, since=LAST_MONDAY, until=WEDNESDAY, by=None)
    return community_id, moments


def publish_by_hand(db: DbSession, community_id: str, monday: date, now: datetime) -> None:
    """Plan a week in one pass and publish it."""
    source = make_problem(db, community_id, monday, now, repair=False)
    contents = contents_of(source, plan(source.document), f"by hand {monday}")
    issue(db, Edition(kind=WEEK, source=source, contents=contents, objective=0, bound=None, terms={}), now=now)


def change_much(engines: Engines, community_id: str, moments: Moments) -> None:
    """On Wednesday morning a director publishes the week anew; by noon some of the day is off, some was come to."""
    with unit_of_work(engines) as db:
        published = read_published(db, community_id, MONDAY)
        assert published is not None
        spaces = list(db.scalars(select(Space).where(Space.community_id == community_id).order_by(Space.key)))
        source = make_problem(db, community_id, MONDAY, moments.republished, repair=False)
        contents = [new for old in published.sessions for new in _changed(db, community_id, old, spaces)]
        contents.sort(key=lambda each: (each.on_date, each.start_minute, each.ref))
        edition = Edition(kind=WEEK, source=source, contents=tuple(contents), objective=0, bound=None, terms={})
        issue(db, edition, now=moments.republished)
        publish_by_hand(db, community_id, NEXT_MONDAY, moments.republished)
        _mark_today(db, community_id, moments.now)
        _tell_absences(db, community_id)
        for session in _published_on(db, community_id, MONDAY)[::3]:
            mark_held(db, community_id, session.ref, False, "the van broke down", by=None, now=moments.looked)


def _changed(db: DbSession, community_id: str, old: SessionContent, spaces: list[Space]) -> Iterator[SessionContent]:
    """A session as it is after the change: one in eight is treated in each of the ways."""
    is_open = old.on_date > WEDNESDAY or (old.on_date == WEDNESDAY and old.start_minute >= 9 * 60)
    way = sum(old.ref.encode()) % 8 if is_open else 7
    days = {"community_id": community_id, "first_date": old.on_date, "last_date": old.on_date}
    hours = {"start_minute": old.start_minute, "end_minute": old.end_minute}
    if way == 0:  # taken out, for somebody is away
        db.add(Absence(facilitator_id=old.facilitators[0], reason="flu", **days))
        return
    if way == 1:  # another space, for its own is closed
        other = next(space for space in spaces if space.id != old.space_id)
        db.add(SpaceClosure(space_id=old.space_id, reason="repainted", **days, **hours))
        yield replace(old, space_id=other.id, space_name=other.name)
    elif way == 2 and old.on_date < MONDAY + timedelta(days=6):  # a day later, for it rains
        db.add(SpaceClosure(space_id=old.space_id, kind="weather", **days, **hours))
        yield replace(old, on_date=old.on_date + timedelta(days=1))
    elif way == 3:  # without half of those invited
        yield replace(old, places=old.places[::2])
    elif way == 4:  # an hour later, under another name
        yield _later(old, f"{old.ref}-new", 60)
    elif way == 5:  # half of them are asked to a second one instead
        yield replace(old, places=old.places[::2])
        later = _later(old, f"{old.ref}-2", 90)
        yield replace(later, places=later.places[1::2])
    else:
        yield old


def _later(old: SessionContent, ref: str, minutes: int) -> SessionContent:
    """A session so many minutes later, of which nobody is told any more that its time is their favourite."""
    places = tuple(
        replace(each, reasons=tuple(why for why in each.reasons if why.code != "time")) for each in old.places
    )
    start, end = old.start_minute + minutes, old.end_minute + minutes
    return replace(old, ref=ref, start_minute=start, end_minute=end, places=places)


def _mark_today(db: DbSession, community_id: str, now: datetime) -> None:
    """One in four of today's sessions is off, the first because who leads it goes off duty; of the others that are
    over, all but the first have come.
    """
    today = _published_on(db, community_id, WEDNESDAY)
    for number, session in enumerate(today):
        if number % 4 == 0:
            mark_held(db, community_id, session.ref, False, "the pianist is ill", by=None, now=now)
            if number == 0:
                _end_duty(db, session)
        elif session.ends_at <= now:
            invited = db.scalars(
                select(Invitation.resident_id)
                .where(Invitation.community_id == community_id, Invitation.published_session_id == session.id)
                .order_by(Invitation.resident_id)
            ).all()
            for resident_id in invited[1:]:
                key = f"{session.ref} {resident_id}"[:64]
                mark(db, community_id, session.ref, resident_id, "attended", key=key, by=None, now=now)


def _tell_absences(db: DbSession, community_id: str) -> None:
    """One in four is away or in bed from one o'clock on Wednesday, which nobody knew when the week was published."""
    residents = db.scalars(select(Resident).where(Resident.community_id == community_id).order_by(Resident.key)).all()
    for number, resident in enumerate(residents[::4]):
        kind = ABSENT_KINDS[number % len(ABSENT_KINDS)]
        row = ResidentBusy(resident_id=resident.id, kind=kind, start_minute=13 * 60, end_minute=18 * 60)
        row.community_id, row.valid_from, row.valid_until = community_id, WEDNESDAY, WEDNESDAY
        db.add(row)


def _published_on(db: DbSession, community_id: str, day: date) -> list[PublishedSession]:
    """The sessions that hold on a day, by time."""
    query = (
        select(PublishedSession)
        .join(
            PublishedDay,
            (PublishedDay.community_id == PublishedSession.community_id)
            & (PublishedDay.publication_id == PublishedSession.publication_id)
            & (PublishedDay.on_date == PublishedSession.on_date),
        )
        .where(PublishedSession.community_id == community_id, PublishedSession.on_date == day)
        .order_by(PublishedSession.start_minute, PublishedSession.ref)
    )
    return list(db.scalars(query))


def _end_duty(db: DbSession, session: PublishedSession) -> None:
    """Whoever leads a session is on duty no more from its day on."""
    leaders = select(PublishedLeader.facilitator_id).where(
        PublishedLeader.community_id == session.community_id, PublishedLeader.published_session_id == session.id
    )
    yesterday = session.on_date - timedelta(days=1)
    for duty in db.scalars(
        select(Roster).where(Roster.community_id == session.community_id, Roster.facilitator_id.in_(leaders))
    ):
        duty.valid_until = yesterday
