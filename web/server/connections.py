"""Connections of the embedded server: thousands, each with its time, so that nobody keeps others out by holding some.

waitress ends a connection that nothing was heard of for long. What it does not see: a request that trickles in letter
by letter, an answer that is fetched as slowly, more connections than there is room for, and many large bodies at once.
"""

import heapq
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from wsgiref.types import WSGIApplication

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher

HAS_POLL = hasattr(select, "poll")
MOST_WITHOUT_POLL = 400  # Windows looks at 512 sockets at once
MORE = 64  # beyond the limit, where all connections are being answered
AHEAD = 16  # questions on one connection before the first is answered: browsers ask one
_AT_ONCE = 32
_SHED = 50  # of so many connections one gives way at a time
_OF_WATCHERS = {"/healthz", "/readyz"}
_WORDS = {
    413: "That was too large. Nothing was saved. Please send less at once.",
    431: "The browser sent too much with its question. Please delete this site's cookies and try again.",
}
_UNREADABLE = "The browser sent something that could not be read. Nothing was saved."


@dataclass(frozen=True)
class Limits:
    """`idle_seconds`: between two requests; `request_seconds`: from a request's first letter to its last;
    `answer_seconds`: until an answer is fetched; `held_bytes`: of all requests that are not answered yet."""

    connections: int = 2000
    idle_seconds: float = 30
    request_seconds: float = 20
    answer_seconds: float = 120
    held_bytes: int = 64_000_000


class Refusal(ErrorTask):
    """What could not be taken as a request, told in words."""

    def execute(self) -> None:
        error = self.request.error
        assert error is not None, "waitress asks for a refusal where a request has an error"
        body = _WORDS.get(error.code, _UNREADABLE).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection that knows since when it waits for what."""

    error_task_class = Refusal
    server: "Server"

    def __init__(
        self,
        server: "Server",
        sock: socket.socket,
        addr: tuple[str, int],
        adj: Adjustments,
        map: dict[int, object] | None = None,
    ) -> None:
        self.free_since = server.ticks()
        self.begun_at: float | None = None  # when the request came that is not whole yet
        self._held = 0
        super().__init__(server, sock, addr, adj, map)

    def received(self, data: bytes) -> bool:
        before, moment = self.request, self.server.ticks()
        taken = super().received(data)
        if self.request is None:
            self.begun_at = None
        elif self.request is not before or self.begun_at is None:
            self.begun_at = moment
        if self.requests:
            self.free_since = moment
        self._weigh()
        if self.request is not None and self.server.is_overfull:
            self.will_close = True
        if len(self.requests) > AHEAD:  # a thread would wait without end for room for answers that nobody fetches
            _end(self)
        return taken

    def service(self) -> None:
        super().service()
        self.free_since = self.server.ticks()
        self._weigh()

    def handle_close(self) -> None:
        super().handle_close()
        self.server.hold(-self._held)
        self._held = 0

    def is_waiting(self) -> bool:
        """Whether nobody is answering it: it is idle, sends its request or fetches its answer."""
        return not self.requests

    def is_overdue(self, moment: float) -> bool:
        """Whether what it waits for should have come long ago."""
        limits = self.server.limits
        if self.total_outbufs_len:  # though more is being answered: that may wait for this to be fetched
            return moment - self.free_since > limits.answer_seconds
        if not self.is_waiting():
            return False
        if self.begun_at is not None:
            return moment - self.begun_at > limits.request_seconds
        return moment - self.free_since > limits.idle_seconds

    def _weigh(self) -> None:
        with self.requests_lock:
            requests = [*self.requests, self.request] if self.request is not None else list(self.requests)
        weight = sum(map(_weight, requests)) if self.connected else 0
        self.server.hold(weight - self._held)
        self._held = weight


class Server(TcpWSGIServer):
    """waitress with time limits of its own. Who watches over it has a thread of their own, however busy the others are.

    `ticks` is a monotonic clock in seconds.
    """

    channel_class = Channel
    active_channels: dict[int, Channel]

    def __init__(
        self,
        app: WSGIApplication,
        taken: socket.socket,
        adjustments: Adjustments,
        limits: Limits,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits, self.ticks = limits, ticks
        self._held, self._holding = 0, threading.Lock()
        self.watching = _lane(1)
        super().__init__(
            app,
            map={},
            _sock=taken,
            dispatcher=_lane(adjustments.threads),
            adj=adjustments,
            bind_socket=False,
            sockinfo=(taken.family, taken.type, taken.proto, taken.getsockname()),
        )

    @property
    def is_overfull(self) -> bool:
        """Whether the requests that are not answered yet are more than may be held."""
        return self._held > self.limits.held_bytes

    def hold(self, more: int) -> None:
        """Count what a connection holds more, or less, than before."""
        with self._holding:
            self._held += more

    def add_task(self, task: HTTPChannel) -> None:
        path = getattr(task.requests[0], "path", "")
        (self.watching if path in _OF_WATCHERS else self.task_dispatcher).add_task(task)

    def handle_accept(self) -> None:
        if len(self.active_channels) >= self.limits.connections:
            self._make_room()
        for _turn in range(_AT_ONCE):
            count = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == count or count + 1 >= self.limits.connections:
                return

    def maintenance(self, now: float) -> None:
        """End what is overdue; called about once a second."""
        moment = self.ticks()
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(moment):
                _end(channel)

    def run(self) -> None:
        super().run()
        self.watching.shutdown()

    def _make_room(self) -> None:
        """The connections that have waited for longest give way to new ones."""
        waiting = [channel for channel in self.active_channels.values() if channel.is_waiting()]
        number = max(1, self.limits.connections // _SHED)
        for channel in heapq.nsmallest(number, waiting, key=lambda channel: channel.free_since):
            _end(channel)


def _lane(threads: int) -> ThreadedTaskDispatcher:
    lane = ThreadedTaskDispatcher()
    lane.set_thread_count(threads)
    return lane


def _weight(request: HTTPRequestParser) -> int:
    body = request.body_rcv
    return len(request.header_plus) + (body.__len__() if body is not None else 0)


def _end(channel: Channel) -> None:
    """Waitress closes what can be written to; who fetches nothing is closed by ourselves."""
    channel.will_close = True
    if HAS_POLL:  # where there is only `select`, a socket closed in the middle of its round would end the server
        channel.handle_close()
