"""What tests share: databases of both kinds, a real browser, the referee, a compiled search; whose turn is first, and
how random examples are drawn.
"""

import os
import signal
import sys

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.databases",
    "tests.browsers",
    "tests.referees",
    "tests.turns",
    "tests.kernels",
    "tests.nursery",
    "tests.compiled",
    "tests.sparing",
]

# The tests start hundreds of processes: where no bytecode may be kept, each compiles every import anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What a shell starts in the background ignores interruptions, and so does all that it starts: many tests send one.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples at every run that decides about a change; new ones every time on a developer's machine.
settings.register_profile(
    "milieu", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("milieu")
