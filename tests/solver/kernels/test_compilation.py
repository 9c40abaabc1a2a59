"""Kernels that have changed are compiled once, whoever asks, and before the first test that may need them.

The solver's own take a minute; here its room of kernels stands in a folder of its own, with entries of a line each.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solver.kernels.compiled import ENTRIES
from tests.architecture.sources import ROOT
from tests.kernels import WHY
from tests.patience import PATIENCE

COMPILE = "from solver.kernels.compilation import compile_once; compile_once()"
HEAD = """
import time
from pathlib import Path
from solver.kernels.compiled import IS_COMPILING, entry

if IS_COMPILING:
    with Path("begun").open("a") as file:
        file.write("begun\\n")
    while Path("held").exists():
        time.sleep(0.02)
"""


class Folder:
    """A folder with a solver whose entries all add one; nothing is compiled yet."""

    def __init__(self, path: Path) -> None:
        self.path, self.held = path, path / "held"
        kernels = path / "solver" / "kernels"
        kernels.mkdir(parents=True)
        (path / "solver" / "__init__.py").touch()
        for source in (ROOT / "solver" / "kernels").glob("*.py"):
            shutil.copy(source, kernels)
        entries = "".join(f"\n@entry\ndef {name}(a: int) -> int:\n    return a + 1\n" for name in ENTRIES)
        (path / "solver" / "entries.py").write_text(HEAD + entries)
        self.write_test(
            "solver", "import solver.entries\n\ndef test_it():\n    assert solver.entries.widest(20) == 21\n"
        )

    def write_test(self, room: str, text: str) -> None:
        file = self.path / "tests" / room / "test_it.py"
        file.parent.mkdir(parents=True)
        file.write_text(text)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": f"{self.path}{os.pathsep}{ROOT}"}
        command = [sys.executable, *arguments]
        return subprocess.Popen(command, cwd=self.path, env=environment, stdout=subprocess.PIPE, text=True)

    def test(self, *options: str) -> tuple[int, list[str]]:
        """How pytest ended that runs with the project's own hooks, and what it said."""
        plugins = ("--disable-plugin-autoload", "--import-mode=importlib", "-p", "tests.turns", "-p", "tests.kernels")
        process = self.start("-m", "pytest", *plugins, *options)
        told = process.communicate(timeout=PATIENCE)[0]
        return process.returncode, told.splitlines()

    @property
    def times_begun(self) -> int:
        """How often a compilation was begun."""
        file = self.path / "begun"
        return file.read_text().count("begun") if file.exists() else 0

    def wait_for(self, times_begun: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.times_begun < times_begun:
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.slow(5)
def test_of_several_who_ask_one_compiles(folder: Folder) -> None:
    folder.held.touch()
    processes = [folder.start("-c", COMPILE) for _ in range(3)]
    folder.wait_for(1)
    folder.held.unlink()

    assert [process.wait(PATIENCE) for process in processes] == [0, 0, 0]
    assert folder.times_begun == 1


@pytest.mark.slow(5)
def test_who_waits_takes_over_from_one_that_is_killed(folder: Folder) -> None:
    folder.held.touch()
    first = folder.start("-c", COMPILE)
    folder.wait_for(1)
    second = folder.start("-c", COMPILE)
    first.kill()
    folder.wait_for(2)
    folder.held.unlink()

    assert (first.wait(), second.wait(PATIENCE)) == (-9, 0)
    assert folder.times_begun == 2


@pytest.mark.slow(10)
@pytest.mark.parametrize("options", [(), ("-p", "xdist", "-n", "2")], ids=["one process", "shared"])
def test_tests_find_the_kernels_compiled_and_say_what_takes_a_minute(folder: Folder, options: tuple[str, ...]) -> None:
    status, told = folder.test("tests/solver", *options)
    again, told_again = folder.test("tests/solver", *options)

    assert (status, again, folder.times_begun) == (0, 0, 1)
    assert [line for line in told if WHY in line] == [f"milieu: {WHY} ..."]
    assert [line for line in told_again if WHY in line] == []


def test_what_no_kernel_is_asked_for_waits_for_none(folder: Folder) -> None:
    folder.write_test("architecture", "def test_it(): pass")

    status, _ = folder.test("tests/architecture")
    listed, _ = folder.test("--collect-only")

    assert (status, listed, folder.times_begun) == (0, 0, 0)


@pytest.mark.slow(5)
def test_kernels_that_cannot_be_compiled_are_told_and_stop_nobody(folder: Folder) -> None:
    entries = folder.path / "solver" / "entries.py"
    entries.write_text(entries.read_text().replace("a + 1", "a + nothing"))

    status, told = folder.test("tests/solver")

    assert status == 1
    assert [line for line in told if line.startswith("milieu: the search could not be compiled")] != []
