"""The embedded server: waitress on a socket that is taken before anything slow begins, ended cleanly by a signal."""

import signal
import socket
from types import FrameType

import structlog
from flask import Flask
from waitress.adjustments import Adjustments

from milieu.errors import Conflict
from milieu.installation.open_files import BESIDES, allow
from milieu.machine.arenas import share_arenas
from milieu.settings import Settings
from web.app import LARGEST_BODY
from web.server.connections import HAS_POLL, MORE, MOST_WITHOUT_POLL, Limits, Server

_BACKLOG = 1024
_LARGEST_HEADER = 32_000
_A_LITTLE_MORE = 100_000  # too large for a form, small enough to be told so on a page
_log = structlog.get_logger(__name__)


def take_port(host: str, port: int) -> socket.socket:
    """A socket on that address, so that nobody else gets it; it answers once `listen` was called.

    Port 0 takes any free one. Raises Conflict, with a sentence, where it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except (OSError, UnicodeError) as error:  # a name that is none cannot even be looked up
        taken.close()
        reason = getattr(error, "strerror", None) or "no such host"
        raise Conflict(f"Port {port} on {host} cannot be had ({reason}): choose another with --port.") from error
    return taken


def address_of(taken: socket.socket) -> str:
    """The address to type into a browser."""
    host, port = taken.getsockname()[:2]
    shown = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1", "::1") else host  # noqa: S104
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def listen(app: Flask, taken: socket.socket, settings: Settings) -> Server:
    """A server that takes connections from now on; its `run` answers them until SIGINT or SIGTERM comes.

    Those under way are answered first. A signal that comes before `run` raises SystemExit.
    """
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _end)
    share_arenas()
    limits = Limits(_connections(settings), settings.idle_seconds, settings.request_seconds)
    return Server(app, taken, adjustments(settings, limits), limits)


def adjustments(settings: Settings, limits: Limits) -> Adjustments:
    """What waitress is told. A request is held in memory alone, so a full disk takes none away."""
    most = LARGEST_BODY + _A_LITTLE_MORE
    return Adjustments(
        threads=settings.threads,
        backlog=_BACKLOG,
        ident=None,
        cleanup_interval=1,
        asyncore_use_poll=HAS_POLL,
        connection_limit=limits.connections + MORE,
        channel_timeout=int(limits.answer_seconds),
        max_request_body_size=most,
        inbuf_overflow=most + 1,
        max_request_header_size=_LARGEST_HEADER,
        clear_untrusted_proxy_headers=not settings.trusted_proxies,
        log_socket_errors=False,
    )


def _connections(settings: Settings) -> int:
    """As many as were asked for, or as the machine allows; fewer are told."""
    wanted = settings.connections if HAS_POLL else min(settings.connections, MOST_WITHOUT_POLL)
    granted = max(1, allow(wanted + BESIDES) - BESIDES)
    if granted < settings.connections:
        _log.warning("connections.fewer", wanted=settings.connections, granted=granted)
    return min(wanted, granted)


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Waitress ends cleanly on this; a second signal while it does ends it at once."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_DFL)
    raise SystemExit(0)
