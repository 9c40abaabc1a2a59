"""The files that a page was sent as sheets, each a grid of text, or one sentence a file on why it cannot be read."""

import json
import re
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from milieu.imports.files.grids import Grid, Unreadable, read_grid
from milieu.imports.files.problems import Problem, gathered
from milieu.imports.tables.cells import Fault, quoted
from milieu.imports.uploads.kinds import MOST_BYTES, is_workbook
from milieu.imports.uploads.packages import csv_parts
from milieu.imports.uploads.workbooks import read_workbook
from milieu.imports.watching import READING, begin, more

MOST_FILES = 40
_MACROS = re.compile(r"\.(xlsm|xltm|xlam|xlsb)$", re.IGNORECASE)


@dataclass(frozen=True)
class Upload:
    """One sheet: the file that it came in, its name there ("" for a CSV file), and its cells."""

    source: str
    sheet: str
    grid: Grid

    @property
    def label(self) -> str:
        """How the sheet is named in a sentence."""
        return f"{self.source}, {self.sheet}" if self.sheet else self.source


@dataclass
class Uploads:
    """What could be read, what could not, and what wants a look."""

    sheets: list[Upload] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_uploads(files: Sequence[tuple[str, bytes]], names: Collection[str]) -> Uploads:
    """The sheets of files, given by name and content. `names`: of columns that may stand in a header."""
    uploads = Uploads()
    if len(files) > MOST_FILES:
        uploads.problems.append(f"{len(files)} files are too many at once; at most {MOST_FILES}")
        return uploads
    if sum(len(content) for _, content in files) > MOST_BYTES:
        uploads.problems.append(f"that is too much at once; at most {MOST_BYTES // 1000} kB can be sent")
        return uploads
    problems: list[Problem] = []
    begin(READING)
    for name, content in files:
        shown = shown_name(name)
        try:
            _read(shown, content, names, uploads)
        except Unreadable as error:
            problems.append(Problem(shown, error.row, "", error.fault))
    uploads.problems.extend(gathered(problems))
    return uploads


def shown_name(name: str) -> str:
    """A file's own name as it is shown, without the folders before it and the signs that cannot be seen."""
    return quoted(re.split(r"[/\\]", name)[-1]).strip("'") or "file"


def pack(sheets: Iterable[Upload]) -> bytes:
    """Sheets as bytes that wait in the database."""
    plain = [
        {
            "source": each.source,
            "sheet": each.sheet,
            "rows": each.grid.rows,
            "faults": [[row, fault.before, fault.cell, fault.after] for row, fault in each.grid.faults],
            "remarks": each.grid.remarks,
            "ends_open": each.grid.ends_open,
        }
        for each in sheets
    ]
    return zlib.compress(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def unpack(content: bytes) -> list[Upload]:
    """The sheets that were packed."""
    plain = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    return [
        Upload(
            each["source"],
            each["sheet"],
            Grid(
                tuple(map(tuple, each["rows"])),
                tuple((row, Fault(after, cell, before)) for row, before, cell, after in each["faults"]),
                tuple(each["remarks"]),
                each["ends_open"],
            ),
        )
        for each in plain
    ]


def _read(name: str, content: bytes, names: Collection[str], uploads: Uploads) -> None:
    if _MACROS.search(name):
        raise Unreadable(0, "may hold macros, which are never run here; save it as a workbook without them (.xlsx)")
    if not is_workbook(content):
        _add(uploads, name, read_grid(content, names))
        return
    if parts := csv_parts(content):
        for part, inside in parts:
            shown = shown_name(part)
            _add(uploads, shown, read_grid(inside, names))
        return
    sheets, remarks = read_workbook(content)
    uploads.sheets.extend(Upload(name, each.name, each.grid) for each in sheets)
    uploads.remarks.extend(f"{name}: {remark}" for remark in remarks)


def _add(uploads: Uploads, name: str, grid: Grid) -> None:
    uploads.sheets.append(Upload(name, "", grid))
    more(len(grid.rows))


def relabelled(problems: Iterable[Problem], labels: dict[str, str]) -> list[Problem]:
    """Problems of tables under the names of the sheets that they stand in."""
    return [replace(problem, file=labels.get(problem.file, problem.file)) for problem in problems]
