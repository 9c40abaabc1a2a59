"""The page that says from which facts each number of a problem is made knows every field, and no other."""

import re
import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from solver.documents.problem import AbsentPin, AttendPin, Document, ProblemDocument, SessionPin
from tests.architecture.sources import ROOT

LISTS = ("spaces", "facilitators", "activities", "residents", "ties", "groups")
PAGE = (ROOT / "docs" / "problem.md").read_text(encoding="utf-8")


def told(heading: str) -> list[str]:
    """The fields of the table under a heading, in its order."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def documents(annotation: Any) -> Iterator[type[Document]]:
    """The documents that a field's type speaks of."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, Document):
            yield annotation
        return
    for each in typing.get_args(annotation):
        yield from documents(each)


def row_of(field: str) -> type[Document]:
    """What the rows of one of the document's lists are."""
    return next(documents(ProblemDocument.model_fields[field].annotation))


def test_document_is_told_field_by_field() -> None:
    expected = [field for field in ProblemDocument.model_fields if field not in (*LISTS, "pins")]

    assert sorted(told("The document")) == sorted(expected)


@pytest.mark.parametrize("field", LISTS)
def test_list_is_told_field_by_field(field: str) -> None:
    assert sorted(told(field)) == sorted(row_of(field).model_fields)


def test_pins_are_told_field_by_field() -> None:
    names = {name for pin in (SessionPin, AttendPin, AbsentPin) for name in pin.model_fields}

    assert set(told("pins")) == names


def test_every_list_of_rows_has_a_heading() -> None:
    lists = {name for name, field in ProblemDocument.model_fields.items() if _is_named_rows(field.annotation)}

    assert lists == set(LISTS) | {"previous"}


def _is_named_rows(annotation: Any) -> bool:
    """Whether a field is a list of rows that are something by themselves: with an id, or a pair of two."""
    rows = list(documents(annotation)) if typing.get_origin(annotation) is tuple else []
    return any({"id"} <= set(row.model_fields) or {"a", "b"} <= set(row.model_fields) for row in rows)
