"""The ping that a monitor waits for: sent once a day when every community's morning was looked at, else never.

A monitor that hears nothing in time calls whoever looks after Milieu: it need not trust that what is broken can tell.
"""

import urllib.request
from datetime import date, datetime
from functools import partial
from http.client import HTTPException
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select

from milieu.clock import Clock, is_zone
from milieu.coordination import upkeep
from milieu.coordination.ledger import FINISHED, REPAIR, FenceLost
from milieu.database import DbSession, Engines, reading, retrying
from milieu.models import Community, LedgerEntry
from milieu.settings import Settings

_log = structlog.get_logger(__name__)
_SECONDS = 10
_NOT_DONE = {"parked", "missed"}


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: the address was checked, another was not."""

    def redirect_request(self, *_: object) -> None:
        return None


def look_after_ping(engines: Engines, settings: Settings, clock: Clock, fence: int) -> str:
    """Send the day's ping where it is due; the state of its row then, "" where it is not."""
    if not settings.ping_url:
        return ""
    now = clock.now()
    with reading(engines) as db:
        morning = _morning(db, now)
        if morning is None or not upkeep.is_open(db, upkeep.PING, morning[0], fence=fence, now=now):
            return ""
    day, done, count = morning
    if done < count:
        return ""
    if not retrying(engines, lambda db: upkeep.claim(db, upkeep.PING, day, fence=fence, now=now)):
        return ""
    said = f"{done} of {count} communities looked at for {day.isoformat()}"
    try:
        _send(settings.ping_url, said)
    except (OSError, HTTPException, ValueError) as error:
        message = f"The monitor could not be reached ({type(error).__name__})."
        again = partial(upkeep.put_off, kind=upkeep.PING, day=day, fence=fence, message=message, gives_up=False)
        state = retrying(engines, lambda db: again(db, now=clock.now()))
        _log.error("ping.failed", day=day.isoformat(), state=state, kind=type(error).__name__)
        return state
    end = partial(upkeep.finish, kind=upkeep.PING, day=day, state=upkeep.SENT, fence=fence, message=said)
    try:
        retrying(engines, lambda db: end(db, now=clock.now()))
    except FenceLost:
        _log.warning("ping.fence_lost")
        return ""
    _log.info("ping.sent", day=day.isoformat(), done=done, count=count)
    return upkeep.SENT


def _morning(db: DbSession, now: datetime) -> tuple[date, int, int] | None:
    """The newest local day on which every community's duty has come to its end, as far as the clock goes: the day, how
    many were done well and how many communities there are. None while one of them is still open, or there is nobody.
    """
    zones = dict(db.execute(select(Community.id, Community.timezone)).all())
    if not zones or not all(map(is_zone, zones.values())):
        return None
    day = min(now.astimezone(ZoneInfo(zone)).date() for zone in zones.values())
    states = dict(
        db.execute(
            select(LedgerEntry.community_id, LedgerEntry.state).where(
                LedgerEntry.local_day == day, LedgerEntry.kind == REPAIR
            )
        ).all()
    )
    ended = {id_: states.get(id_) for id_ in zones}
    if any(state not in FINISHED for state in ended.values()):
        return None
    return day, sum(state not in _NOT_DONE for state in ended.values()), len(zones)


def _send(url: str, said: str) -> None:
    opener = urllib.request.build_opener(_Stays)
    # The settings take https alone, and http for this machine.
    request = urllib.request.Request(  # noqa: S310
        url, data=said.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
    )
    with opener.open(request, timeout=_SECONDS) as answer:
        answer.read(1)
