"""Commands as they are really called: odd folders, another language, no keyboard, two at once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from milieu.database import make_engines, reading
from milieu.installation.serving import open_engines
from milieu.models import Community, Resident
from milieu.settings import Settings
from tests.architecture.sources import ROOT
from tests.nursery import Nursery
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow(2)
NUTSHELL = ROOT / "fixtures" / "broken" / "whole"
FRESH = "Nutshell is imported."
ACCOUNT = ("account", "create", "--email", "dee@nut.example", "--name", "Dee", "--role", "director", "--password-stdin")


def begin(folder: Path, *arguments: str, python: Sequence[str] = (), **environment: str) -> subprocess.Popen[str]:
    """Start `milieu` in a folder, on a data folder beside it."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MILIEU_")}
    return subprocess.Popen(
        [*python, sys.executable, *environment.pop("flags", "").split(), "-m", "web", "--data", "data", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        cwd=folder,
        env={**own, "PYTHONPATH": str(ROOT), **environment},
    )


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code, first line and errors."""
    out, error = process.communicate(timeout=PATIENCE)
    return process.returncode, out.partition("\n")[0], error


@pytest.mark.parametrize("name", ["Ada 🏡 lists", "two\nlines", "50% & more?", "..lists"])
def test_folder_may_be_called_anything(name: str, tmp_path: Path, nursery: Nursery) -> None:
    shutil.copytree(NUTSHELL, tmp_path / name)
    own = {name: value for name, value in os.environ.items() if not name.startswith("MILIEU_")}

    told = nursery.run("--data", "data", "import", f"{name}/", folder=tmp_path, environment=own)

    assert (told.returncode, told.stdout.partition("\n")[0], told.stderr) == (0, FRESH, "")


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"flags": "-O"},
        {"flags": "-OO"},
        {"TZ": "Pacific/Chatham"},
        {"TERM": "dumb", "COLUMNS": "1"},
    ],
    ids=["no language", "without assertions", "without docstrings", "an odd zone", "a narrow terminal"],
)
def test_it_imports_wherever_it_runs(environment: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(NUTSHELL, tmp_path / "Zoës lists")

    assert end(begin(tmp_path, "import", "Zoës lists", **environment)) == (0, FRESH, "")


def test_three_imports_at_once_make_one_community(tmp_path: Path) -> None:
    open_engines(Settings(data_dir=tmp_path / "data")).dispose()

    ends = sorted(end(each) for each in [begin(tmp_path, "import", str(NUTSHELL)) for _turn in range(3)])

    assert ends == [(0, FRESH, ""), (0, "Nutshell: no change.", ""), (0, "Nutshell: no change.", "")]
    engines = make_engines(f"sqlite:///{tmp_path / 'data' / 'milieu.sqlite'}")
    with reading(engines) as db:
        assert db.scalar(select(func.count()).select_from(Community)) == 1
        assert db.scalar(select(func.count()).select_from(Resident)) == 3
    engines.dispose()


@pytest.mark.skipif(os.name != "posix", reason="a standard input that is closed")
def test_password_from_no_input_is_told(tmp_path: Path) -> None:
    assert end(begin(tmp_path, "import", str(NUTSHELL)))[0] == 0

    code, out, error = end(begin(tmp_path, *ACCOUNT, python=("sh", "-c", 'exec "$0" "$@" <&-')))

    assert (code > 0, out) == (True, "")
    assert "Traceback" not in error
    assert "process.failed" not in error
    assert "password" in error.lower()
