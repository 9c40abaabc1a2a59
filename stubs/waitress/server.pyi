from collections.abc import Mapping
from socket import socket
from typing import Any
from wsgiref.types import WSGIApplication

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.task import ThreadedTaskDispatcher

class BaseWSGIServer:
    channel_class: type[HTTPChannel]
    task_dispatcher: ThreadedTaskDispatcher

    def __init__(
        self,
        application: WSGIApplication,
        map: dict[int, object],
        *,
        _sock: socket,
        dispatcher: ThreadedTaskDispatcher,
        adj: Adjustments,
        bind_socket: bool,
        sockinfo: tuple[int, int, int, Any],
    ) -> None: ...
    @property
    def active_channels(self) -> Mapping[int, HTTPChannel]: ...
    def add_task(self, task: HTTPChannel) -> None: ...
    def handle_accept(self) -> None: ...
    def maintenance(self, now: float) -> None: ...
    def run(self) -> None: ...

class TcpWSGIServer(BaseWSGIServer): ...
