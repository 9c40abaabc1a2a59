"""The solver beside the director by hand, on the same made-up homes, one after the other in one run.

    python -m bench [--residents 30 60 120 300] [--homes 2] [--seconds 60] [--workers 2] [--seed 1]

Prints a Markdown table. A score is only comparable within its row. The machine's noise is stated as the spread over the
homes of one size, plain and tight; every schedule is read by `solver.check` before it counts.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.greedy import plan
from bench.homes import make_home
from solver.check import broken, objective, read_whole
from solver.exchange import ProblemDocument, digest, read_problem, read_schedule


@dataclass(frozen=True)
class Line:
    """One home: scores, seconds from the start of the solver's process, and the demands that the hand `missed`."""

    residents: int
    kind: str
    greedy: int
    missed: int
    greedy_seconds: float
    first_seconds: float | None
    after_5: int | None
    solver: int | None
    seconds: float
    status: str

    def cells(self) -> list[str]:
        return [
            str(self.residents), self.kind, f"{self.greedy:,}", str(self.missed), f"{self.greedy_seconds:.1f}",
            "-" if self.first_seconds is None else f"{self.first_seconds:.1f}",
            "-" if self.after_5 is None else f"{self.after_5:,}", "-" if self.solver is None else f"{self.solver:,}",
            f"{self.seconds:.1f}", self.status,
            "-" if self.solver is None or self.greedy <= 0 else f"{self.solver / self.greedy:.2f}",
        ]  # fmt: skip


HEAD = [
    "residents", "home", "by hand", "missed", "s", "first valid s", "after 5 s", "solver", "s", "status", "ratio"
]  # fmt: skip


def measure(residents: int, seed: int, tight: bool, seconds: float, workers: int) -> Line:
    """Make the home, let both plan it, read both schedules."""
    raw = make_home(residents, seed, tight).document()
    problem = read_problem(raw)
    began = time.monotonic()
    by_hand = plan(problem)
    greedy_seconds = time.monotonic() - began
    events, status, score, took = _solve(raw, problem, seconds, workers)
    valid = [(at, value) for at, value in events if value is not None]
    return Line(
        residents=residents,
        kind=f"{'tight' if tight else 'plain'} {seed}",
        greedy=objective(problem, by_hand),
        missed=len(broken(problem, by_hand)),
        greedy_seconds=greedy_seconds,
        first_seconds=valid[0][0] if valid else None,
        after_5=max((value for at, value in valid if at <= 5), default=None),
        solver=score,
        seconds=took,
        status=status,
    )


def _solve(
    raw: bytes, problem: ProblemDocument, seconds: float, workers: int
) -> tuple[list[tuple[float, int | None]], str, int | None, float]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "problem.json"), Path(folder, "schedule.json")
        source.write_bytes(raw)
        command = [sys.executable, "-m", "solver", "solve", str(source), "-o", str(target), "--progress",
                   "--seconds", str(seconds), "--workers", str(workers)]  # fmt: skip
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        took = time.monotonic() - began
        if not target.exists():
            raise SystemExit(f"the solver ended with {done.returncode}: {done.stderr[-400:]}")
        schedule = read_schedule(target.read_bytes(), problem)
    if faults := read_whole(problem, digest(raw), schedule):
        raise SystemExit(f"the solver's schedule is wrong: {faults[0]}")
    return list(_progress(done.stderr)), schedule.status, schedule.objective, took


def _progress(text: str) -> Iterator[tuple[float, int | None]]:
    for line in text.splitlines():
        if line.startswith("{"):
            event = json.loads(line)
            yield event["seconds"], event["objective"]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="The solver beside the director by hand.")
    parser.add_argument("--residents", type=int, nargs="+", default=[30, 60, 120, 300])
    parser.add_argument("--homes", type=int, default=2, help="homes of each size, plain and tight in turn")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="the first home's seed")
    chosen = parser.parse_args(arguments)
    print(_row(HEAD), _row(["---"] * len(HEAD)), sep="\n")
    for residents in chosen.residents:
        for k in range(chosen.homes):
            line = measure(residents, chosen.seed + k, k % 2 == 1, chosen.seconds, chosen.workers)
            print(_row(line.cells()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
