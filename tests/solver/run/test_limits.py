"""The limits of time and memory on homes of the sizes that are promised, measured on the real command."""

import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from bench.asked.homes import make_home
from bench.memory import PROC, Sampler
from solver.documents.exchange import digest, read_problem
from solver.instance.compilation import compile_problem
from solver.model.warnings import find_warnings
from tests.patience import PATIENCE
from tests.solver.work import lines_run

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
    assert process.wait(10 * seconds + 60) in (0, 4)  # on a busy machine nothing may be found in so short a time
    took = time.monotonic() - begun
    return took, sampler.finish()


@pytest.mark.slow(1.5)
def test_a_solve_ends_in_time(tmp_path: Path) -> None:
    source = tmp_path / "home.json"
    source.write_bytes(make_home(120, 7).document())

    took, _ = solve(source, 2.0, 1)

    assert took <= PATIENCE


@pytest.mark.slow(5)
@pytest.mark.skipif(not PROC.is_dir(), reason="memory is read from Linux's /proc")
def test_a_home_of_300_takes_little_memory(tmp_path: Path) -> None:
    source = tmp_path / "home.json"
    source.write_bytes(make_home(300, 7).document())

    took, peak = solve(source, 5.0, 2)

    assert took <= PATIENCE
    assert peak is not None
    assert 5e7 < peak < MOST_MEMORY


@pytest.mark.slow(3.1)
def test_reading_checking_and_compiling_grow_with_the_community() -> None:
    def prepare(raw: bytes) -> None:
        document = read_problem(raw)
        find_warnings(document)
        compile_problem(document, digest(raw))

    small, large = (lines_run(partial(prepare, make_home(residents, 1).document())) for residents in (240, 480))

    assert large < 2.5 * small  # four times as much where everybody is held against everybody
    assert large < 7_000_000  # 4.6 million when this was written
