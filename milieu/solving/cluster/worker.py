"""A machine of the cluster: Dask's own worker, with this machine's solver and the room that solves may take."""

import asyncio
import signal
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress

import structlog
from distributed import Worker

from milieu.ids import new_id
from milieu.solving.cluster.asking import offered
from milieu.solving.cluster.program import program

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two tries to reach the scheduler
_log = structlog.get_logger(__name__)


def work(scheduler: str, *, cores: int, memory_mb: int, tell: Callable[[str], None]) -> None:
    """Work for a scheduler until a signal comes, looking for it anew whenever it is gone.

    `scheduler` is an address like `tls://10.0.0.2:8786`; TLS is as Dask's own configuration says.
    """
    with suppress(KeyboardInterrupt):
        asyncio.run(_work(scheduler, cores, memory_mb, tell))


async def _work(scheduler: str, cores: int, memory_mb: int, tell: Callable[[str], None]) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # elsewhere than on POSIX
            loop.add_signal_handler(name, ended.set)
    wait = FIRST_WAIT
    while not ended.is_set():
        began = loop.time()
        try:
            await _serve(scheduler, cores, memory_mb, ended, tell)
        except (OSError, ValueError) as error:  # nobody listens, no certificate, a name that nobody knows
            _log.warning("worker.unreached", scheduler=scheduler, error=type(error).__name__)
        if loop.time() - began > LONGEST_WAIT:  # it has worked in between
            wait = FIRST_WAIT
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), wait)
        wait = min(2 * wait, LONGEST_WAIT)


async def _serve(scheduler: str, cores: int, memory_mb: int, ended: asyncio.Event, tell: Callable[[str], None]) -> None:
    """Be a worker until the scheduler is gone or a signal came."""
    with tempfile.TemporaryDirectory(prefix="milieu-worker-", ignore_cleanup_errors=True) as folder:
        worker = Worker(
            scheduler,
            nthreads=cores,
            resources=offered(cores, memory_mb),
            name=f"{socket.gethostname()} {program()} {new_id()[:6]}",  # two of one machine are two
            memory_limit=0,  # the solves are processes of their own, each with its limit
            local_directory=folder,
            dashboard=False,
            death_timeout=LONGEST_WAIT,
            startup_information={"program": _program},
        )
        async with worker:
            tell(f"Works for {scheduler} with {cores} cores (solver {program()}).")
            gone = asyncio.ensure_future(worker.finished())
            asked = asyncio.ensure_future(ended.wait())
            await asyncio.wait((gone, asked), return_when=asyncio.FIRST_COMPLETED)
            for each in (gone, asked):
                each.cancel()


async def _program(_: Worker) -> str:
    return program()
