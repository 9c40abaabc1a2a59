"""Requests that a page makes by itself: nobody has clicked, so they keep no sign-in alive."""

from flask import request

HEADER, DAY = "X-Milieu-Fragment", "day"


def is_poll() -> bool:
    """Whether a page that was left open asks for what has changed."""
    return request.method == "GET" and request.headers.get(HEADER) == DAY
