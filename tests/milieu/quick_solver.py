"""The solver's command line over the director by hand of `bench`: valid schedules in a fraction of a second.

For tests of what goes round a solve. It keeps what is published where it still holds, plans the rest in one pass, and
says `unknown` where that leaves a demand unmet.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.asked.greedy import plan
from solver.documents.exchange import ScheduleDocument, digest, read_problem, write_schedule
from solver.model.check import broken, score


def main(arguments: list[str]) -> int:
    raw, output = Path(arguments[0]).read_bytes(), Path(arguments[arguments.index("-o") + 1])
    problem, sessions, terms = read_problem(raw), (), None
    for found in (problem.previous, tuple(plan(problem))):
        if not broken(problem, found) and (terms is None or sum(score(problem, found).values()) > sum(terms.values())):
            sessions, terms = found, score(problem, found)
    total = None if terms is None else sum(terms.values())
    print(json.dumps({"seconds": 0.1, "objective": total, "bound": None}), file=sys.stderr, flush=True)
    status = "unknown" if terms is None else "feasible"
    document = ScheduleDocument(
        problem=digest(raw), status=status, objective=total, bound=None, sessions=sessions, terms=terms or {}
    )
    output.write_bytes(write_schedule(document))
    return 4 if terms is None else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
