"""Whose turn it is: on a small folder of tests, run by pytest as the project's own are."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

ON_BOTH = """import pytest
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_eight(database): pass
"""
FILES = {
    "solver/test_a.py": "def test_one(): pass\ndef test_two(): pass\ndef test_three(): pass",
    "solver/test_b.py": "import pytest\n@pytest.mark.slow(30)\ndef test_four(): pass\ndef test_five(): pass",
    "milieu/test_d.py": ON_BOTH,
    "web/test_c.py": "import pytest\npytestmark = pytest.mark.slow\ndef test_six(): pass\ndef test_seven(): pass",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / "tests" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow\npythonpath = .")
    return tmp_path


def run(folder: Path, *options: str) -> list[str]:
    """What pytest says, line by line."""
    command = [sys.executable, "-m", "pytest", "--disable-plugin-autoload", "-p", "tests.turns", "-v", *options]
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


SHARED = ("-p", "xdist", "-n", "1", "--dist", "loadfile")


def passed(lines: list[str]) -> list[str]:
    """The tests in the order in which they ended."""
    return [word.rpartition("test_")[2] for line in lines if "PASSED" in line for word in line.split() if "::" in word]


def test_files_with_most_to_do_begin_where_processes_share_them(folder: Path) -> None:
    assert passed(run(folder, *SHARED)) == [
        "four",
        "five",
        "six",
        "seven",
        "one",
        "two",
        "three",
        "eight[sqlite]",
        "eight[postgresql]",
    ]


def test_one_process_keeps_the_order_of_the_files(folder: Path) -> None:
    assert passed(run(folder)) == [
        "eight[sqlite]",
        "eight[postgresql]",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
    ]


@pytest.mark.parametrize("options", [(), SHARED], ids=["one process", "shared"])
def test_quick_leaves_out_what_is_slow_or_on_postgresql_and_says_so(folder: Path, options: tuple[str, ...]) -> None:
    lines = run(folder, "--quick", *options)

    assert sorted(passed(lines)) == ["eight[sqlite]", "five", "one", "three", "two"]
    told = "--quick left out 4 tests, slow or on PostgreSQL: 2 of web, 1 of milieu, 1 of solver."
    assert f"{told} They run without --quick." in lines


def test_quick_says_also_that_nothing_was_slow(folder: Path) -> None:
    assert "--quick left nothing out." in run(folder, "--quick", "tests/solver/test_a.py")


def test_all_run_unasked(folder: Path) -> None:
    lines = run(folder)

    assert len(passed(lines)) == 9
    assert [line for line in lines if "left out" in line] == []
