"""Sheets with columns of their own as the sheets that an import reads.

Nothing is read otherwise than in a file of ours; what a director's own list writes in another way is put into ours
first: names of living groups become their keys, "Webb, Ruth" two names, 30/11/2026 a day, and who has no key gets the
one that they have here, or a new one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from milieu.imports.files.grids import Found, Sheet, Unreadable, overhang, sheet_of
from milieu.imports.files.problems import Problem
from milieu.imports.tables import cells
from milieu.imports.tables.cells import BadCell, Fault, clean, fold, quoted
from milieu.imports.tables.description import Table, column_of
from milieu.imports.tables.registry import BY_FILE
from milieu.imports.uploads.plans import FULL_NAME, SheetPlan
from milieu.imports.uploads.proposing import PARTS
from milieu.imports.uploads.reading import Upload
from milieu.imports.writing.rows import Held

_NUMBERED = re.compile(r"(.*?)([0-9]+)")
_GIVEN, _FAMILY = "given_name", "family_name"


@dataclass(frozen=True)
class _Filled:
    """Rows under our columns: number and cells by the column's name."""

    header: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]


def fill(upload: Upload, plan: SheetPlan, held: Mapping[str, Held]) -> tuple[Sheet, Found]:
    """A sheet as its plan says, and what is wrong with it or wants a look.

    Raises Unreadable.
    """
    table = BY_FILE[plan.file]
    body = [row for row in upload.grid.rows[plan.header_row :] if any(map(str.strip, row))]
    if body and not any(plan.columns):
        raise Unreadable(0, "none of its columns is said to be one of this table; say below what each of them is")
    if _is_ours(upload, plan):
        return sheet_of(plan.file, upload.grid)
    found = Found([Problem(plan.file, row, "", fault) for row, fault in upload.grid.faults])
    found.remarks += [Problem(plan.file, 0, "", Fault(remark)) for remark in upload.grid.remarks]
    top, width = plan.header_row - 1, len(plan.columns)
    found.problems.extend(overhang(plan.file, upload.grid.rows, width, top))
    twice = sorted({name for name in plan.columns if name and plan.columns.count(name) > 1})
    for name in twice:
        found.problems.append(Problem(plan.file, plan.header_row, name, Fault("two columns are taken for this one")))
    filled = _under_our_names(upload, plan)
    if body and not filled.rows:
        raise Unreadable(0, f"the columns that are read of it are empty in {_rows(len(body))} below their headings")
    if left := len(body) - len(filled.rows):
        remark = f"{_rows(left)} left out: nothing stands there in the columns that are read"
        found.remarks.append(Problem(plan.file, 0, "", Fault(remark)))
    filled = _named(filled)
    filled = _keyed(filled, table, held[plan.file])
    filled = _completed(filled, table, held[plan.file])
    for number, row in filled.rows:
        _refer(row, table, held)
        found.problems.extend(_dated(number, row, table, plan))
    rows = tuple((number, tuple(row[name] for name in filled.header)) for number, row in filled.rows)
    return Sheet(plan.file, filled.header, rows, plan.header_row), found


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _is_ours(upload: Upload, plan: SheetPlan) -> bool:
    """Whether a sheet has our own columns under our own names, and nothing was chosen otherwise."""
    header = upload.grid.rows[plan.header_row - 1] if upload.grid.rows else ()
    said = [cell.strip().lower().replace(" ", "_") for cell in header]
    return not plan.order and "key" in (*said, *_keyless(plan)) and said == list(plan.columns)


def _keyless(plan: SheetPlan) -> tuple[str, ...]:
    return () if BY_FILE[plan.file].has_key else ("key",)


def _under_our_names(upload: Upload, plan: SheetPlan) -> _Filled:
    places = {name: place for place, name in reversed(list(enumerate(plan.columns))) if name}
    body = enumerate(upload.grid.rows[plan.header_row :], start=plan.header_row + 1)
    rows = [
        (number, {name: row[place] for name, place in places.items()})
        for number, row in body
        if any(row[place].strip() for place in places.values())
    ]
    return _Filled(tuple(sorted(places, key=lambda name: places[name])), rows)


def _named(filled: _Filled) -> _Filled:
    """A column of whole names as given and family names; "Webb, Ruth" says which is which, else the last word is it."""
    if FULL_NAME not in filled.header:
        return filled
    header = (*(name for name in filled.header if name not in (FULL_NAME, _GIVEN, _FAMILY)), _GIVEN, _FAMILY)
    rows = []
    for number, row in filled.rows:
        row = dict(row)
        whole = " ".join(row.pop(FULL_NAME).split())
        family, comma, given = whole.partition(",")
        if not comma:
            given, _, family = whole.rpartition(" ")
            given, family = (given, family) if given else (family, "")
        rows.append((number, {**row, _GIVEN: given.strip(), _FAMILY: family.strip()}))
    return _Filled(header, rows)


