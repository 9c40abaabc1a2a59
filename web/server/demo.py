"""The demo served, or only planned: its address and accounts printed, ended by Ctrl-C."""

import logging
import signal
import socket
import threading
import webbrowser
from pathlib import Path

import click

from milieu.clock import SystemClock
from milieu.clockwork import make_scheduler
from milieu.demo.accounts import PASSWORD
from milieu.demo.folder import DemoFolder, find_folder
from milieu.demo.steps import Demo
from milieu.installation.logs import set_up_logs
from milieu.installation.serving import open_engines, sqlite_fault, with_secret_key
from milieu.machine.interruption import interrupt
from milieu.settings import read_settings
from web.app import create_app
from web.server.listening import address_of, listen, take_port


def plan_demo(community: str, *, data: Path | None, is_fresh: bool, seconds: int | None, weeks: int) -> None:
    """Bring a made-up community to its present week, with so many `weeks` behind it, and end.

    Raises Conflict where another demo has the data, Unplannable, KeyboardInterrupt where it is ended before.
    """
    set_up_logs(logging.ERROR)
    signal.signal(signal.SIGTERM, interrupt)
    folder = find_folder(community, data, read_settings())
    with folder.held():
        if is_fresh:
            folder.forget()
        settings = with_secret_key(folder.settings(read_settings()))
        engines = open_engines(settings)
        demo = Demo(folder, settings, engines, SystemClock(), click.echo, seconds, weeks)
        try:
            demo.prepare()
            demo.plan_in_turn()
        finally:
            demo.end()
            engines.dispose()
    click.echo(f"{folder.name} is planned. Its data is in {folder.path}.")


def serve_demo(
    community: str,
    *,
    port: int,
    data: Path | None,
    is_fresh: bool,
    seconds: int | None,
    weeks: int = 1,
    opens_browser: bool,
) -> None:
    """Bring a made-up community to its present week and serve it until a signal comes.

    Raises Conflict where the port is taken or another demo has the data, KeyboardInterrupt where it is ended before.
    """
    set_up_logs(logging.ERROR)
    signal.signal(signal.SIGTERM, interrupt)
    folder = find_folder(community, data, read_settings())
    with folder.held():
        taken = take_port("127.0.0.1", port)
        if is_fresh:
            folder.forget()
        _serve(folder, taken, seconds, weeks, opens_browser=opens_browser)


def _serve(folder: DemoFolder, taken: socket.socket, seconds: int | None, weeks: int, *, opens_browser: bool) -> None:
    settings = with_secret_key(folder.settings(read_settings()))
    engines, clock = open_engines(settings), SystemClock()
    if fault := sqlite_fault(settings):
        click.echo(f"For a trial this will do, but: {fault}")
    demo = Demo(folder, settings, engines, clock, click.echo, seconds, weeks)
    scheduler = make_scheduler(engines, settings, clock)
    try:
        demo.prepare()
        server = listen(create_app(settings, engines, clock), taken, settings)
        scheduler.start()
        address = address_of(taken)
        first = f"{address}getting-ready" if demo.catch_up() else address
        _announce(folder, demo, address, first)
        if opens_browser:
            threading.Timer(1.0, _open_browser, [first]).start()
        server.run()
    except SystemExit:  # the signal came before the server ran, which would have taken it
        pass
    finally:
        demo.end()
        scheduler.stop()
        engines.dispose()
    click.echo("The demo has ended. What was entered is there at the next start.")


def _announce(folder: DemoFolder, demo: Demo, address: str, first: str) -> None:
    click.echo("")
    click.echo(f"{folder.name} is at {address}")
    if first != address:
        click.echo(f"Its weeks are being made; {first} shows how far they are.")
    click.echo(f"Sign in with the password {PASSWORD} as")
    for account in demo.accounts():
        click.echo(f"  {account.email:<32} {account.about}")
    click.echo(f"Its data is in {folder.path}; Ctrl-C ends it, --fresh begins anew.")


def _open_browser(address: str) -> None:
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if type(browser) is not webbrowser.GenericBrowser:  # that would be one inside this very terminal
        browser.open(address)
