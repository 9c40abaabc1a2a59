"""A proposal of what each sheet is: by what the community chose before, by names, near spellings, and what cells say.

It is only a proposal: the page shows it, and nothing is taken in that nobody saw. What fits two columns fits none.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache, partial

from milieu.imports.files.grids import HEADER_WITHIN, Grid
from milieu.imports.tables import cells
from milieu.imports.tables.cells import BadCell
from milieu.imports.tables.description import Column, Table
from milieu.imports.tables.people import RESIDENTS
from milieu.imports.tables.registry import BY_FILE, TABLES
from milieu.imports.uploads.plans import FULL_NAME, SheetPlan, choices_of
from milieu.imports.uploads.reading import Upload

# What people write over their columns, beside our own names; each without blanks and signs.
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "key": ("id", "no", "nr", "code", "residentid", "residentno", "number"),
    "given_name": ("firstname", "forename", "christianname", "givennames", "first"),
    "family_name": ("lastname", "surname", "last", "secondname"),
    "called": ("knownas", "preferredname", "nickname", "likestobecalled"),
    "born_on": ("dateofbirth", "dob", "birthday", "birthdate", "born"),
    "living_group": ("unit", "ward", "floor", "neighbourhood", "neighborhood", "household", "wing", "group", "livesin"),
    "room": ("roomno", "roomnumber", "roomnr", "bed", "flat", "apartment"),
    "arrived_on": ("admission", "admitted", "dateofadmission", "movedin", "moveindate", "arrival", "arrived", "since"),
    "left_on": ("discharge", "discharged", "movedout", "left", "dateofdischarge"),
    "short_stay": ("respite", "guest"),
    "wheelchair": ("wheelchairuser", "usesawheelchair"),
    "escort": ("needsescort", "tobebrought"),
    "how_to_invite": ("howtoask", "howtheyliketobeasked", "invitation"),
    "email": ("mail", "emailaddress", "mailaddress"),
    "seats": ("capacity", "places"),
    "minutes": ("duration", "length"),
    "days": ("day", "weekday", "weekdays"),
    "from": ("start", "begins", "begin"),
    "to": ("end", "ends", "until"),
    "facilitator": ("leader", "ledby", "colleague"),
    "reason": ("why", "because"),
    FULL_NAME: ("name", "residentname", "fullname", "resident", "residents"),
}
_NAMES = ("given_name", "family_name")
_MOST_COMPARED = 8  # readings of a sheet in which near spellings are looked for
_MOST_LOOKED_AT = 200  # cells of a column
_LEAST_SHARE = 0.8  # of them
_OLD = 40  # years: whoever was born in a year so long ago may be a resident; nobody moved in then

Memory = Mapping[tuple[str, str], str]  # (table's file, plain heading) to the column chosen, "" left out
Names = Mapping[str, frozenset[str]]  # of each file with keys: its keys and names, folded


@dataclass(frozen=True)
class _Reading:
    """A sheet taken for one table with its header in one row. `score`: how much speaks for it."""

    score: float
    file: str
    header_row: int
    columns: tuple[str, ...]
    known: frozenset[int] = frozenset()  # the places of columns of which something is known, if only to leave them out


def propose(upload: Upload, memory: Memory, names: Names, *, today: date) -> SheetPlan:
    """What a sheet is likely to be; `file` "" where nothing speaks for any table."""
    grid = upload.grid
    rows = [place for place in range(min(len(grid.rows), HEADER_WITHIN)) if any(map(str.strip, grid.rows[place]))]
    exact = [_reading(upload, table, row, memory, is_near=False) for row in rows for table in TABLES]
    ranked = sorted(exact, key=lambda each: (-each.score, each.header_row))[:_MOST_COMPARED]
    readings = [_reading(upload, BY_FILE[each.file], each.header_row - 1, memory, is_near=True) for each in ranked]
    best = max(readings, key=lambda each: (each.score, -each.header_row), default=None)
    if best is None or best.score < 2:
        return SheetPlan("", 1, ("",) * _width(grid))
    is_ours = _is_ours(grid, best)
    columns = best.columns if is_ours else _by_cells(grid, best, names, today)
    return _plan(grid, best, columns, is_whole=is_ours)


def propose_as(upload: Upload, file: str, memory: Memory, names: Names, *, today: date) -> SheetPlan:
    """What the columns of a sheet are likely to be which somebody says is this table; what is missing in it stays."""
    grid = upload.grid
    rows = [place for place in range(min(len(grid.rows), HEADER_WITHIN)) if any(map(str.strip, grid.rows[place]))]
    readings = [_reading(upload, BY_FILE[file], row, memory, is_near=True) for row in rows]
    best = max(readings, key=lambda each: (len(each.known), each.score, -each.header_row), default=None)
    if best is None:
        return SheetPlan(file, 1, ("",) * _width(grid), is_whole=False)
    columns = best.columns if _is_ours(grid, best) else _by_cells(grid, best, names, today)
    return _plan(grid, best, columns, is_whole=False)


def _is_ours(grid: Grid, reading: _Reading) -> bool:
    """Whether every heading is one of the table's own."""
    ours = set(map(_plain, BY_FILE[reading.file].names))
    return all(_plain(cell) in ours for cell in grid.rows[reading.header_row - 1] if cell.strip())


def _plan(grid: Grid, reading: _Reading, columns: tuple[str, ...], *, is_whole: bool) -> SheetPlan:
    order = _order(grid, BY_FILE[reading.file], reading.header_row, columns)
    return SheetPlan(reading.file, reading.header_row, columns, is_whole=is_whole, order=order)


