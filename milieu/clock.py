"""The clock as a dependency: what time it is, and waiting that a jump of the wall clock cannot disturb."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

JUMP_SECONDS = 60.0


class Clock(Protocol):
    """What everything that waits or asks for the time is given. `now` is aware UTC."""

    def now(self) -> datetime: ...

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for an event for at most so long; whether it was set."""
        ...


class SystemClock:
    """The machine's own clock; waits on monotonic time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(seconds)


def local_day(moment: datetime, timezone: str) -> date:
    """The date on the wall at that moment in a zone (IANA name)."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def is_zone(name: str) -> bool:
    """Whether this machine knows a time zone."""
    try:
        datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False
    return True


def seconds_passed() -> float:
    """A clock that only ever goes forward, in seconds from an unknown start: for measuring, never for showing."""
    return time.monotonic()


@dataclass
class JumpWatch:
    """Notices when the wall clock and elapsed time drift apart: somebody set the clock, or the machine slept."""

    wall: datetime
    passed: float = field(default_factory=seconds_passed)

    def jump(self, wall: datetime, passed: float | None = None) -> float:
        """Seconds the wall clock went beyond what passed since the last call (negative: back); 0.0 within a minute."""
        now = seconds_passed() if passed is None else passed
        drift = (wall - self.wall).total_seconds() - (now - self.passed)
        self.wall, self.passed = wall, now
        return drift if abs(drift) > JUMP_SECONDS else 0.0
