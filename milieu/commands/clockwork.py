"""`milieu scheduler`: the clock without pages."""

import signal
import threading

from milieu.clock import SystemClock
from milieu.clockwork import make_scheduler
from milieu.installation.logs import set_up_logs
from milieu.installation.safety import check_safety
from milieu.installation.serving import check_zones, open_engines
from milieu.machine.arenas import share_arenas
from milieu.settings import Settings


def run_scheduler(settings: Settings) -> None:
    """Beat until a signal comes, then end cleanly."""
    set_up_logs()
    share_arenas()
    check_safety(settings, has_pages=False)
    engines = open_engines(settings)
    check_zones(engines, settings)
    scheduler = make_scheduler(engines, settings, SystemClock())
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    scheduler.start()
    ended.wait()
    scheduler.stop()
    engines.dispose()
