"""A form's fields, made from the columns that it edits: what each shows, what it takes, what is wrong with it.

`{% from "fields.html" import field %}{% for each in fields %}{{ field(each) }}{% endfor %}` shows them; `typed_in`
reads what came back. Labels and hints are the page's own words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused
from milieu.services.editing.saving import Stale
from milieu.services.editing.shapes import CHOICE, LISTS, NUMBER, TEXT, Shape, shape_of

_AGAINST = re.compile(r"(?P<how>below|before|after) (?P<column>[a-z_]+), ")

Option = tuple[str, str]
"""A value, and its word."""


@dataclass(frozen=True)
class Words:
    """How a page speaks of a column: `options` are the words of a choice by value, or what may be chosen.

    `suggested` is what others have written there; `is_closed`: of a list nothing else may be written;
    `is_needed_at_times`: whether it may stay empty depends on the others, and the hint says when.
    """

    label: str
    hint: str = ""
    options: Sequence[Option] = ()
    suggested: Sequence[str] = ()
    is_closed: bool = False
    is_needed_at_times: bool = False


@dataclass(frozen=True)
class Field:
    """One field of a form, its `value` as the column writes it.

    `fault` says what is wrong with it; the first that has one is where whoever types goes on. `theirs` is what somebody
    else saved meanwhile, None where that is the same.
    """

    name: str
    shape: Shape
    words: Words
    value: str
    is_needed: bool
    fault: str
    theirs: str | None
    is_first_at_fault: bool = False

    @property
    def kind(self) -> str:
        """The shape's, but a choice where a text can only be one of some."""
        return "choice" if self.shape.kind == TEXT and self.words.options else self.shape.kind

    @property
    def options(self) -> Sequence[Option]:
        """What can be chosen, in order; of words of one's own also those that are chosen."""
        known = dict(self.words.options)
        if self.shape.kind == "words":
            known |= {value: known.get(value, value) for value in self.chosen}
            return list(known.items())
        return [(value, known.get(value, value)) for value in self.shape.values] or self.words.options

    @property
    def chosen(self) -> list[str]:
        """Of boxes, those that are ticked."""
        return self.value.split(";") if self.value else []


def fields_of(
    part: Part,
    words: Mapping[str, Words],
    held: Mapping[str, str],
    *,
    typed: Mapping[str, str] | None = None,
    refused: Exception | None = None,
) -> list[Field]:
    """The fields of a part. `held`: what the row holds, as text; `typed`: what came back and was refused."""
    faults = refused.faults if isinstance(refused, Refused) else {}
    theirs = refused.theirs if isinstance(refused, Stale) else {}
    shown = held if typed is None else typed
    first = next((column.name for column in part.columns if faults.get(column.name)), None)
    return [
        Field(
            column.name,
            _shape(shape_of(column), words[column.name]),
            words[column.name],
            shown.get(column.name, ""),
            column.is_needed,
            _worded(faults.get(column.name, ""), words),
            _other(theirs.get(column.name), shown.get(column.name, "")),
            column.name == first,
        )
        for column in part.columns
    ]


def _shape(shape: Shape, words: Words) -> Shape:
    """A number that has words for its values is chosen among them."""
    return Shape(CHOICE) if shape.kind == NUMBER and words.options else shape


def _worded(fault: str, words: Mapping[str, Words]) -> str:
    """A fault that is held against another field, with what that one is called here instead of its column."""
    return _AGAINST.sub(lambda found: _called(found, words), fault)


def _called(found: re.Match[str], words: Mapping[str, Words]) -> str:
    known = words.get(found["column"])
    return f"{found['how']} “{known.label}”, " if known else found[0]


def _other(theirs: str | None, mine: str) -> str | None:
    return None if theirs == mine else theirs


def typed_in(part: Part, form: "MultiDict[str, str]") -> dict[str, str]:
    """What a form holds, by the name of the column; of lists all that is ticked or written, as a list is written."""
    found = {}
    for column in part.columns:
        if column.name in form:
            given = form.getlist(column.name)
            found[column.name] = _listed(given) if shape_of(column).kind in LISTS else given[0]
    return found


def _listed(given: Sequence[str]) -> str:
    """Each once, in the order of the form; what somebody wrote may have commas between."""
    parts = (part.strip() for each in given for part in each.replace(",", ";").split(";"))
    return ";".join(dict.fromkeys(part for part in parts if part))
