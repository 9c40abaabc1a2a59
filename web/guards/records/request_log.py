"""One line of log for each request: ids, codes and milliseconds. No address, for addresses may name people."""

import secrets
from time import perf_counter

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

_SILENT = {"static", "assets.font", "health.healthz"}
_log = structlog.get_logger("web")


def init_request_log(app: Flask) -> None:
    """Number every request, measure it, and say how it ended."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id, g.begun = secrets.token_hex(8), perf_counter()


def _end(response: Response) -> Response:
    if request.endpoint not in _SILENT:
        somebody = g.get("principal")
        _log.info(
            "request",
            request=g.get("request_id", ""),
            endpoint=request.endpoint,
            method=request.method,
            status=response.status_code,
            ms=round(1000 * (perf_counter() - g.get("begun", perf_counter())), 1),
            account=somebody.account_id if somebody else None,
        )
    return response