def _keyed(filled: _Filled, table: Table, held: Held) -> _Filled:
    """Rows without a key get that of the one row here that has their name (and birthday, where both tell it), or a new
    one."""
    if not table.has_key or "key" in filled.header:
        return filled
    keys = [str(record.values["key"]) for record in held.records]
    taken = {fold(key) for key in keys}
    rows: list[tuple[int, dict[str, str]]] = []
    for number, row in filled.rows:
        key = _known_key(row, table, held)
        if key is None or any(fold(key) == fold(earlier["key"]) for _, earlier in rows):
            key = _new_key(row, table, keys, taken)
        taken.add(fold(key))
        rows.append((number, {"key": key, **row}))
    return _Filled(("key", *filled.header), rows)


def _known_key(row: Mapping[str, str], table: Table, held: Held) -> str | None:
    said = {name: _read(table, name, row.get(name, "")) for name in table.likeness}
    alike = [
        record
        for record in held.records
        if all(_agree(said[name], record.values[name]) for name in table.likeness)
        and any(said[name] for name in table.likeness)
    ]
    live = [record for record in alike if record.row in held.live] or alike
    return str(live[0].values["key"]) if len(live) == 1 else None


def _agree(said: object, held: object) -> bool:
    if isinstance(held, str) or isinstance(said, str):
        return str(said or "").casefold() == str(held or "").casefold()
    return said is None or held is None or said == held  # a birthday that one of them does not tell


def _read(table: Table, name: str, cell: str) -> object:
    if PARTS.fullmatch(cell.strip()):  # a day in either order says nothing yet
        return None
    try:
        text = clean(cell)
        value: object = column_of(table, name).read(text) if text else None
    except BadCell:
        return None
    return value


def _new_key(row: Mapping[str, str], table: Table, keys: Sequence[str], taken: set[str]) -> str:
    """The next number where keys are numbered, else one made of the name."""
    numbered = [match for key in keys if (match := _NUMBERED.fullmatch(key))]
    if numbered and len(numbered) * 2 > len(keys):
        prefix = max({match[1] for match in numbered}, key=lambda one: sum(match[1] == one for match in numbered))
        digits = [match[2] for match in numbered if match[1] == prefix]
        number, width = max(map(int, digits)), max(map(len, digits))
        while fold(key := f"{prefix}{(number := number + 1):0{width}}") in taken:
            pass
        return key
    words = " ".join(row.get(name, "") for name in table.likeness if name != "born_on")
    stem = "-".join(part for part in re.split(r"[^\w]+", words.casefold()) if part)[:60] or table.noun.replace(" ", "-")
    key, count = stem, 1
    while fold(key) in taken:
        key = f"{stem}-{(count := count + 1)}"
    return key


def _completed(filled: _Filled, table: Table, held: Held) -> _Filled:
    """Columns that must be there and are not: what the rows that are here already have in them."""
    if not table.has_key:
        return filled
    missing = [column for column in table.columns if column.is_needed and column.name not in filled.header]
    known = {
        fold(str(record.values["key"])): dict(zip(table.names, written, strict=True))
        for record, written in zip(held.records, held.cells, strict=True)
    }
    rows = [
        (number, {**row, **{column.name: known.get(_key(row), {}).get(column.name, "") for column in missing}})
        for number, row in filled.rows
    ]
    return _Filled((*filled.header, *(column.name for column in missing)), rows)


def _key(row: Mapping[str, str]) -> str:
    return fold(" ".join(row["key"].split()))


def _refer(row: dict[str, str], table: Table, held: Mapping[str, Held]) -> None:
    """Names in place of keys: the key of the one row that has the name and still holds."""
    for name in list(row):
        if not (file := column_of(table, name).refers_to) or not row[name].strip():
            continue
        said = fold(" ".join(row[name].split()))
        records = held[file].records
        if any(fold(str(record.values["key"])) == said for record in records):
            continue
        named = [record for record in records if said in _names_of(record.values)]
        named = [record for record in named if record.row in held[file].live] or named
        if len(named) == 1:
            row[name] = str(named[0].values["key"])


def _names_of(values: Mapping[str, object]) -> set[str]:
    given, family = values.get(_GIVEN), values.get(_FAMILY)
    names = [values.get("name"), f"{given} {family}" if family else given, f"{family}, {given}" if family else None]
    return {fold(str(name)) for name in names if name}


def _dated(number: int, row: dict[str, str], table: Table, plan: SheetPlan) -> list[Problem]:
    """Days as 2026-11-30 where the plan says in which order they are written; those that can be read both ways are told
    where it does not."""
    problems = []
    for name in row:
        match = PARTS.fullmatch(row[name].strip()) if column_of(table, name).read is cells.day else None
        if match and plan.order:
            day, month = (match[1], match[2]) if plan.order == "dmy" else (match[2], match[1])
            row[name] = f"{match[3]}-{int(month):02}-{int(day):02}"
        elif match:
            after = " can be two days; say above how dates are written, or write them as 2026-11-30"
            problems.append(Problem(plan.file, number, name, Fault(after, quoted(row[name]))))
            row[name] = ""
    return problems
