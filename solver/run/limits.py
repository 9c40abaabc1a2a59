"""How long and with what a solve may work, and what it says of itself meanwhile."""

from dataclasses import dataclass


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


@dataclass(frozen=True)
class Progress:
    """The best schedule so far, which keeps every rule: its objective, and a proved bound where one is known.

    `seconds` count from the start of the solve's process. `objective` is None before there is a schedule.
    """

    seconds: float
    objective: int | None
    bound: int | None
