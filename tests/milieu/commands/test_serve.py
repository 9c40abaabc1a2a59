"""`milieu serve` as a process: it comes up, does what is due, ends cleanly, and refuses what it cannot stand for."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from milieu.database import newest_revision
from milieu.installation.doctor import _solver
from milieu.installation.revisions import downgrade
from milieu.settings import Settings
from tests.architecture.sources import ROOT
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow(2)


def command(tmp_path: Path, *arguments: str, **environment: str) -> tuple[list[str], dict[str, str]]:
    started = [sys.executable, "-u", "-m", "web", "--data", str(tmp_path / "data"), *arguments]
    return started, {**os.environ, "PYTHONPATH": str(ROOT), **environment}


@contextmanager
def serving(tmp_path: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    started, given = command(tmp_path, "serve", "--port", "0", **environment)
    process = subprocess.Popen(
        started, env=given, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("Milieu is at http://"), line
        yield process, line.split()[3]
    finally:
        process.kill()
        process.wait()


def refusal(tmp_path: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    started, given = command(tmp_path, "serve", *arguments, **environment)
    told = subprocess.run(started, env=given, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    return told.returncode, told.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_server_comes_up_ready_and_ends_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    with serving(tmp_path) as (process, address):
        deadline = time.monotonic() + PATIENCE
        while not (ready := readiness(address))["ok"]:
            assert time.monotonic() < deadline, ready
        children = psutil.Process(process.pid).children(recursive=True)
        assert psutil.Process(process.pid).memory_info().rss < 500 * 2**20

        process.send_signal(how)

        assert process.wait(PATIENCE) == 0
    assert [child for child in children if child.is_running()] == []


def readiness(address: str) -> dict[str, object]:
    try:
        with urllib.request.urlopen(f"{address}readyz", timeout=PATIENCE) as answer:
            told: dict[str, object] = json.load(answer)
    except urllib.error.HTTPError as error:
        told = json.load(error)
    return told


def test_taken_port_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, sentence = refusal(tmp_path, "--port", str(port))

    assert status == 1
    assert sentence == (f"Port {port} on 127.0.0.1 cannot be had (Address already in use): choose another with --port.")


def test_postgresql_that_was_not_upgraded_is_refused(postgresql_url: str, tmp_path: Path) -> None:
    downgrade(postgresql_url, "base")

    status, sentence = refusal(tmp_path, "--port", "0", MILIEU_DATABASE_URL=postgresql_url)

    assert (status, sentence) == (
        1,
        f"The database is at revision none and this program at {newest_revision()}: run `milieu db upgrade` first.",
    )


def test_database_that_does_not_answer_is_told_in_a_sentence(tmp_path: Path) -> None:
    nowhere = f"postgresql://nobody@/milieu?host={tmp_path}"

    status, sentence = refusal(tmp_path, "--port", "0", MILIEU_DATABASE_URL=nowhere)

    assert (status, sentence.startswith("The database cannot be reached: ")) == (1, True)


def test_data_folder_that_cannot_be_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, where the folder should be")

    status, sentence = refusal(tmp_path, "--port", "0")

    assert (status, sentence) == (2, f"Error: Invalid value for '--data': Directory '{tmp_path / 'data'}' is a file.")


def test_server_runs_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, MILIEU_DATABASE_URL=postgresql_url) as (process, address):
        with urllib.request.urlopen(f"{address}healthz", timeout=PATIENCE) as answer:
            assert answer.status == 200
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_doctor_sees_that_the_solver_answers() -> None:
    state, sentence = _solver(Settings())

    assert (state, sentence.startswith("It planned one person's day in ")) == ("good", True)


def test_doctor_sees_that_the_solver_does_not_answer() -> None:
    state, sentence = _solver(Settings(solver_memory_mb=20))

    assert (state, sentence.startswith("It does not answer as it should")) == ("wrong", True)
