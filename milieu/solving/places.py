"""Where an installation's solves run: here, unless a cluster is named."""

import threading

from milieu.errors import Invalid
from milieu.settings import Settings
from milieu.solving.backend import SolveBackend
from milieu.solving.process.child import SolverChild


def backend_of(settings: Settings, ending: threading.Event | None = None) -> SolveBackend:
    """As an installation's settings want it; once `ending` is set every solve ends. Raises Invalid where the libraries
    for a cluster are not installed.
    """
    if not settings.solve_on:
        return SolverChild.of(settings, ending)
    try:
        from milieu.solving.cluster.backend import Cluster
    except ModuleNotFoundError as error:
        raise Invalid(f"MILIEU_SOLVE_ON: {without_dask(error)}") from error
    return Cluster.of(settings, ending)


def without_dask(error: ModuleNotFoundError) -> str:
    """What to do where the libraries of a cluster are missing."""
    return f"{error.name} is not installed here; `cluster.lock` in a clone names what a cluster needs."
