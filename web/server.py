"""The embedded server: waitress on a socket that is taken before anything slow begins, ended cleanly by a signal."""

import signal
import socket
from types import FrameType
from typing import Any

from flask import Flask
from waitress.server import create_server

from milieu.errors import Conflict
from milieu.settings import Settings

_BACKLOG = 1024


def take_port(host: str, port: int) -> socket.socket:
    """A socket on that address, so that nobody else gets it; it answers once `listen` was called.

    Port 0 takes any free one. Raises Conflict, with a sentence, where it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise Conflict(
            f"Port {port} on {host} cannot be had ({error.strerror}): choose another with --port."
        ) from error
    return taken


def address_of(taken: socket.socket) -> str:
    """The address to type into a browser."""
    host, port = taken.getsockname()[:2]
    shown = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1", "::1") else host  # noqa: S104
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def listen(app: Flask, taken: socket.socket, settings: Settings) -> Any:
    """A server that takes connections from now on; its `run` answers them until SIGINT or SIGTERM comes.

    Those under way are answered first. A signal that comes before `run` raises SystemExit.
    """
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _end)
    return create_server(
        app,
        sockets=[taken],
        threads=settings.threads,
        backlog=_BACKLOG,
        ident=None,
        clear_untrusted_proxy_headers=not settings.trusted_proxies,
    )


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Waitress ends cleanly on this; a second signal while it does ends it at once."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_DFL)
    raise SystemExit(0)
