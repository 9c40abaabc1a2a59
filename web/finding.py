"""Rows found by what was typed of their name, for pages that show many: the server finds as the page does meanwhile."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from web.words.spelling import FOLDED, is_meant, words_of

Row = TypeVar("Row")
LONGEST_SEARCH = 80
MANY = 8
"""From more rows than so many on, a page shows a field to find them by."""


@dataclass(frozen=True)
class Finding(Generic[Row]):
    """What was typed ("": nothing) and the rows that are meant by it. `is_many`: the field is worth its room."""

    sought: str
    rows: tuple[Row, ...]
    is_many: bool
    folded: str = json.dumps(FOLDED)

    @staticmethod
    def words(name: str) -> str:
        """What a row says of itself to the page."""
        return words_of(name)


def finding(rows: Iterable[Row], name: str) -> Finding[Row]:
    """The rows that the address asks for (`q`); `name`: the attribute that holds what each is called."""
    every = tuple(rows)
    sought = " ".join(request.args.get("q", "").split())[:LONGEST_SEARCH]
    return Finding(sought, tuple(row for row in every if is_meant(sought, getattr(row, name))), len(every) > MANY)