def plain_heading(text: str) -> str:
    """A heading as it is remembered and compared: small letters and digits alone."""
    return _plain(text)


def header_names() -> frozenset[str]:
    """What may stand over a column, as a CSV file's separator is found by."""
    ours = {name for table in TABLES for name in table.names}
    return frozenset(ours | {alias for names in _ALIASES.values() for alias in names} | _spaced())


def _spaced() -> set[str]:
    return {
        "first_name",
        "last_name",
        "date_of_birth",
        "room_number",
        "full_name",
        "living_group",
        "moved_in",
        "room_no",
    }


def _width(grid: Grid) -> int:
    return len(grid.rows[0]) if grid.rows else 0


@lru_cache(4096)
def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def _reading(upload: Upload, table: Table, row: int, memory: Memory, *, is_near: bool) -> _Reading:
    headings = [_plain(cell) for cell in upload.grid.rows[row]]
    taken: dict[int, str] = {}
    score = _name_score(upload, table)
    score += _take(headings, taken, 1.5, lambda heading: memory.get((table.file, heading)))
    score += _take(headings, taken, 1.0, _names(table.file).get)
    score += _take(headings, taken, 0.9, _aliases(table.file).get)
    if is_near:
        score += _take(headings, taken, 0.6, partial(_near, table.file))
    got = {*taken.values(), *(_NAMES if FULL_NAME in taken.values() else ())}
    missing = sum(column.is_needed and column.name not in got for column in table.columns)
    named = sum(bool(heading) for heading in headings)
    score -= 0.3 * missing + 0.2 * (named - len(taken))
    columns = tuple(taken.get(place, "") for place in range(len(headings)))
    return _Reading(score if taken else 0, table.file, row + 1, columns, frozenset(taken))


def _take(headings: Sequence[str], taken: dict[int, str], worth: float, find: Callable[[str], str | None]) -> float:
    """Give headings the columns that `find` knows for them, where those are still free; what that is worth."""
    gained = 0.0
    for place, heading in enumerate(headings):
        if place in taken or not heading:
            continue
        if (name := find(heading)) is not None and (not name or name not in taken.values()):
            taken[place] = name
            gained += worth if name else 0.2  # to be left out is known, and says little of the table
    return gained


def _name_score(upload: Upload, table: Table) -> float:
    """What the name of the sheet or the file says."""
    stem = _plain(table.file.removesuffix(".csv"))
    said = [_plain(upload.sheet), _plain(re.sub(r"\.\w+$", "", upload.source))]
    return 2.5 if stem == said[0] or (not upload.sheet and stem == said[1]) else 0.5 if stem in "".join(said) else 0.0


@cache
def _names(file: str) -> dict[str, str]:
    return {_plain(name): name for name in BY_FILE[file].names}


@cache
def _aliases(file: str) -> dict[str, str]:
    allowed = choices_of(BY_FILE[file])
    return {alias: name for name, aliases in _ALIASES.items() if name in allowed for alias in aliases}


def _near(file: str, heading: str) -> str | None:
    """The column whose name is nearly this one; of short words nothing is concluded."""
    known = {plain: name for plain, name in _names(file).items() if len(plain) > 3}
    known |= {alias: name for alias, name in _aliases(file).items() if len(alias) > 4}
    found = get_close_matches(heading, known, n=1, cutoff=0.84)
    return known[found[0]] if found else None


def _by_cells(grid: Grid, best: _Reading, names: Names, today: date) -> tuple[str, ...]:
    """The columns, with those that nothing names but whose cells can only be one thing."""
    columns, table = list(best.columns), BY_FILE[best.file]
    for place, name in enumerate(columns):
        if name or place in best.known or not grid.rows[best.header_row - 1][place].strip():
            continue
        filled = [row[place] for row in grid.rows[best.header_row :] if row[place].strip()][:_MOST_LOOKED_AT]
        free = [column for column in table.columns if column.name not in columns]
        fitting = [column.name for column in free if filled and _fits(column, filled, names, table, today)]
        if len(fitting) == 1:
            columns[place] = fitting[0]
    return tuple(columns)


def _fits(column: Column, filled: Sequence[str], names: Names, table: Table, today: date) -> bool:
    """Whether cells say by themselves what column they are."""
    if column.refers_to:
        known = names.get(column.refers_to, frozenset())
        return sum(cells.fold(cell.strip()) in known for cell in filled) >= _LEAST_SHARE * len(filled)
    if table is RESIDENTS and column.name in ("born_on", "arrived_on"):
        days = [found for cell in filled if (found := _day(cell))]
        if len(days) < _LEAST_SHARE * len(filled):
            return False
        is_birth = sorted(days)[len(days) // 2].year < today.year - _OLD
        return is_birth == (column.name == "born_on")
    return False


def _day(text: str) -> date | None:
    try:
        day: date = cells.day(text.strip())
    except BadCell:
        return None
    return day


def _order(grid: Grid, table: Table, header_row: int, columns: Iterable[str]) -> str:
    """The order in which dates can only be written: some day is above 12, and nothing speaks for the other order."""
    dates = {column.name for column in table.columns if column.read is cells.day}
    places = [place for place, name in enumerate(columns) if name in dates]
    found = [
        (int(match[1]), int(match[2]))
        for row in grid.rows[header_row:]
        for place in places
        if (match := PARTS.fullmatch(row[place].strip()))
    ]
    if any(first > 12 for first, _ in found) and not any(second > 12 for _, second in found):
        return "dmy"
    if any(second > 12 for _, second in found) and not any(first > 12 for first, _ in found):
        return "mdy"
    return ""


PARTS = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
