"""What happened to sign-ins while nothing could be saved: renewed ones go on, ended ones stay ended.

In memory, for this process: who reads on a tablet is not signed out because the disk is full, and who signs out is.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from milieu.services.access.sign_ins import SignIn

_MOST = 10_000
_KEY = "milieu_waiting_sessions"


@dataclass(frozen=True)
class Renewed:
    """A sign-in whose renewal waits. Its row was last found alive at `found_at`; it lasts until `ends_at`."""

    data: bytes
    seen_at: datetime
    found_at: datetime
    ends_at: datetime


class WaitingSessions:
    """By token; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._renewed: OrderedDict[str, Renewed] = OrderedDict()
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def is_ended(self, token: str) -> bool:
        """Whether its end waits to be saved."""
        return token in self._ended

    def find(self, token: str, now: datetime) -> Renewed | None:
        """The renewal of a token that waits, None where there is none or it has run out."""
        found = self._renewed.get(token)
        return found if found is not None and found.ends_at > now else None

    def renew(self, sign_in: SignIn, data: bytes, *, ends_at: datetime, now: datetime) -> None:
        """Have a renewal wait."""
        with self._lock:
            before = self._renewed.pop(sign_in.token, None)
            found_at = before.found_at if before else now
            self._renewed[sign_in.token] = Renewed(data, now, found_at, ends_at)
            _bound(self._renewed)

    def end(self, token: str) -> None:
        """Have an end wait; until it is saved the token is worth nothing here."""
        with self._lock:
            self._renewed.pop(token, None)
            self._ended[token] = None
            _bound(self._ended)

    def saved(self, token: str) -> None:
        """Nothing of this token waits any more."""
        if token in self._renewed or token in self._ended:
            with self._lock:
                self._renewed.pop(token, None)
                self._ended.pop(token, None)

    def ended(self) -> list[str]:
        """The tokens whose end waits."""
        with self._lock:
            return list(self._ended)


def applied(sign_in: SignIn, renewed: Renewed) -> SignIn:
    """A sign-in as its waiting renewal left it."""
    return replace(sign_in, data=renewed.data, seen_at=renewed.seen_at)


def waiting_sessions() -> WaitingSessions:
    """The present application's."""
    held: WaitingSessions = current_app.extensions[_KEY]
    return held


def init_waiting_sessions(app: Flask) -> None:
    """Give an application its own."""
    app.extensions[_KEY] = WaitingSessions()


def _bound(kept: OrderedDict[str, Any]) -> None:
    while len(kept) > _MOST:
        kept.popitem(last=False)
