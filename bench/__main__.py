"""The solver beside its peers: the same questions, the same clock, one after the other in one run.

    python -m bench                      made homes of 30 to 300: a table here, a page and a picture in docs/bench
    python -m bench --residents 600 2000 --seconds 600 --peers solver hand
    python -m bench --repair             the same for published weeks that something befell
    python -m bench --grouping           the tie term alone, against plain exchanging search
    python -m bench --moves              how often each kind of move is tried, accepted and makes the score better
    python -m bench --draw               page and picture again, from what was measured before

`docs/bench.md` says how to read it.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.adapters import timefold
from bench.adapters.answering import answer
from bench.asked.changes import CHANGES
from bench.asked.questions import Question, groupings, homes, repairs
from bench.machine import describe, pace
from bench.moves import counted, lines
from bench.peers import ON_GROUPING, ON_HOMES, PEERS
from bench.told.best import BEST, Record, known, read_records, with_better, write_records
from bench.told.curves import draw
from bench.told.results import Measured, Results, measured, read_results, write_results
from bench.told.tables import beside, page

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "bench"


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--residents", type=int, nargs="+", default=[30, 60, 120, 300])
    parser.add_argument("--homes", type=int, default=1, help="homes of each size, plain and tight in turn")
    parser.add_argument("--tight", action="store_true", help="tight homes only")
    parser.add_argument("--seconds", type=float, default=60, help="for each run")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each peer on each question, each with its seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="the first question's seed")
    parser.add_argument("--peers", nargs="+", choices=PEERS, help="all that can answer")
    parser.add_argument(
        "--repair", nargs="*", choices=CHANGES, metavar="KIND", help=f"published weeks that something befell: {CHANGES}"
    )
    parser.add_argument("--grouping", action="store_true", help="maximally diverse grouping of 120 instead of homes")
    parser.add_argument("--remember", action="store_true", help="keep better scores in fixtures/problems/best.json")
    parser.add_argument("--install", action="store_true", help="fetch Timefold into an environment of its own first")
    parser.add_argument("--add", action="store_true", help="keep what was measured before of other questions")
    parser.add_argument("--moves", action="store_true", help="count one searcher's moves by their kind instead")
    parser.add_argument("--draw", action="store_true", help="measure nothing, write page and picture again")
    parser.add_argument("-o", dest="folder", type=Path, default=FOLDER, metavar="FOLDER")
    return parser.parse_args(arguments)


def questions(options: argparse.Namespace) -> Iterator[Question]:
    if options.grouping:
        return groupings(120, options.homes, options.seed)
    if options.repair is not None:
        return repairs(options.residents, options.repair or CHANGES, options.seed)
    return homes(options.residents, options.homes, options.seed, options.tight)


def measure(options: argparse.Namespace, question: Question) -> list[tuple[Measured, Record | None]]:
    """Ask every peer so often, each repeat all peers in turn, so that a slow hour of the machine hits them alike."""
    chosen = options.peers or (ON_GROUPING if options.grouping else ON_HOMES)
    found = []
    for turn in range(options.repeat):
        for name in chosen:
            quiet = pace()
            run = answer(PEERS[name], question.raw, options.seconds, options.workers, turn)
            row = measured(question, run, options.seconds, quiet)
            today = datetime.now(UTC).date().isoformat()
            at, score = run.curve[-1] if run.curve else (0.0, None)
            record = None if score is None else Record(question.digest, score, PEERS[name].title, at, today)
            found.append((row, record))
            print(f"{question.key}, {PEERS[name].title}: {score or run.word} {run.fault}", file=sys.stderr, flush=True)
    return found


def ask_all(options: argparse.Namespace, before: Sequence[Measured]) -> Results:
    """Measure, print each question's lines as soon as they are known, and write what there is after each."""
    records, rows = read_records(), list(before)
    day = datetime.now(UTC).date().isoformat()
    results = Results(describe(), day, options.workers, tuple(rows))
    is_first = True
    for question in questions(options):
        found = measure(options, question)
        for record in [record for _, record in found if record is not None]:
            records = with_better(records, question, record)
        best = known(records, question)
        fresh = [replace(row, best=best) for row, _ in found]
        asked = {row.peer for row in fresh}
        rows = [row for row in rows if row.key != question.key or row.peer not in asked] + fresh
        rows = [replace(row, best=best) if row.key == question.key else row for row in rows]
        print("\n".join(list(beside(fresh))[0 if is_first else 2 :]), flush=True)
        is_first = False
        results = replace(results, rows=tuple(rows))
        publish(results, options.folder)
        if options.remember:
            write_records(records, BEST)
    return results


def refreshed(rows: Sequence[Measured]) -> tuple[Measured, ...]:
    """Against what is known by now, where that is better."""
    records = read_records()
    return tuple(
        replace(row, best=max(row.best or record.score, record.score))
        if (record := records.get(row.key)) is not None and record.digest == row.digest
        else row
        for row in rows
    )


def publish(results: Results, folder: Path) -> None:
    write_results(results, folder / "results.json")
    (folder / "results.md").write_text(page(results))
    (folder / "curves.svg").write_text(draw(results.rows))


def main(arguments: list[str]) -> int:
    options = parsed(arguments)
    if options.install and (word := timefold.install()):
        print(f"Timefold cannot be had: {word}", file=sys.stderr)
    kept = options.folder / "results.json"
    if options.moves:
        for question in questions(options):
            print("\n".join([*lines(question, counted(question, options.seconds, options.seed)), ""]), flush=True)
        return 0
    if options.draw:
        drawn = read_results(kept)
        publish(replace(drawn, rows=refreshed(drawn.rows)), options.folder)
        return 0
    before = refreshed(read_results(kept).rows) if options.add and kept.exists() else ()
    ask_all(options, before)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
