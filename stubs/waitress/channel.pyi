import threading
from socket import socket

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

class HTTPChannel:
    error_task_class: type[ErrorTask]
    server: BaseWSGIServer
    connected: bool
    request: HTTPRequestParser | None
    requests: list[HTTPRequestParser]
    requests_lock: threading.Lock
    total_outbufs_len: int
    will_close: bool

    def __init__(
        self,
        server: BaseWSGIServer,
        sock: socket,
        addr: tuple[str, int],
        adj: Adjustments,
        map: dict[int, object] | None = None,
    ) -> None: ...
    def received(self, data: bytes) -> bool: ...
    def service(self) -> None: ...
    def handle_close(self) -> None: ...
