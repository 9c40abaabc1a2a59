"""What Milieu uses of distributed 2026.8, whose own hints leave calls untyped."""

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from distributed.core import Status

_T = TypeVar("_T")

class Client:
    status: str
    def __init__(self, address: str, *, timeout: float = ..., set_as_default: bool = ..., name: str = ...) -> None: ...
    def submit(
        self,
        func: Callable[..., _T],
        *args: Any,
        key: str,
        resources: Mapping[str, float],
        workers: Sequence[str],
        priority: int = ...,
        pure: bool = ...,
    ) -> Future[_T]: ...
    def scheduler_info(self, n_workers: int = ...) -> dict[str, Any]: ...
    def close(self, timeout: float = ...) -> None: ...

class Future(Generic[_T]):
    def result(self, timeout: float | None = ...) -> _T: ...
    def cancel(self) -> None: ...

class Event:
    def __init__(self, name: str, client: Client | None = ...) -> None: ...
    def set(self) -> None: ...
    def is_set(self) -> bool: ...
    def clear(self) -> None: ...

class Variable:
    def __init__(self, name: str, client: Client | None = ...) -> None: ...
    def set(self, value: object) -> None: ...
    def get(self, timeout: float | None = ...) -> Any: ...
    def delete(self) -> None: ...

class _Task:
    state: str

class _State:
    tasks: dict[Any, _Task]

class Worker:
    address: str
    status: Status
    state: _State
    def __init__(
        self,
        scheduler_ip: str,
        *,
        nthreads: int,
        resources: Mapping[str, float],
        name: str,
        memory_limit: int,
        local_directory: str,
        dashboard: bool,
        death_timeout: float,
        startup_information: Mapping[str, Callable[[Worker], Any]],
    ) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    async def finished(self) -> None: ...

def get_worker() -> Worker: ...
