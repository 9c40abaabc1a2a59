"""The limits of time and memory on homes of the sizes that are promised, measured on the real command."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.asked.homes import make_home
from bench.memory import PROC, Sampler
from solver.documents.exchange import digest, read_problem
from solver.instance.compilation import compile_problem
from solver.model.warnings import find_warnings
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[3]
MOST_MEMORY = 1.5e9  # bytes


def solve(source: Path, seconds: float, workers: int) -> tuple[float, int | None]:
    """The wall-clock seconds of a solve, and the most memory that all its processes held at once."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "solver",
            "solve",
            str(source),
            "-o",
            str(source.with_suffix(".out")),
            "--seconds",
            str(seconds),
            "--workers",
            str(workers),
        ],
        cwd=ROOT,
        start_new_session=True,
    )
    sampler = Sampler(process.pid)
    sampler.start()
    assert process.wait(10 * seconds + 60) == 0
    took = time.monotonic() - begun
    return took, sampler.finish()


@pytest.mark.slow(1)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_solve_ends_in_time(workers: int, tmp_path: Path) -> None:
    source = tmp_path / "home.json"
    source.write_bytes(make_home(120, 7).document())

    took, _ = solve(source, 2.0, workers)

    assert took <= PATIENCE


@pytest.mark.slow(5)
@pytest.mark.skipif(not PROC.is_dir(), reason="memory is read from Linux's /proc")
def test_a_home_of_300_takes_little_memory(tmp_path: Path) -> None:
    source = tmp_path / "home.json"
    source.write_bytes(make_home(300, 7).document())

    took, peak = solve(source, 10.0, 2)

    assert took <= PATIENCE
    assert peak is not None
    assert 5e7 < peak < MOST_MEMORY


@pytest.fixture(scope="session")
def village() -> bytes:
    """A community of 2,000, which takes some seconds to make up."""
    return make_home(2000, 1).document()


@pytest.mark.slow(17)
def test_a_community_of_2000_is_read_checked_and_compiled_soon(village: bytes) -> None:
    begun = time.process_time()

    document = read_problem(village)
    find_warnings(document)
    problem = compile_problem(document, digest(village))

    assert time.process_time() - begun < 3.0
    assert len(problem.document.residents) == 2000
