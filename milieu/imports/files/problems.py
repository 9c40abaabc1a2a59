"""What is wrong with files, and how it is told: faults of one kind in one line, with their rows and a few examples."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from milieu.imports.tables.cells import Fault

MOST_EXAMPLES = 3
MOST_STRETCHES = 12


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: `row` as a spreadsheet counts, 0 for the file as a whole; `column` "" for the row."""

    file: str
    row: int
    column: str
    fault: Fault

    def __str__(self) -> str:
        return next(gathered([self]))


def gathered(problems: Iterable[Problem]) -> Iterator[str]:
    """Faults of one kind in one line, where the first of them stands: with all their rows, and what stood there."""
    kinds: dict[tuple[str, str, str, str], list[Problem]] = {}
    for problem in problems:
        fault = problem.fault
        kinds.setdefault((problem.file, problem.column, fault.before, fault.after), []).append(problem)
    for alike in kinds.values():
        first, rows = alike[0], list(dict.fromkeys(problem.row for problem in alike))
        where = f" row{'s' if len(rows) > 1 else ''} {stretches(rows)}" if rows[0] else ""
        column = f", {first.column}" if first.column else ""
        yield f"{first.file}{where}{column}: {first.fault}{_also(alike)}"


def _also(alike: list[Problem]) -> str:
    """The other cells of which the same is wrong: some of them, and how many more."""
    cells = list(dict.fromkeys(problem.fault.cell for problem in alike))[1:]
    shown, left = cells[: MOST_EXAMPLES - 1], len(cells) - (MOST_EXAMPLES - 1)
    return f" (so too {enumerated([*shown, *([f'{left:,} more'] if left > 0 else [])])})" if cells else ""


def stretches(rows: Iterable[int]) -> str:
    """Row numbers in order, neighbours together: 2-4, 9 and 12."""
    ends: list[list[int]] = []
    for row in sorted(rows):
        if ends and row == ends[-1][1] + 1:
            ends[-1][1] = row
        else:
            ends.append([row, row])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ends[:MOST_STRETCHES]]
    left = sum(last - first + 1 for first, last in ends[MOST_STRETCHES:])
    return enumerated([*shown, *([f"{left:,} more"] if left else [])])


def enumerated(words: list[str]) -> str:
    """Words as a list in a sentence: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
