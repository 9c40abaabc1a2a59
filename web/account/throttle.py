"""How quickly a password may be tried again: by the account's row, by the same rule in memory for names without one.

Known and unknown names must look alike from outside, yet an unknown name must never leave a row: so those are counted
in a small memory that forgets the oldest. Nobody can lock an owner out: a browser that has signed in to the account
before carries a signed mark and has a count of its own.
"""

import os
import secrets
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from milieu.services.accounts import (
    FORGET_FAILURES_AFTER,
    delay_after,
    forget_failures,
    note_failure,
    note_unknown_name,
    waiting_time,
)
from web.binding import bound, now, reader, write

_DEVICE_DAYS = 180
_REMEMBERED = 10_000

# A check of a password takes 19 MiB and a core for 40 ms: leave one core to the pages.
hashing = threading.BoundedSemaphore(max(1, (os.cpu_count() or 1) - 1))


class Counts:
    """Failures by name in memory, the oldest forgotten first."""

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._size = size
        self._failures: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def waiting_time(self, name: str, moment: datetime) -> timedelta:
        """How long the next try of a name has to wait; zero or less = now."""
        with self._lock:
            failures, last = self._failures.get(name, (0, moment))
        return last + delay_after(failures) - moment if moment - last <= FORGET_FAILURES_AFTER else timedelta(0)

    def note(self, name: str, moment: datetime) -> None:
        """Count a failure of a name."""
        with self._lock:
            failures, last = self._failures.pop(name, (0, moment))
            self._failures[name] = (failures + 1 if moment - last <= FORGET_FAILURES_AFTER else 1, moment)
            while len(self._failures) > self._size:
                self._failures.popitem(last=False)

    def forget(self, name: str) -> None:
        """A name signed in."""
        with self._lock:
            self._failures.pop(name, None)


def counts() -> Counts:
    """The application's own counts."""
    held: Counts = current_app.extensions.setdefault("milieu_counts", Counts())
    return held


def wait_before_trying(address: str, account_id: str | None) -> timedelta:
    """How long this browser has to wait before it may try a password for a name; zero or less = now."""
    if account_id is None:
        return counts().waiting_time(address, now())
    if device := _device_of(account_id):
        return counts().waiting_time(device, now())
    return waiting_time(reader(), account_id, now=now())


def count_failure(address: str, account_id: str | None) -> None:
    """A password was wrong, or there is no such name: both cost one write."""
    moment = now()
    if account_id is None:
        counts().note(address, moment)
        write(lambda db: note_unknown_name(db, now=moment))
    elif device := _device_of(account_id):
        counts().note(device, moment)
        write(lambda db: note_unknown_name(db, now=moment))
    else:
        write(lambda db: note_failure(db, account_id, now=moment))


def welcome(account_id: str, response: Response) -> None:
    """Somebody signed in: forget the failures and mark this browser as one of the account's."""
    if device := _device_of(account_id):
        counts().forget(device)
    write(lambda db: forget_failures(db, account_id))
    response.set_cookie(
        _cookie_name(),
        _signer().dumps([account_id, secrets.token_hex(16)]),
        max_age=timedelta(days=_DEVICE_DAYS),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=bound().settings.is_secure,
    )


def _device_of(account_id: str) -> str | None:
    try:
        owner, device = _signer().loads(request.cookies.get(_cookie_name(), ""), max_age=_DEVICE_DAYS * 86_400)
    except (BadSignature, ValueError):
        return None
    return f"device {device}" if owner == account_id else None


def _cookie_name() -> str:
    return "__Host-milieu-device" if bound().settings.is_secure else "milieu-device"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="milieu-device")
