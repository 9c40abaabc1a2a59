"""A form must come from our own pages: a second lock beside the token of each form."""

from urllib.parse import urlsplit

from flask import Flask, abort, request

_SAFE = {"GET", "HEAD", "OPTIONS"}


def init_origin(app: Flask) -> None:
    """Refuse what changes something and says itself that it comes from elsewhere."""
    app.before_request(_check)


def _check() -> None:
    if request.method in _SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400)
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(400)
