"""`milieu worker`: this machine's cores for the solves of others."""

import os
from functools import partial

import click

from milieu.errors import Invalid
from milieu.installation.logs import set_up_logs
from milieu.installation.safety import check_safety
from milieu.settings import Settings
from milieu.solving.places import without_dask
from solver.kernels.compilation import compile_once, is_compiled


def run_worker(settings: Settings, scheduler: str | None, *, cores: int | None, memory_mb: int | None) -> None:
    """Compile the kernels, then work until a signal comes. Raises Invalid where there is no scheduler to work for."""
    set_up_logs()
    try:
        from milieu.solving.cluster.worker import work
    except ModuleNotFoundError as error:
        raise Invalid(without_dask(error)) from error
    settings = Settings.model_validate({**settings.model_dump(), "solve_on": scheduler or settings.solve_on})
    if not settings.solve_on:
        raise Invalid("Name the scheduler to work for: --scheduler tls://10.0.0.2:8786, or MILIEU_SOLVE_ON.")
    check_safety(settings, has_pages=False)
    tell = partial(click.echo, err=True)
    if not is_compiled():
        tell("Compiles the solver for this machine, which takes a minute or more, once for each version.")
    compile_once()
    work(
        settings.solve_on,
        cores=cores or os.cpu_count() or 1,
        memory_mb=memory_mb or _memory_mb(),
        tell=tell,
    )


def _memory_mb() -> int:
    """What this machine has, in MB; where it does not say, what one solve may use."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (AttributeError, ValueError, OSError):
        return 4096
