"""Plain exchanging local search as a peer, for grouping instances alone."""

import time

from bench.adapters.telling import asked, tell
from bench.asked.grouping import Instance
from bench.exchanging import search
from solver.documents.exchange import read_problem


def main() -> None:
    begun = time.monotonic()
    options = asked("bench.adapters.exchanging")
    instance = Instance.of(read_problem(options.problem.read_bytes()))
    search(
        instance,
        options.seconds - 0.5,
        options.seed,
        began=begun,
        on_better=lambda group: tell(instance.sessions(group)),
    )


if __name__ == "__main__":
    main()
