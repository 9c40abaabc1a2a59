"""Workbooks and CSV files made for tests."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook with these cells, as a spreadsheet saves it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def csv_file(text: str) -> bytes:
    """A CSV file as a spreadsheet writes it; `text` with a column at each |."""
    lines = [",".join(part.strip() for part in line.split("|")) for line in text.strip().splitlines()]
    return ("\r\n".join(lines) + "\r\n").encode()
