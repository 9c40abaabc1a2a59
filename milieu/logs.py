"""Log lines: text on a terminal, JSON elsewhere; ids in them, never names."""

import logging
import sys

import structlog


def set_up_logs(level: int = logging.INFO) -> None:
    """Send every line to standard error, other libraries' from warnings upwards."""
    is_terminal = sys.stderr.isatty()
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False) if is_terminal else structlog.processors.JSONRenderer()
    )
    errors: list[structlog.typing.Processor] = [] if is_terminal else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[*shared, *errors, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[
        structlog.stdlib.ProcessorFormatter.remove_processors_meta, *errors, last,
    ]))  # fmt: skip
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # A beat that is skipped because the one before still runs is no news: it is meant to be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
