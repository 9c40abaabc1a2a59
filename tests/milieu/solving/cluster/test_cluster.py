"""Solves on a real cluster on this machine, whatever happens to its processes meanwhile."""

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bench.asked.homes import make_home
from milieu.installation.doctor import GOOD, WARNING, examine
from milieu.settings import Settings
from milieu.solving.cluster import backend, looking, task
from milieu.solving.cluster.backend import Cluster
from milieu.solving.cluster.program import program
from milieu.solving.process.child import ChildResult, Interrupted, Progress, SolverChild
from solver.documents.exchange import digest, read_problem, read_schedule
from solver.model.check import broken
from tests.milieu.solving.cluster.loopback import Loopback, loopback, solves_under, until
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow(1)

PROBLEM = make_home(60, 7).document()
LONG = 60.0  # seconds: longer than any test waits before it stops a solve


class Here(SolverChild):
    """Solves on this machine, counted."""

    count = 0

    def solve(self, *given: object, **more: object) -> ChildResult:
        self.count += 1
        return super().solve(*given, **{**more, "seconds": 2.0})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    with loopback(tmp_path_factory.mktemp("cluster"), workers=2) as cluster:
        yield cluster


def on(cluster: Loopback, **more: float) -> Cluster:
    return Cluster(cluster.address, Here(beat_seconds=0.05), grace_seconds=10.0, beat_seconds=0.05, **more)  # type: ignore[arg-type]


def solve(cluster: Cluster, *, seconds: float = LONG, **more: object) -> ChildResult:
    return cluster.solve(PROBLEM, seconds=seconds, workers=1, seed=7, **more)  # type: ignore[arg-type]


def done_here(cluster: Cluster) -> int:
    assert isinstance(cluster.here, Here)
    return cluster.here.count


def is_valid(result: ChildResult) -> bool:
    schedule, problem = read_schedule(result.schedule or b""), read_problem(PROBLEM)
    return schedule.problem == digest(PROBLEM) and not broken(problem, schedule.sessions)


def when_found(progress: Progress | None) -> bool:
    """Stops a solve once it has a schedule."""
    return progress is not None and progress.objective is not None


@pytest.mark.slow(8)
def test_a_solve_is_done_by_a_worker_and_its_progress_told(two: Loopback) -> None:
    cluster, told = on(two), []

    result = solve(cluster, seconds=4.0, watch=lambda progress: told.append(progress) or False)

    assert is_valid(result)
    assert (result.status, result.was_stopped, result.was_killed, done_here(cluster)) == (0, False, False, 0)
    best = [each.objective for each in told if each and each.objective is not None]
    assert best == sorted(best)
    assert best[0] <= best[-1] <= read_schedule(result.schedule or b"").objective  # the last may come after its end


@pytest.mark.slow(4)
def test_a_solve_that_is_stopped_gives_what_it_has(two: Loopback) -> None:
    cluster = on(two)

    result = solve(cluster, watch=when_found)

    assert is_valid(result)
    assert (result.was_stopped, done_here(cluster)) == (True, 0)


class Away(Exception):
    """Whoever waited for a solve is gone."""


@pytest.mark.slow(6)
@pytest.mark.parametrize("why", [Away, Interrupted])
def test_a_solve_that_nobody_waits_for_ends_there_too(two: Loopback, why: type[BaseException]) -> None:
    ending = threading.Event()
    cluster = replace(on(two), ending=ending)
    before = two.said("worker").count("solve.unwanted")

    def leave(progress: Progress | None) -> bool:
        if when_found(progress):
            ending.set()
            if why is Away:
                raise Away
        return False

    with pytest.raises(why):
        solve(cluster, watch=leave)

    until(lambda: not two.busy(), "a worker that has ended it")
    until(lambda: two.said("worker").count("solve.unwanted") > before, "a word of it")


@pytest.mark.slow(12)
@pytest.mark.parametrize("what", [signal.SIGKILL, signal.SIGSTOP], ids=["dies", "is not heard any more"])
def test_a_solve_whose_worker_is_lost_is_done_by_the_other(two: Loopback, what: signal.Signals) -> None:
    cluster = on(two, silence_seconds=3.0)
    lost: list[int] = []

    def strike(progress: Progress | None) -> bool:
        if not when_found(progress):
            return False
        if not lost:
            worker = two.busy()[0]
            lost.append(worker.pid)
            worker.send_signal(what)
        return any(each.pid not in lost for each in two.busy())

    result = solve(cluster, watch=strike)

    assert is_valid(result)
    assert (result.was_stopped, done_here(cluster)) == (True, 0)
    for each in two.workers:
        if each.pid in lost:
            each.send_signal(signal.SIGKILL)
            each.wait()
    two.begin_worker()


@pytest.mark.slow(12)
def test_a_solve_whose_scheduler_restarts_is_done_and_the_workers_come_back(two: Loopback) -> None:
    cluster = on(two)
    struck: list[int] = []

    def strike(progress: Progress | None) -> bool:
        if when_found(progress) and not struck and two.scheduler is not None:
            struck.append(two.scheduler.pid)
            two.scheduler.kill()
            two.scheduler.wait()
        return False

    result = solve(cluster, watch=strike)
    assert is_valid(result)
    assert done_here(cluster) == 1
    until(lambda: not two.busy(), "workers that gave their solves up")

    before = two.said("worker").count("Works for")
    two.begin_scheduler()
    until(lambda: two.said("worker").count("Works for") >= before + 2, "workers that found it again")
    again = on(two)
    assert is_valid(solve(again, watch=when_found))
    assert done_here(again) == 0


