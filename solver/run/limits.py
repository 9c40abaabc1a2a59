"""How long and with what a solve may work, and what it says of itself meanwhile."""

from dataclasses import dataclass

GRACE = 1.0  # seconds
LATE = 0.05  # of the time


@dataclass(frozen=True)
class Limits:
    """`started` is the moment, by `time.monotonic()`, from which `seconds` of wall-clock time count."""

    seconds: float
    started: float
    workers: int = 1
    seed: int = 0
    relax: bool = False

    @property
    def deadline(self) -> float:
        return self.started + self.seconds

    @property
    def end(self) -> float:
        """When a solve that has found nothing yet ends: a little late, a second before whoever asked gives it up."""
        return self.deadline + GRACE + LATE * self.seconds


@dataclass(frozen=True)
class Progress:
    """The best schedule so far, which keeps every rule: its objective, and a proved bound where one is known.

    `seconds` count from the start of the solve's process. `objective` is None before there is a schedule.
    """

    seconds: float
    objective: int | None
    bound: int | None
