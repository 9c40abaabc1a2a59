"""Hundreds of hostile documents: each is told to be wrong, line by line, or makes sense; none is a traceback."""

import json
import re
import time
from pathlib import Path

import pytest

from solver.documents.exchange import DocumentErrors, digest, read_problem
from solver.infeasibility.conflict import find_conflict
from solver.instance.compilation import compile_problem
from solver.model.wording.words import sentences
from solver.run.command.cli import main
from tests.solver.builders import whole
from tests.solver.model.mutations import hostile
from tests.solver.strategies import Chance, make_problem

LINE = re.compile(r"\S.*: \S.*")  # place: message


@pytest.mark.slow(1)
@pytest.mark.parametrize("first", range(0, 600, 100))
def test_a_hostile_document_is_told_line_by_line(
    first: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "problem.json"
    for seed in range(first, first + 100):
        path.write_bytes(hostile(seed, whole() if seed % 3 else make_problem(Chance(seed), 0.6)))

        status = main(["check", str(path)], 0.0)

        out, err = capsys.readouterr()
        assert status in (0, 2), seed
        if status == 0:
            assert set(json.loads(out)) == {"warnings"}
        else:
            assert out == ""
            assert err.endswith("\n")
            assert all(LINE.fullmatch(line) for line in err.split("\n")[:-1]), (seed, err)
            assert "Traceback" not in err


@pytest.mark.slow(2)
def test_what_is_well_formed_by_accident_can_be_searched_for_conflicts() -> None:
    for seed in range(300):
        raw = hostile(seed, make_problem(Chance(seed), 0.6))
        try:
            document = read_problem(raw)
        except DocumentErrors:
            continue

        found = find_conflict(compile_problem(document, digest(raw)), time.monotonic() + 0.5)

        assert found is None or all(sentences(document, found.reasons))


NO_DOCUMENT = [
    b"",
    b" ",
    b"null",
    b"[]",
    b'"x"',
    b"{",
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b'{"a": 1, "a": 1}',
    b"NaN",
    b"1e999",
    b'"\\ud800"',
]


@pytest.mark.parametrize("raw", NO_DOCUMENT)
def test_what_is_no_document_at_all_is_told(raw: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(raw)

    assert main(["check", str(path)], 0.0) == 2
    assert ": " in capsys.readouterr().err
