"""Which names the pages answer to: whoever calls by another gets one plain line, before anything else is done."""

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from flask import Flask
from werkzeug.exceptions import SecurityError
from werkzeug.wsgi import get_host

ANSWER_ANYWHERE = frozenset({"/healthz", "/readyz"})  # whoever watches asks by address
_HOST = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.ASCII)
_ANSWER = b"Milieu does not answer to this name.\n"
_log = structlog.get_logger("web")


def init_hosts(app: Flask, trusted: tuple[str, ...]) -> None:
    """Answer to these names alone, as Settings keeps them; to any that can be one where there are none.

    Before the application, since its own page of a failure needs a name that can be trusted, and one in any case.
    """
    app.wsgi_app = _guarded(app.wsgi_app, frozenset(trusted))  # type: ignore[assignment, method-assign]


def is_trusted(given: str, trusted: Iterable[str]) -> bool:
    """Whether a `Host` header names one of these; `.milieu.example` stands for every name that ends so, and itself."""
    found = _HOST.fullmatch(given.lower())
    if found is None:
        return False
    name = found[1].removesuffix(".")
    return any(name == each.removeprefix(".") or (each[0] == "." and name.endswith(each)) for each in trusted)


def _is_name(environ: WSGIEnvironment) -> bool:
    """Whether addresses can be made with the name: none has an empty part, or one of more than 63 letters."""
    try:
        get_host(environ).lower().encode("idna")
    except (UnicodeError, SecurityError):
        return False
    return True


def _is_ours(environ: WSGIEnvironment, trusted: frozenset[str]) -> bool:
    is_watched = environ.get("PATH_INFO") in ANSWER_ANYWHERE
    return not trusted or is_watched or is_trusted(str(environ.get("HTTP_HOST", "")), trusted)


def _guarded(inner: WSGIApplication, trusted: frozenset[str]) -> WSGIApplication:
    def guard(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if _is_name(environ) and _is_ours(environ, trusted):
            return inner(environ, start)
        _log.info("host.refused")  # not which: it is whatever somebody typed
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(_ANSWER)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        start("400 Bad Request", list(headers.items()))
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [_ANSWER]

    return guard
