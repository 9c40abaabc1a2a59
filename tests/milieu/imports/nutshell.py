"""The small whole community of fixtures/broken: a copy of its folder to change, and ways to change it."""

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from milieu.database import Engines, unit_of_work
from milieu.errors import Invalid
from milieu.imports.folder import import_folder, read_folder
from milieu.imports.merging.reports import ImportReport

FIXTURES = Path(__file__).parents[3] / "fixtures"
WHOLE = FIXTURES / "broken" / "whole"
NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)


def copied(parent: Path) -> Path:
    """A copy of its folder."""
    copy = parent / "nutshell"
    shutil.copytree(WHOLE, copy)
    return copy


def problems_of(folder: Path) -> list[str]:
    """What is told of a folder that is refused."""
    with pytest.raises(Invalid) as refusal:
        read_folder(folder)
    return list(refusal.value.problems)


def take(engines: Engines, folder: Path, now: datetime = NOW) -> ImportReport:
    """Import a folder in a unit of work of its own."""
    with unit_of_work(engines) as db:
        return import_folder(db, folder, now=now)


def swap(folder: Path, file: str, old: str, new: str) -> None:
    """Change a text wherever it stands in a file; it must be there."""
    content = (folder / file).read_text(encoding="utf-8")
    assert old in content
    (folder / file).write_text(content.replace(old, new), encoding="utf-8")


def rewrite(folder: Path, file: str, change: Callable[[list[list[str]]], list[list[str]]]) -> None:
    """Change the rows of a file, the header among them."""
    with (folder / file).open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    with (folder / file).open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(change(rows))


def without(folder: Path, file: str, *keys: str) -> None:
    """Take out the rows that have one of these words in a cell."""
    rewrite(folder, file, lambda rows: [row for row in rows if not set(keys) & set(row)])
