"""Rows and columns that a workbook does not show: read like the others, for a filter hides people, and told.

Leaving them out would end everybody whom somebody's filter hides; reading them in silence would bring in what nobody
sees.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_NUMBER = re.compile(rb"""\b(r|min|max)\s*=\s*["']([0-9]{1,7})["']""")
_SHOWN = 6


@dataclass(frozen=True)
class Hidden:
    """What a sheet hides: numbers of rows, and first and last numbers of columns, from 1."""

    rows: tuple[int, ...] = ()
    columns: tuple[tuple[int, int], ...] = ()


def hidden_in(part: bytes) -> Hidden:
    """What the XML of a sheet says is hidden."""
    columns = [_numbers(told) for told in _COLUMN.findall(part) if _HIDDEN.search(told)]
    spans = tuple((each["min"], each["max"]) for each in columns if {"min", "max"} <= each.keys())
    return Hidden(tuple(_rows(part)), spans)


def hidden_said(hidden: Hidden, cells: Sequence[Sequence[str]]) -> str:
    """ "has 2 hidden rows (3, 5) and 1 hidden column (D)", of those that hold anything; "" where none does."""
    rows = [number for number in hidden.rows if number <= len(cells) and any(map(str.strip, cells[number - 1]))]
    width = max(map(len, cells), default=0)
    places = sorted({place for first, last in hidden.columns for place in range(first, min(last, width) + 1)})
    columns = [place for place in places if any(row[place - 1].strip() for row in cells if place <= len(row))]
    said = [*_said("row", [str(each) for each in rows]), *_said("column", [_letters(each) for each in columns])]
    return f"has {' and '.join(said)}" if said else ""


def _rows(part: bytes) -> Iterator[int]:
    number = 0
    for told in _ROW.findall(part):
        number = _numbers(told).get("r", number + 1)
        if _HIDDEN.search(told):
            yield number


def _numbers(told: bytes) -> dict[str, int]:
    return {name.decode(): int(number) for name, number in _NUMBER.findall(told)}


def _said(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        more = " …" if len(names) > _SHOWN else ""
        yield f"{len(names)} hidden {what}{'s' if len(names) > 1 else ''} ({', '.join(names[:_SHOWN])}{more})"


def _letters(place: int) -> str:
    """A column as a spreadsheet names it: 1 is A, 27 is AA."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