@pytest.mark.slow(8)
def test_who_is_waited_for_goes_first(two: Loopback) -> None:
    """A solve keeps the one worker busy; then one of the night comes, and after it one that a person waits for."""
    other = two.workers[-1]
    other.kill()
    other.wait()
    until(lambda: known(two) == (1, 0), "a cluster of one worker")
    begun: list[str] = []
    release = threading.Event()
    cluster = on(two)

    def watcher(name: str) -> Callable[[Progress | None], bool]:
        def watch(progress: Progress | None) -> bool:
            if progress is not None and name not in begun:
                begun.append(name)
            return release.is_set() and (name == "first" or when_found(progress))

        return watch

    with ThreadPoolExecutor(3) as pool:
        results = [pool.submit(solve, cluster, watch=watcher("first"))]
        until(lambda: begun == ["first"], "a solve under way")
        for count, (name, is_waited_for) in enumerate((("night", False), ("person", True)), 2):
            results.append(pool.submit(solve, cluster, watch=watcher(name), is_waited_for=is_waited_for))
            until(lambda count=count: known(two) == (1, count), "one more that waits")
        release.set()
        assert all(is_valid(each.result()) for each in results)
    assert begun == ["first", "person", "night"]
    two.begin_worker()


def known(cluster: Loopback) -> tuple[int, int]:
    """How many workers the scheduler knows, and how many solves."""
    from distributed import Client

    client = Client(cluster.address, timeout=PATIENCE, set_as_default=False, name="test")
    try:
        return tuple(client.run_on_scheduler(counts))  # type: ignore[attr-defined]
    finally:
        client.close()


def counts(dask_scheduler: Any) -> tuple[int, int]:
    return len(dask_scheduler.workers), sum(str(key).startswith("solve-") for key in dask_scheduler.tasks)


def test_where_nobody_answers_it_is_done_here_at_once() -> None:
    cluster = Cluster("tcp://127.0.0.1:1", Here(beat_seconds=0.05), connect_seconds=0.2)

    with capture_logs() as logs:
        assert is_valid(solve(cluster))

    assert [log["event"] for log in logs if log["event"].startswith("solve")] == ["solve.lost"]
    assert done_here(cluster) == 1


@pytest.mark.parametrize(
    "unfit", [{"memory_mb": 10**9}, {"program": "another"}], ids=["too large for each worker", "another solver"]
)
def test_what_no_worker_can_do_is_done_here_at_once(
    two: Loopback, monkeypatch: pytest.MonkeyPatch, unfit: dict[str, object]
) -> None:
    cluster = replace(on(two), memory_mb=int(str(unfit.get("memory_mb", 0))))
    if "program" in unfit:
        monkeypatch.setattr(backend, "program_resource", lambda: "program another")

    assert is_valid(solve(cluster))

    assert done_here(cluster) == 1


def test_a_worker_with_another_solver_refuses(two: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "program", lambda: "another")
    cluster = on(two)

    with capture_logs() as logs:
        assert is_valid(solve(cluster))

    assert done_here(cluster) == 1
    assert [log["why"] for log in logs if log["event"] == "solve.lost"] == [
        f"this worker has the solver {program()}, asked for is another"
    ]


def test_stopped_while_it_waits_for_a_worker_it_ends_without_a_schedule(two: Loopback) -> None:
    cluster = replace(on(two), memory_mb=0)
    with ThreadPoolExecutor(2) as pool:
        release = threading.Event()
        others = [pool.submit(solve, cluster, watch=lambda _: release.is_set()) for _ in range(2)]
        until(lambda: len(two.busy()) == 2, "two solves under way")

        result = solve(cluster, watch=lambda _: True)

        release.set()
        for each in others:
            each.result()
    assert (result.was_stopped, result.status, result.schedule) == (True, -signal.SIGTERM, None)


def test_a_worker_knows_no_database(two: Loopback) -> None:
    environments = [Path(f"/proc/{each.pid}/environ") for each in two.workers if each.poll() is None]
    with ThreadPoolExecutor(1) as pool:
        release = threading.Event()
        running = pool.submit(solve, on(two), watch=lambda _: release.is_set())
        until(two.busy, "a solve under way")
        solves = [Path(f"/proc/{each}/environ") for worker in two.busy() for each in solves_under(worker.pid)]
        told = [each.read_bytes() for each in solves]
        release.set()
        running.result()
    assert told
    assert not [each for each in told if b"secret" in each]
    assert environments


def test_what_a_cluster_has_is_seen_and_told(two: Loopback, tmp_path: Path) -> None:
    seen = looking.look(two.address)
    assert seen is not None
    assert (seen.fit, seen.others, seen.cores) == (2, 0, 2)
    assert looking.look("tcp://127.0.0.1:1", seconds=0.2) is None

    states = [
        finding.state
        for address in (two.address, "tcp://127.0.0.1:1")
        for finding in examine(Settings(data_dir=tmp_path, solve_on=address))
        if finding.name == "cluster"
    ]
    assert states == [GOOD, WARNING]


def test_documents_travel_packed_and_arrive_whole() -> None:
    packed = task.packed(PROBLEM)

    assert packed is not None
    assert len(packed) < len(PROBLEM) / 4
    assert task.unpacked(packed) == PROBLEM
    assert task.packed(None) is task.unpacked(None) is None
