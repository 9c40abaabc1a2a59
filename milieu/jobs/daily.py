"""The day's duty of each community: its publication checked against the facts at publishing time, and repaired.

One community's trouble stays its own: it is tried again later and later, then parked, while the others go on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import select

from milieu.clock import Clock
from milieu.coordination import ledger
from milieu.coordination.due import Duty, days_due, due_at
from milieu.database import DbSession, Engines, reading, retrying, was_taken
from milieu.errors import MilieuError
from milieu.jobs.turns import expected_of, shared_out
from milieu.machine.faults import trace_of
from milieu.models import Community, CommunitySettings
from milieu.services.facts.living import move_in_due
from milieu.services.lists.expiry import forget_old
from milieu.services.republishing import Outcome
from milieu.settings import Settings
from milieu.solving.process.child import Interrupted

_log = structlog.get_logger(__name__)
_TROUBLE = "Something went wrong on our side while the week was checked."


Repair: TypeAlias = Callable[[Engines, Duty, Settings, Clock], Outcome]
"""`repair_day`, with the solver that it asks. Where it publishes, it ends the ledger's row in the same unit."""


def find_duties(engines: Engines, now: datetime, *, fence: int, places: int = 1) -> list[Duty]:
    """What is due now and not done, the longest due first, each with the time that there is where so many `places` are
    at work at once; then what is to be done again. Days that are over are noted as missed.
    """
    due: list[Duty] = []
    missed: list[Duty] = []
    with reading(engines) as db:
        timetable = _timetable(db)
        today = {place.community_id: place.today(now) for place in timetable}
        settled = ledger.last_settled_days(db, today)
        yesterday = min(today.values(), default=now.date()) - timedelta(days=1)
        taken = ledger.taken_days(db, yesterday, fence=fence, now=now)
        for place in timetable:
            days = days_due(now, place.publish_minute, place.zone, since=settled.get(place.community_id))
            missed += [place.duty(day, fence) for day in days.past]
            due += [place.duty(day, fence) for day in days.current if (place.community_id, day) not in taken]
        due.sort(key=lambda duty: (duty.due_at, duty.community_id))
        due = shared_out(due, expected_of(db, due, now), places=places, now=now)
        due += _owed_again(db, timetable, fence, now)
    if missed:
        retrying(engines, lambda db: _note_missed(db, missed, now))
    return due


def do_duty(duty: Duty, *, engines: Engines, settings: Settings, clock: Clock, repair: Repair) -> str:
    """Claim a duty and do it; the ledger's state afterwards, "" where another has it.

    Where the database is so busy that not even that can be written, it raises, and `put_off` is to be tried again.
    """
    if not retrying(engines, lambda db: _claim(db, duty, clock.now())):
        return ""
    log = _log.bind(community=duty.community_id, day=duty.local_day.isoformat(), fence=duty.fence)
    try:
        retrying(engines, lambda db: move_in_due(db, duty.community_id, duty.local_day))
        result = repair(engines, duty, settings, clock)
        state = retrying(engines, lambda db: _settle(db, duty, result, clock.now()))
    except Interrupted:
        retrying(engines, lambda db: _give_back(db, duty))
        return ""
    except ledger.FenceLost:
        log.warning("duty.fence_lost")
        return ""
    except Exception as error:  # the outermost loop of one community's duty: the others must go on
        message = error.sentence if isinstance(error, MilieuError) else _TROUBLE
        state = put_off(engines, duty, message, clock, is_busy=was_taken(error))
        log.error("duty.failed", state=state, **trace_of(error))
        return state
    log.info("duty.done", state=state)
    return state


def put_off(engines: Engines, duty: Duty, message: str, clock: Clock, *, is_busy: bool) -> str:
    """Note in the ledger that a duty failed, and when it is tried again; its row's state. As `ledger.put_off`."""

    def note(db: DbSession) -> str:
        return ledger.put_off(
            db,
            duty.community_id,
            duty.local_day,
            fence=duty.fence,
            now=clock.now(),
            message=message,
            kind=duty.kind,
            is_busy=is_busy,
        )

    return retrying(engines, note)


@dataclass(frozen=True)
class _Place:
    """A community's place in the clock's timetable."""

    community_id: str
    publish_minute: int
    zone: ZoneInfo

    def duty(self, day: date, fence: int) -> Duty:
        return Duty(self.community_id, day, due_at(day, self.publish_minute, self.zone), fence)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()


def _timetable(db: DbSession) -> list[_Place]:
    rows = db.execute(
        select(Community.id, CommunitySettings.publish_minute, Community.timezone)
        .join(CommunitySettings, CommunitySettings.community_id == Community.id)
        .order_by(Community.id)
    )
    places = []
    for community_id, publish_minute, zone_name in rows:
        try:
            places.append(_Place(community_id, publish_minute, ZoneInfo(zone_name)))
        except (ZoneInfoNotFoundError, ValueError):  # the others' mornings do not hang on it; `doctor` tells
            _log.error("zone.unknown", community=community_id)
    return places


def _note_missed(db: DbSession, missed: Sequence[Duty], now: datetime) -> None:
    for duty in missed:
        ledger.miss(db, duty.community_id, duty.local_day, due_at=duty.due_at, fence=duty.fence, now=now)
        _log.info("duty.missed", community=duty.community_id, day=duty.local_day.isoformat())


def _claim(db: DbSession, duty: Duty, now: datetime) -> bool:
    return ledger.claim(
        db, duty.community_id, duty.local_day, due_at=duty.due_at, fence=duty.fence, now=now, kind=duty.kind
    )


def _give_back(db: DbSession, duty: Duty) -> None:
    ledger.give_back(db, duty.community_id, duty.local_day, fence=duty.fence, kind=duty.kind)


def _owed_again(db: DbSession, timetable: Sequence[_Place], fence: int, now: datetime) -> list[Duty]:
    """What today's checks left for when there is room."""
    days = {place.community_id: place.today(now) for place in timetable}
    places = {place.community_id: place for place in timetable}
    return [
        replace(places[community_id].duty(day, fence), kind=ledger.AGAIN)
        for community_id, day in ledger.owed(db, days, kind=ledger.AGAIN, fence=fence, now=now)
    ]


def _settle(db: DbSession, duty: Duty, result: Outcome, now: datetime) -> str:
    """End the row where the repair has not done so itself (it does where it publishes, in the same unit)."""
    if result.is_short and duty.kind == ledger.REPAIR:
        ledger.owe(db, duty.community_id, duty.local_day, due_at=duty.due_at, kind=ledger.AGAIN)
    if not ledger.was_finished(db, duty.community_id, duty.local_day, fence=duty.fence, kind=duty.kind):
        ledger.finish(
            db,
            duty.community_id,
            duty.local_day,
            state=result.state,
            fence=duty.fence,
            now=now,
            publication_id=result.publication_id,
            message=result.message,
            kind=duty.kind,
        )
    forget_old(db, duty.community_id, now=now)
    return result.state
