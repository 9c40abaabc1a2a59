"""What was measured as Markdown: side by side, the goals, and the machine's noise."""

from collections.abc import Iterable, Iterator, Sequence

from bench.peers import PEERS
from bench.told.goals import GOALS, STEPS, is_met, middle, times
from bench.told.results import Measured, Results, spread

HEAD = ["question", "peer", "score", "gap %", "first valid s", "bound", "bound over best %", "memory MB", "remark"]


def page(results: Results) -> str:
    """The whole page: tables with the words that say how to read them."""
    seconds = spread({row.seconds_allowed for row in results.rows}, "g")
    paces = [1000 * row.pace for row in results.rows]
    loose = 100 * (max(paces) / min(paces) - 1) if paces else 0
    return "\n".join(
        [
            "# Measured side by side",
            "",
            f"{results.day}, on {results.machine}. {results.workers} workers, {seconds} s a run, one run at a time. "
            "Where a question was asked several times, least · median · most are shown.",
            "",
            f"**The machine's noise:** a fixed piece of work took {spread(paces, '.0f')} ms before the runs "
            f"(the slowest {loose:.0f} % above the quickest). A difference within the spread is none.",
            "",
            "![Score over time of each peer, in per cent of the best score known, one panel for each kind of question.]"
            "(curves.svg)",
            "",
            *beside(results.rows),
            "",
            "The gap is to the best score known of that very document (`fixtures/problems/best.json`, this run "
            "included); what a bound is above the best says how far from proved that is.",
            *goals(results.rows),
            "",
        ]
    )


def beside(rows: Sequence[Measured]) -> Iterator[str]:
    """A line for each question and peer."""
    yield from _head(HEAD)
    for key in dict.fromkeys(row.key for row in rows):
        for peer in PEERS.values():
            mine = [row for row in rows if row.key == key and row.peer == peer.name]
            if mine:
                yield line([key, peer.title, *_cells(mine)])


def _cells(mine: Sequence[Measured]) -> list[str]:
    first = [row.curve[0][0] if row.curve else None for row in mine]
    bounds = [row.bound for row in mine if row.bound is not None]
    best = mine[-1].best
    above = 100 * (min(bounds) - best) / abs(best) if bounds and best else None
    return [
        spread((row.score for row in mine), is_more_better=True),
        spread((row.gap for row in mine), ".2f"),
        spread(first, ".1f"),
        spread([min(bounds)] if bounds else []),
        "–" if above is None else f"{above:.1f}",
        spread(None if row.memory is None else row.memory / 2**20 for row in mine),
        remark(mine),
    ]


def remark(mine: Sequence[Measured]) -> str:
    """Why there is nothing, and what was wrong."""
    words = sorted({row.word for row in mine if row.word})
    wrong = max(row.wrong for row in mine)
    told = [f"{wrong} schedules broke a rule ({next(row.fault for row in mine if row.wrong)})"] if wrong else []
    return "; ".join([*words, *told]) or " "


def goals(rows: Sequence[Measured]) -> Iterator[str]:
    """This solver's median seconds to each step beside what is asked, for whole weeks."""
    mine = [row for row in rows if row.peer == "solver" and row.key.startswith("home ") and row.best is not None]
    if not mine:
        return
    yield from (
        "",
        "## Goals",
        "",
        "Seconds to each step, median over homes and repeats; `asked` after the stroke.",
        "",
    )
    yield from _head(["residents", "runs", *STEPS])
    for size in sorted({row.size for row in mine}):
        runs = [row for row in mine if row.size == size]
        reached = [times(row.curve, row.best or 0) for row in runs]
        asked = GOALS.get(size, (None,) * len(STEPS))
        yield line([str(size), str(len(runs)), *(_step(reached, asked[k], k) for k in range(len(STEPS)))])


def _step(reached: Sequence[tuple[float | None, ...]], asked: float | None, step: int) -> str:
    median = middle([row[step] for row in reached])
    shown = "not reached" if median is None else f"{median:.1f}"
    if asked is None:
        return shown
    return f"{shown} / {asked:g} {'✓' if is_met(median, asked) else '✗'}"


def _head(cells: list[str]) -> Iterable[str]:
    return line(cells), line(["---"] * len(cells))


def line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
