"""The clock of an installation and the solver that it plans with."""

import threading
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from milieu.backups.duty import look_after_backups
from milieu.clock import Clock
from milieu.database import Engines
from milieu.installation.soundness import faults_of_restored
from milieu.jobs.ping import look_after_ping
from milieu.jobs.scheduler import Scheduler
from milieu.prints.standby import keep_ready
from milieu.services.choices import CHOICES
from milieu.services.choices.finding import find_choices
from milieu.services.lifting.trying import try_ways
from milieu.services.republishing import repair_day
from milieu.services.weeks.plans.planning import Work, execute_next_run
from milieu.services.weeks.plans.requested import LIFTING
from milieu.services.what_if import WHAT_IF
from milieu.services.what_if.finding import find_what_if
from milieu.settings import Settings
from milieu.solving.places import backend_of

OTHERS: Mapping[str, Work] = MappingProxyType({CHOICES: find_choices, WHAT_IF: find_what_if, LIFTING: try_ways})
"""The kinds of run besides plans, and how each is done."""


def make_scheduler(engines: Engines, settings: Settings, clock: Clock) -> Scheduler:
    """The clock of an installation, not yet started."""
    stopping = threading.Event()
    child = backend_of(settings, stopping)
    return Scheduler(
        engines,
        settings,
        clock,
        repair=partial(repair_day, child=child),
        run_next=partial(execute_next_run, child=child, others=OTHERS),
        keep_ready=keep_ready,
        besides={
            "backup": partial(look_after_backups, look=faults_of_restored),
            "ping": look_after_ping,
        },
        stopping=stopping,
    )
