"""What was measured, as a file from which tables and pictures are made again: `docs/bench/results.json`."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.adapters.peer import Run
from bench.asked.questions import Question
from bench.told.goals import middle


@dataclass(frozen=True)
class Measured:
    """One run of one peer on one question; `best` is the best score known once all had run, `pace` the machine's."""

    family: str
    key: str
    size: int
    digest: str
    peer: str
    seconds_allowed: float
    curve: tuple[tuple[float, int], ...]
    bound: int | None
    memory: int | None
    seconds: float
    wrong: int
    fault: str
    word: str
    pace: float
    best: int | None = None

    @property
    def score(self) -> int | None:
        return self.curve[-1][1] if self.curve else None

    @property
    def gap(self) -> float | None:
        """Per cent of the best score known."""
        if self.score is None or not self.best:
            return None
        return 100 * (self.best - self.score) / abs(self.best)


@dataclass(frozen=True)
class Results:
    machine: str
    day: str
    workers: int
    rows: tuple[Measured, ...]


def measured(question: Question, run: Run, allowed: float, pace: float) -> Measured:
    return Measured(
        family=question.family,
        key=question.key,
        size=question.size,
        digest=question.digest,
        peer=run.peer,
        seconds_allowed=allowed,
        curve=run.curve,
        bound=run.bound,
        memory=run.memory,
        seconds=round(run.seconds, 2),
        wrong=run.wrong,
        fault=run.fault,
        word=run.word,
        pace=round(pace, 4),
    )


def median_run(rows: Iterable[Measured]) -> Measured:
    """The run with the median score, of two middles the worse; one without a schedule is worse than any."""
    ordered = sorted(rows, key=lambda row: (row.score is not None, row.score or 0))
    return ordered[(len(ordered) - 1) // 2]


def spread(values: Iterable[float | None], form: str = ",.0f", is_more_better: bool = False) -> str:
    """ "least · median · most", or the one value where all are alike; "–" stands for none. Of two middles the worse."""
    rows = list(values)
    shown = [value for value in rows if value is not None]
    if not shown:
        return "–"
    median = sorted(shown)[(len(shown) - 1) // 2] if is_more_better else middle(rows)
    words = ["–" if value is None else format(value, form) for value in (min(shown), median, max(shown))]
    return words[0] if len(set(words)) == 1 and len(shown) == len(rows) else " · ".join(words)


def write_results(results: Results, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {"machine": results.machine, "day": results.day, "workers": results.workers}
    rows = ",\n".join(json.dumps(asdict(row)) for row in results.rows)
    path.write_text(f'{json.dumps(head)[:-1]}, "rows": [\n{rows}\n]}}\n')


def read_results(path: Path) -> Results:
    tree = json.loads(path.read_text())
    rows = tuple(
        Measured(**(row | {"curve": tuple((at, value) for at, value in row["curve"])})) for row in tree["rows"]
    )
    return Results(tree["machine"], tree["day"], tree["workers"], rows)
