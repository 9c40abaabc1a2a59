"""dev.py: what it installs, when it does nothing, and what it says. Without network: pip, uv and Milieu itself are
stand-ins here that write down how they were called; dev.py runs as it is."""

import ast
import os
import shutil
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

import dev
from tests.architecture.sources import ROOT
from tests.patience import PATIENCE

SHIPPED = ("dev.py", "pyproject.toml", "setup.lock", "requirements.lock", "dev.lock")
STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >> "{log}"
{then}
"""


class Clone:
    """A clone whose environment holds stand-ins for `python`, `uv` and `milieu`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.programs, self._log = folder, folder / ".venv" / "bin", folder / "calls"
        self.programs.mkdir(parents=True)
        for name in SHIPPED:
            shutil.copy(ROOT / name, folder)
        for name in ("python", "uv", "milieu", "pytest", "ruff", "mypy", "lint-imports"):
            self.stand_in(name)

    def stand_in(self, name: str, then: str = "") -> None:
        (self.programs / name).write_text(STAND_IN.format(log=self._log, then=then))
        (self.programs / name).chmod(0o755)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "dev.py", *arguments],
            cwd=self.folder,
            text=True,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def calls(self) -> list[str]:
        """What the stand-ins were asked since the last look."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        self._log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def installed(calls: list[str]) -> list[str]:
    """The lock files that uv was given, and "." for the project itself."""
    return [line.split()[-1] for line in calls if line.startswith("uv pip install")]


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    assert any(words in line for line in iter(process.stdout.readline, ""))


def test_help_names_every_command() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "dev.py", "--help"], capture_output=True, text=True, check=True
    ).stdout

    assert [command for command in dev.COMMANDS if f"\n  {command} " not in told] == []


def test_unknown_command_is_refused_with_the_help(clone: Clone) -> None:
    answer = clone.run("demonstrate")

    assert (answer.returncode, answer.stdout) == (2, "")
    assert "python3 dev.py COMMAND" in answer.stderr


def test_old_python_is_told_in_one_sentence() -> None:
    pretend = (
        "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); runpy.run_path('dev.py', run_name='__main__')"
    )

    answer = subprocess.run([sys.executable, "-c", pretend, "demo"], cwd=ROOT, capture_output=True, text=True)

    assert answer.returncode == 1
    assert "Milieu needs Python 3.11 or newer, and this is 3.9." in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_file_parses_on_the_oldest_python_that_it_speaks_to() -> None:
    ast.parse((ROOT / "dev.py").read_text("utf-8"), feature_version=(3, 8))


def test_demo_installs_only_what_runs_the_product_and_passes_its_options_on(clone: Clone) -> None:
    answer = clone.run("demo", "--port", "0", "--community", "alder")
    calls = clone.calls()

    assert answer.returncode == 0
    assert installed(calls) == ["requirements.lock", "."]
    assert calls[-1] == "milieu demo --port 0 --community alder"


def test_everything_is_installed_by_its_hash(clone: Clone) -> None:
    clone.run("setup")

    assert [line for line in clone.calls() if "-r " in line and "--require-hashes" not in line] == []


def test_second_call_installs_nothing(clone: Clone) -> None:
    clone.run("setup")
    clone.calls()

    clone.run("setup")
    clone.run("demo")

    assert clone.calls() == ["milieu demo"]


def test_search_is_compiled_once_and_again_when_its_sources_change(clone: Clone) -> None:
    kernels = clone.folder / "solver" / "search"
    kernels.mkdir(parents=True)
    (kernels / "moves.py").write_text("ONE = 1\n")

    compiled = []
    for source in ("ONE = 1\n", "ONE = 1\n", "ONE = 2\n"):
        (kernels / "moves.py").write_text(source)
        clone.run("setup")
        compiled.append(any("kernels.compilation" in call for call in clone.calls()))

    assert compiled == [True, False, True]


def test_demo_compiles_the_search_itself(clone: Clone) -> None:
    kernels = clone.folder / "solver" / "search"
    kernels.mkdir(parents=True)
    (kernels / "moves.py").write_text("ONE = 1\n")

    clone.run("demo")

    assert not any("kernels.compilation" in call for call in clone.calls())


def test_failed_compilation_is_told_and_tried_again(clone: Clone) -> None:
    clone.run("setup")
    kernels = clone.folder / "solver" / "search"
    kernels.mkdir(parents=True)
    (kernels / "moves.py").write_text("ONE = 1\n")

    clone.stand_in("python", 'case "$2" in *kernels.compilation*) exit 1;; esac')
    answer = clone.run("setup")
    clone.stand_in("python")
    clone.calls()
    clone.run("setup")

    assert answer.returncode == 0
    assert "could not be compiled" in answer.stdout
    assert any("kernels.compilation" in call for call in clone.calls())


def test_tools_come_with_the_tests_after_a_demo(clone: Clone) -> None:
    clone.run("demo")
    clone.calls()

    clone.run("test", "tests/solver")
    calls = clone.calls()

    assert installed(calls) == ["dev.lock", "."]
    assert calls[-1] == "pytest tests/solver"


def test_everything_that_has_to_pass_is_run_also_after_something_failed(clone: Clone) -> None:
    clone.run("setup")
    clone.stand_in("mypy", "exit 1")
    clone.calls()

    answer = clone.run("test")

    assert [call.split()[0] for call in clone.calls()] == ["ruff", "ruff", "mypy", "lint-imports", "pytest"]
    assert answer.returncode == 1
    assert [line.split()[1:3] for line in answer.stdout.splitlines() if "FAILED" in line] == [["mypy", "FAILED"]]


def test_what_reads_the_sources_does_not_wait_for_the_search_to_be_compiled(clone: Clone) -> None:
    """The compilation stands in for one that ends once mypy has begun."""
    clone.run("setup")
    (clone.folder / "solver").mkdir()
    (clone.folder / "solver" / "moves.py").write_text("ONE = 1\n")
    clone.stand_in("mypy", "touch begun")
    clone.stand_in("python", 'case "$2" in *kernels.compilation*) until [ -e begun ]; do sleep 0.05; done;; esac')

    assert clone.run("test").returncode == 0
    assert any("kernels.compilation" in call for call in clone.calls())


def test_quick_run_checks_all_but_the_slow_tests(clone: Clone) -> None:
    clone.run("setup")
    clone.calls()
    clone.run("test")
    whole = clone.calls()

    clone.run("test", "--quick")

    assert clone.calls() == [*whole[:-1], f"{whole[-1]} --quick"]


def test_what_is_run_may_keep_its_bytecode(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    clone.stand_in("pytest", 'echo "bytecode ${PYTHONDONTWRITEBYTECODE-kept}"')

    assert "bytecode kept" in clone.run("test", "tests/solver").stdout.splitlines()


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_changed_needs_are_installed(clone: Clone, changed: str) -> None:
    clone.run("setup")
    clone.calls()
    with (clone.folder / changed).open("a") as file:
        file.write("# changed\n")

    clone.run("demo")

    assert installed(clone.calls()) == ["requirements.lock", "."]


def test_failed_install_is_told_and_repeated(clone: Clone) -> None:
    clone.stand_in("uv", "echo no route to anywhere; exit 2")
    failed = clone.run("setup")
    clone.stand_in("uv")
    clone.calls()

    mended = clone.run("setup")

    assert failed.returncode == 1
    assert "no route to anywhere" in failed.stderr
    assert "is this machine online?" in failed.stderr
    assert mended.returncode == 0
    assert installed(clone.calls()) == ["dev.lock", "."]


def test_interrupted_install_ends_in_a_sentence_and_is_repeated(clone: Clone) -> None:
    clone.stand_in("uv", "exec sleep 60")
    stopped = clone.start("setup")
    wait_for(stopped, "installing")
    os.killpg(stopped.pid, signal.SIGINT)
    _, told = stopped.communicate(timeout=PATIENCE)
    clone.stand_in("uv")
    clone.calls()

    clone.run("setup")

    assert stopped.returncode == 130
    assert told.strip() == "milieu: stopped; the same command goes on where this one ended."
    assert installed(clone.calls()) == ["dev.lock", "."]


def test_second_set_up_waits_for_the_first_and_then_has_nothing_to_do(clone: Clone) -> None:
    clone.stand_in("uv", "while [ ! -e go ]; do sleep 0.05; done")
    first = clone.start("setup")
    wait_for(first, "installing")
    second = clone.start("setup")
    wait_for(second, "another set-up is at work in this folder; waiting")
    (clone.folder / "go").touch()

    assert [process.wait(PATIENCE) for process in (first, second)] == [0, 0]
    assert installed(clone.calls()) == ["dev.lock", "."]


def test_missing_lock_file_is_named(clone: Clone) -> None:
    (clone.folder / "requirements.lock").unlink()

    answer = clone.run("demo")

    assert answer.returncode == 1
    assert answer.stderr == "milieu: requirements.lock is missing here: is this a whole clone of Milieu?\n"


def test_chromium_that_is_named_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path, named = make_program(tmp_path / "bin" / "chromium"), make_program(tmp_path / "mine")
    monkeypatch.setenv("PATH", str(on_path.parent))
    monkeypatch.delenv("MILIEU_CHROMIUM", raising=False)
    assert dev.find_chromium() == on_path

    monkeypatch.setenv("MILIEU_CHROMIUM", str(named))
    assert dev.find_chromium() == named

    monkeypatch.setenv("MILIEU_CHROMIUM", str(tmp_path / "missing"))
    with pytest.raises(dev.Stopped, match="MILIEU_CHROMIUM names"):
        dev.find_chromium()


def make_program(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def pins(name: str) -> list[tuple[str, str]]:
    """Each line of a lock file that pins a package, with the line after it."""
    lines = (ROOT / name).read_text().splitlines()
    return [(line, after) for line, after in pairwise([*lines, ""]) if line and not line.startswith((" ", "#"))]


def test_lock_files_agree_pin_by_hash_and_name_no_host() -> None:
    names = ("setup.lock", "requirements.lock", "cluster.lock", "dev.lock")

    assert {name for name in names if "://" in (ROOT / name).read_text()} == set()
    assert [line for name in names for line, after in pins(name) if not after.startswith("    --hash=sha256:")] == []
    product, cluster, tools = ({line for line, _ in pins(name)} for name in names[1:])
    assert (product - cluster, cluster - tools) == (set(), set())
    assert {line.partition("==")[0] for line in cluster - product} >= {"dask", "distributed", "psutil"}


def test_ci_and_make_run_the_same_commands() -> None:
    assert "exec python3 dev.py test\n" in (ROOT / ".ci" / "run").read_text()
    assert (ROOT / "Makefile").read_text().splitlines()[1] == f"{' '.join(dev.COMMANDS)}:"
