"""What every peer is asked and what it answers, so that all stand side by side.

A peer is a command. It is started with a problem file, ends by itself when its seconds are over, and writes lines of
JSON: `{"sessions": […]}` is a schedule, read by `solver.model.check` before it counts; `{"objective": N}` states one
without showing it, which counts only where the schedule that the peer leaves in the end is right. `{"bound": N}` is an
upper bound that it has proved. The clock is the measuring process's own: from the start of the command to the moment a
line is there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.documents.exchange import ProblemDocument, Session

Tree = dict[str, Any]
Sessions = tuple[Session, ...]


@dataclass(frozen=True)
class Ask:
    """One question's files and limits."""

    problem: Path
    schedule: Path  # where a peer may leave its last schedule, as a document
    seconds: float
    workers: int
    seed: int


@dataclass(frozen=True)
class Peer:
    """`missing` says in a word why it cannot be run here, or ""; `hear` reads a line that is not JSON; `mend` drops
    from a schedule what the peer cannot express.
    """

    name: str
    title: str
    command: Callable[[Ask], list[str]]
    missing: Callable[[], str] = lambda: ""
    hear: Callable[[str], Tree | None] = lambda line: None
    mend: Callable[[ProblemDocument, Sessions], Sessions] | None = None


@dataclass(frozen=True)
class Run:
    """One peer's answer to one question. `curve`: seconds and score of each better schedule that keeps every rule.

    `wrong` counts schedules that broke a rule, `fault` says the first; `memory` is the peak in bytes of the whole tree
    of processes; `word` is "" or why there is nothing to show.
    """

    peer: str
    curve: tuple[tuple[float, int], ...]
    bound: int | None
    memory: int | None
    seconds: float
    wrong: int = 0
    fault: str = ""
    word: str = ""
    sessions: Sessions = ()

    @property
    def score(self) -> int | None:
        return self.curve[-1][1] if self.curve else None
