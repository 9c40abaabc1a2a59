"""Every file can be read at one sitting, says what it is for, and holds nothing that should not leave a machine."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.architecture.sources import files, name, tree

LONGEST_FILE = 400
LONGEST_TESTS = 650  # a rule's two sides, a case after the other: read by name, not from top to bottom
LONGEST_FUNCTION = 60  # 40 is the aim
FULLEST_ROOM = 12  # modules, besides the room's own `__init__.py`: who looks for something reads the names once
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "data", "info", "misc"}
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abp]-[0-9A-Za-z-]{20}"
    r"|(?i:secret_key|password|token)\s*=\s*[\"'][A-Za-z0-9+/_=-]{32,}[\"']"
)
PATHS = re.compile(r"(?<![\w.])/(?:home|root|Users)/\w|(?<![\w./])/work/\w")


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in files(".py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name(path)}:{node.lineno} {node.name}", node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def test_files_are_short() -> None:
    lengths = {name(path): path.read_text("utf-8").count("\n") for path in files(".py", ".js", ".css", ".html")}

    most = {path: LONGEST_TESTS if path.startswith("tests/") else LONGEST_FILE for path in lengths}
    assert {path: lines for path, lines in lengths.items() if lines > most[path]} == {}


def test_functions_are_short() -> None:
    assert {where: length(node) for where, node in functions() if length(node) > LONGEST_FUNCTION} == {}


def test_no_room_holds_more_than_a_dozen_modules() -> None:
    """What outgrows a room gets rooms of its own, named in the field's terms."""
    held = Counter(name(path.parent) for path in files(".py") if path.name != "__init__.py")

    assert {room: modules for room, modules in held.items() if modules > FULLEST_ROOM} == {}


def test_modules_are_named_for_what_they_hold() -> None:
    assert [name(path) for path in files(".py") if VAGUE & {*path.with_suffix("").parts[-2:]}] == []


def test_modules_of_the_product_say_what_they_are() -> None:
    silent = [
        name(path)
        for path in files(".py")
        if name(path).startswith(("milieu/", "solver/", "web/")) and not ast.get_docstring(tree(path))
    ]

    assert silent == []


@pytest.mark.parametrize("pattern", [SECRET, PATHS], ids=["secrets", "paths of one machine"])
def test_nothing_private_is_committed(pattern: re.Pattern[str]) -> None:
    found = []
    for path in files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        found += [f"{name(path)}: {match[0][:40]}" for match in pattern.finditer(text)]

    assert found == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (SECRET, "secret_key = " + repr("a1" * 20)),
        (SECRET, "-----BEGIN RSA " + "PRIVATE KEY-----"),
        (PATHS, "open('" + "/home/" + "ada/milieu.sqlite')"),
    ],
)
def test_what_is_private_would_be_found(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)
