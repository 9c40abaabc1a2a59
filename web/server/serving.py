"""One process that serves the pages and runs the clock."""

import gc
import threading

import click

from milieu.clock import Clock, SystemClock
from milieu.clockwork import make_scheduler
from milieu.database import Engines, unit_of_work
from milieu.errors import Busy
from milieu.installation.logs import set_up_logs
from milieu.installation.safety import check_safety
from milieu.installation.serving import check_zones, open_engines, with_secret_key
from milieu.services.house.founding import offer_set_up
from milieu.settings import Settings
from web.app import create_app
from web.guards.records.read_record import record_of
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
    gc.freeze()  # what is loaded by now stays: large pages are made a quarter faster where it is not gone through
    click.echo(f"Milieu is at {address_of(taken)} - press Ctrl-C to end it.")
    if (secret := _offer_set_up(engines, clock)) is not None:
        where = settings.public_url.rstrip("/") or address_of(taken).rstrip("/")
        click.echo(
            f"There is nobody here yet. Within a day, this link makes your community, once: {where}/set-up/{secret}"
        )
    try:
        server.run()
    finally:
        stopping.set()
        scheduler.stop()
        record.close()
        engines.dispose()


def _offer_set_up(engines: Engines, clock: Clock) -> str | None:
    """The secret of the link that makes the first community; None where there is one, or nothing can be saved."""
    try:
        with unit_of_work(engines) as db:
            return offer_set_up(db, clock.now())
    except Busy:
        return None
