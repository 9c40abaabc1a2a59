"""The door to both documents: read them with every error at once, write them, name them by their digest.

Read by everybody else as `solver.documents.exchange`; the models themselves are in `documents` and `schedules`.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from solver.documents.fields import DAY_MINUTES, PARTS, READING, Document, clock, minutes, part_of_day
from solver.documents.jsontext import NotJson, parse
from solver.documents.paths import Path, order, place, shown
from solver.documents.problem import (
    OF_CHANGES,
    TERM_NAMES,
    AbsentPin,
    Activity,
    AttendPin,
    CalmWindow,
    Escorts,
    EscortWindow,
    Facilitator,
    FrozenUntil,
    GroupTarget,
    Horizon,
    LivingGroup,
    Noes,
    Offer,
    Pin,
    PinnedSession,
    ProblemDocument,
    Resident,
    Session,
    SessionBounds,
    SessionPin,
    Space,
    Target,
    Tie,
    Usual,
    Weights,
    Window,
    WishBounds,
)
from solver.documents.references import find_problem_faults, find_schedule_faults
from solver.documents.schedule import (
    CountDemand,
    CountRelaxed,
    Demand,
    PinDemand,
    Relaxed,
    RequiredDemand,
    RequiredRelaxed,
    ScheduleDocument,
    Status,
)

__all__ = [
    "DAY_MINUTES",
    "OF_CHANGES",
    "PARTS",
    "TERM_NAMES",
    "AbsentPin",
    "Activity",
    "AttendPin",
    "CalmWindow",
    "CountDemand",
    "CountRelaxed",
    "Demand",
    "DocumentError",
    "DocumentErrors",
    "EscortWindow",
    "Escorts",
    "Facilitator",
    "FrozenUntil",
    "GroupTarget",
    "Horizon",
    "LivingGroup",
    "Noes",
    "Offer",
    "Pin",
    "PinDemand",
    "PinnedSession",
    "ProblemDocument",
    "Relaxed",
    "RequiredDemand",
    "RequiredRelaxed",
    "Resident",
    "ScheduleDocument",
    "Session",
    "SessionBounds",
    "SessionPin",
    "Space",
    "Status",
    "Target",
    "Tie",
    "Usual",
    "Weights",
    "Window",
    "WishBounds",
    "clock",
    "digest",
    "minutes",
    "part_of_day",
    "problem_schema",
    "read_problem",
    "read_schedule",
    "schedule_schema",
    "write_problem",
    "write_schedule",
]

SomeDocument = TypeVar("SomeDocument", bound=Document)
_TAGGED = {"pins", "relaxed", "conflict"}  # lists of items with several forms; pydantic names the form in the path


@dataclass(frozen=True)
class DocumentError:
    """One error and where it stands, as `residents[3].busy[0].to` or, in what is not JSON, `line:column`."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class DocumentErrors(Exception):
    """A document that cannot be used, with everything that is wrong in it."""

    def __init__(self, errors: Iterable[DocumentError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


def digest(raw: bytes) -> str:
    """The lowercase SHA-256 by which a schedule names its problem's file."""
    return hashlib.sha256(raw).hexdigest()


def read_problem(raw: bytes) -> ProblemDocument:
    """The problem of a file's bytes.

    Raises DocumentErrors with every error of the document.
    """
    tree, faults = _tree(raw)
    document, more = _model(ProblemDocument, tree)
    return _whole(document, [*faults, *more, *find_problem_faults(tree)])


def read_schedule(raw: bytes, problem: ProblemDocument | None = None) -> ScheduleDocument:
    """The schedule of a file's bytes; with a problem, what it names must exist there.

    Which rules it breaks is not asked here. Raises DocumentErrors with every error of the document.
    """
    tree, faults = _tree(raw)
    document, more = _model(ScheduleDocument, tree)
    return _whole(document, [*faults, *more, *find_schedule_faults(tree, problem)])


def write_problem(document: ProblemDocument) -> bytes:
    """The document as a file; what has its default and was never given is left out."""
    return _written(document.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True))


def write_schedule(document: ScheduleDocument) -> bytes:
    """The document as a file, one line a session; equal documents give equal bytes."""
    tree = document.model_dump(mode="json")
    for key in ("conflict", "because"):
        if tree[key] is None:
            del tree[key]
    return _written(tree)


def problem_schema() -> dict[str, Any]:
    """The problem document's JSON Schema (draft 2020-12)."""
    return _schema(ProblemDocument, "A milieu problem")


def schedule_schema() -> dict[str, Any]:
    """The schedule document's JSON Schema (draft 2020-12)."""
    return _schema(ScheduleDocument, "A milieu schedule")


def _schema(model: type[Document], title: str) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True, mode="validation")
    schema = {**_without_null(schema), "title": title, "required": ["format", *schema["required"]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _without_null(node: Any) -> Any:
    """The schema without the nulls that Python code may say and a document may not."""
    if isinstance(node, list):
        return [_without_null(part) for part in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _without_null(part) for key, part in node.items() if not (key == "default" and part is None)}
    kinds = plain.get("anyOf", [])
    if "default" in node and {"type": "null"} in kinds:
        [kind] = [kind for kind in kinds if kind != {"type": "null"}]
        del plain["anyOf"]
        return {**kind, **plain}
    return plain


def _tree(raw: bytes) -> tuple[dict[str, Any], list[tuple[Path, str]]]:
    try:
        tree, flaws = parse(raw)
    except NotJson as error:
        raise DocumentErrors([DocumentError(f"{error.line}:{error.column}", error.message)]) from None
    if not isinstance(tree, dict):
        raise DocumentErrors([DocumentError("1:1", f"the document is {shown(tree)}, not an object")])
    return tree, [(flaw.path, flaw.message) for flaw in flaws]


def _model(model: type[SomeDocument], tree: dict[str, Any]) -> tuple[SomeDocument | None, list[tuple[Path, str]]]:
    try:
        return model.model_validate(tree, by_alias=True, by_name=False, context=READING), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [fault for each in details if (fault := _fault(each)) is not None]


def _whole(document: SomeDocument | None, faults: list[tuple[Path, str]]) -> SomeDocument:
    if document is not None and not faults:
        return document
    faults.sort(key=lambda fault: order(fault[0]))  # stable: of two faults at one place, what the text says comes first
    errors = dict.fromkeys(DocumentError(place(path), message) for path, message in faults)
    raise DocumentErrors(errors)


def _fault(error: ErrorDetails) -> tuple[Path, str] | None:
    """Path and plain words of what pydantic says; None where it only follows from another error."""
    kind, path = error["type"], error["loc"]
    if kind == "default_factory_not_called":
        return None
    if len(path) > 2 and path[0] in _TAGGED:
        path = (*path[:2], *path[3:])
    if path[-1:] == ("[key]",):
        path = path[:-1]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return (*path, "rule"), "only R6, R14 and R18 can stand here"
    limits = error.get("ctx", {})
    value = shown(error.get("input"))
    say = _WORDS.get(kind)
    return path, say.format(value=value, **limits) if say else f"{value} cannot stand here"


_WORDS = {
    "missing": "this key is missing",
    "extra_forbidden": "this key is not known here",
    "null": "null cannot stand here; leave the key out instead",
    "date": "this is no date like 2026-11-30",
    "apart": "only true can stand here; leave the key out instead",
    "slot": "{value} does not divide 60",
    "zero": "0 would be no tie; leave the tie out instead",
    "int_type": "{value} is no whole number",
    "int_from_float": "{value} is no whole number",
    "greater_than_equal": "{value} is below {ge}",
    "less_than_equal": "{value} is above {le}",
    "string_type": "{value} is no text",
    "string_too_short": "this is empty",
    "string_pattern_mismatch": "{value} does not have the form it needs, such as 09:30 for a time",
    "bool_type": "{value} is neither true nor false",
    "tuple_type": "{value} is no list",
    "too_long": "this list has more than {max_length} items",
    "dict_type": "{value} is no object",
    "model_type": "{value} is no object",
    "literal_error": "{value} is not {expected}",
}


def _written(tree: dict[str, Any]) -> bytes:
    """JSON with a line for each top-level key, and for each item of the lists that people read."""
    lines = []
    for key, value in tree.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f"{json.dumps(key)}: [\n  {rows}\n ]")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return ("{\n " + ",\n ".join(lines) + "\n}\n").encode()
