"""What is found out of demands that cannot all be met: which of them clash, and the least to give up."""

from dataclasses import dataclass

from solver.instance.demands import Demand, Wanted
from solver.instance.placed import Placed
from solver.model.reasons import Reason


@dataclass(frozen=True)
class Conflict:
    """Demands that clash; without any one of them, as far as `is_minimal` says, the others can be met. `reasons` say
    what is demanded, then what stands in the way.
    """

    demands: tuple[Demand, ...]
    is_minimal: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Relaxation:
    """What is left of each demand, and a schedule that meets it: its identities are the narrowed problem's. `is_only`:
    no other way to give up as little is possible.
    """

    wanted: Wanted
    sessions: tuple[Placed, ...]
    is_only: bool
