"""The page on security names a test for each of its ten points, and each of those tests exists."""

import ast
import re

from tests.architecture.sources import ROOT

POINT = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def named() -> dict[int, list[tuple[str, str]]]:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    return {int(number): TEST.findall(row) for number, row in POINT.findall(page)}


def test_each_of_the_ten_points_has_a_named_test() -> None:
    assert [number for number, tests in named().items() if tests] == list(range(1, 11))


def test_each_named_test_exists() -> None:
    missing = [
        f"{path}::{name}"
        for tests in named().values()
        for path, name in tests
        if not (ROOT / path).is_file()
        or name
        not in {
            node.name
            for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
            if isinstance(node, ast.FunctionDef)
        }
    ]

    assert missing == []
