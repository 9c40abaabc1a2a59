"""What a cluster has: asked by whoever looks after an installation, never by a solve."""

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from distributed import Client

from milieu.solving.cluster.asking import CORES
from milieu.solving.cluster.program import program


@dataclass(frozen=True)
class Seen:
    """How many workers a cluster has by the solver that they have, and the cores of those that have ours."""

    workers: dict[str, int]
    cores: int

    @property
    def fit(self) -> int:
        """How many workers have the solver that this machine has."""
        return self.workers.get(program(), 0)

    @property
    def others(self) -> int:
        """How many have another, and do nothing for us."""
        return sum(self.workers.values()) - self.fit


_seen: dict[str, tuple[float, Seen | None]] = {}
FRESH = 30.0  # seconds for which pages tell what was seen before


def look_now_and_then(address: str) -> Seen | None:
    """What `look` sees, asked anew when half a minute is over: pages must not wait for a cluster that is silent."""
    at, seen = _seen.get(address, (-FRESH, None))
    if time.monotonic() - at > FRESH:
        seen = look(address, seconds=1.0)
        _seen[address] = time.monotonic(), seen
    return seen


def look(address: str, *, seconds: float = 3.0) -> Seen | None:
    """The cluster at an address; None where nobody answers within so many seconds."""
    try:
        client = Client(address, timeout=seconds, set_as_default=False, name="milieu looks")
    except (OSError, ValueError):
        return None
    try:
        workers = list(client.scheduler_info(n_workers=-1)["workers"].values())
    except (OSError, RuntimeError):
        return None
    finally:
        with suppress(Exception):  # what is left of a connection that was lost
            client.close(timeout=1)
    ours = [each for each in workers if each.get("program") == program()]
    return Seen(
        dict(Counter(str(each.get("program", "")) for each in workers)),
        round(sum(each["resources"].get(CORES, 0) for each in ours)),
    )
