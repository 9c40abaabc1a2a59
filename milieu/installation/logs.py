"""Log lines: text on a terminal, JSON elsewhere; ids in them, never names.

An error is told by its type and place alone, whoever logs it: what it says may be the values of somebody's row.
"""

import logging
import sys
import threading
from types import TracebackType
from typing import Any

import structlog

from milieu.machine.faults import trace_of

_log = structlog.get_logger(__name__)


def set_up_logs(level: int = logging.INFO) -> None:
    """Send every line to standard error, other libraries' from warnings upwards."""
    is_terminal = sys.stderr.isatty()
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        without_messages,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False) if is_terminal else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                last,
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # A beat that is skipped because the one before still runs is no news: it is meant to be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logging.raiseExceptions = False  # else a line that cannot be written is printed with all that it holds
    sys.excepthook = _end
    threading.excepthook = _end_thread


def without_messages(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The event with the type and the place of its error instead of the error.

    Where another library speaks of an error, its sentence goes too: it may quote the error, or an address.
    """
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if not given:
        return event
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else sys.exc_info()[1]
    if (record := event.get("_record")) is not None:
        event["event"] = f"{record.name} failed"
    return event if error is None else {**event, **trace_of(error)}


def _end(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    _log.critical("process.failed", **trace_of(error))


def _end_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        _log.critical("thread.failed", thread=told.thread.name if told.thread else "", **trace_of(told.exc_value))
