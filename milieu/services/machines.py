"""On which machines weeks are planned, for whoever asks how an installation is."""

from dataclasses import dataclass

from milieu.settings import Settings


@dataclass(frozen=True)
class Machines:
    """How many workers of the cluster plan for this installation, 0 where nobody answers; `others` have another version
    of the solver and do nothing.
    """

    fit: int
    others: int


def machines_of(settings: Settings) -> Machines | None:
    """What was seen of them in the last half minute; None where an installation plans on its own machine."""
    if not settings.solve_on:
        return None
    from milieu.solving.cluster.looking import look_now_and_then  # its library is installed where a cluster is

    seen = look_now_and_then(settings.solve_on)
    return Machines(seen.fit, seen.others) if seen else Machines(0, 0)
