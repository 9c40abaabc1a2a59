"""One process that serves the pages and runs the clock."""

import threading

import click

from milieu.clock import SystemClock
from milieu.clockwork import make_scheduler
from milieu.installation.logs import set_up_logs
from milieu.installation.safety import check_safety
from milieu.installation.serving import check_zones, open_engines, with_secret_key
from milieu.settings import Settings
from web.app import create_app
from web.guards.read_record import record_of
from web.server.listening import address_of, listen, take_port

WAITING_READS = "waiting_reads"


def serve_installation(settings: Settings) -> None:
    """Serve until a signal comes; the solver's children end with it, and what they did is done again at the next start.

    Raises Conflict where the port is taken or the tables are of another revision, Invalid for a setting.
    """
    set_up_logs()
    settings = with_secret_key(settings)
    check_safety(settings)
    taken = take_port(settings.host, settings.port)
    engines, clock = open_engines(settings), SystemClock()
    check_zones(engines, settings)
    app = create_app(settings, engines, clock)
    scheduler = make_scheduler(engines, settings, clock)
    server = listen(app, taken, settings)
    record, stopping = record_of(app), threading.Event()
    record.reserve(settings.data_dir / WAITING_READS)
    threading.Thread(target=record.run, args=(stopping,), name="reads", daemon=True).start()
    scheduler.start()
    click.echo(f"Milieu is at {address_of(taken)} - press Ctrl-C to end it.")
    try:
        server.run()
    finally:
        stopping.set()
        scheduler.stop()
        record.close()
        engines.dispose()
