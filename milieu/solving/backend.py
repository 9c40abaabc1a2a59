"""Where solves run: one seam, so that nobody who plans a week knows which machine searches for it."""

from typing import Protocol

from milieu.solving.process.child import ChildResult, Watcher


class SolveBackend(Protocol):
    """A problem's document and its limits in, progress meanwhile, a schedule's document out; it can be stopped."""

    def solve(
        self,
        problem: bytes,
        *,
        seconds: float,
        workers: int,
        seed: int,
        start: bytes | None = None,
        watch: Watcher | None = None,
        is_waited_for: bool = False,
    ) -> ChildResult:
        """Run one solve to its end; where solves wait for a machine, those go first that a person waits for.

        `watch` is called twice a second, also while the solve waits for its turn; whatever it raises ends the solve and
        is raised again. Raises Interrupted where this process is ending.
        """
        ...
