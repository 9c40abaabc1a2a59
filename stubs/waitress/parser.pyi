from typing import Protocol

class _Receiver(Protocol):
    def __len__(self) -> int: ...

class _Error(Protocol):
    """One of `waitress.utilities`."""

    code: int
    reason: str

class HTTPRequestParser:
    header_plus: bytes
    body_rcv: _Receiver | None
    error: _Error | None
