"""Where the browser's session lives: signed in, in a row that ends with the sign-in; before that, in a signed cookie.

Flask's own session is a cookie that still works when replayed after signing out. Here the cookie of somebody signed in
is a random token, kept hashed beside the session's contents; without its row it is worth nothing. Visitors get no row,
so that nobody can fill the table from outside: their cookie carries only what a form needs and can never sign in.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from flask import Flask, Request, Response, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

from milieu.database import DbSession
from milieu.errors import Busy
from milieu.services.access.accounts import find_principal
from milieu.services.access.sign_ins import (
    RENEW_AFTER,
    Lifetime,
    SignIn,
    begin_sign_in,
    end_sign_in,
    find_sign_in,
    renew_sign_in,
)
from web.binding import bound, briefly_writing, now, reader, write
from web.guards.failures import refusal
from web.guards.polls import is_poll
from web.guards.waiting_sessions import applied, waiting_sessions

ACCOUNT = "milieu_account"
_VISITOR_DAYS = 1
_contents = TaggedJSONSerializer()
_log = structlog.get_logger("web")


class BrowserSession(SessionMixin):
    """A session's contents, and whether they changed."""

    def __init__(self, contents: dict[str, Any] | None = None, sign_in: SignIn | None = None) -> None:
        self.contents = contents or {}
        self.sign_in = sign_in
        self.proved_at: datetime | None = None
        self.modified = False

    def __getitem__(self, key: str) -> Any:
        return self.contents[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.modified = True
        self.contents[key] = value

    def __delitem__(self, key: str) -> None:
        self.modified = True
        del self.contents[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.contents)

    def __len__(self) -> int:
        return len(self.contents)


class ServerSessions(SessionInterface):
    """Keeps the sessions of those signed in on the server, under a new id from each sign-in to its end."""

    def get_cookie_name(self, app: Flask) -> str:
        return "__Host-milieu" if bound().settings.is_secure else "milieu"

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if cookie.startswith("v."):
            return BrowserSession(_visitor_contents(app, cookie[2:]))
        if not 40 <= len(cookie) <= 64:
            return BrowserSession()
        sign_in = _find(cookie)
        if sign_in is None:
            return BrowserSession()
        return BrowserSession(_contents.loads(sign_in.data.decode()), sign_in)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, BrowserSession)
        response.vary.add("Cookie")
        account_id = session.get(ACCOUNT)
        if account_id is None:
            if session.sign_in is not None:
                _end(session.sign_in.token)
            self._save_visitor(app, session, response)
        elif session.sign_in is None or session.sign_in.account_id != account_id:
            self._begin(app, session, account_id, response)
        elif session.modified or (now() - session.sign_in.seen_at >= RENEW_AFTER and not is_poll()):
            self._renew(session, session.sign_in, account_id)

    def _begin(self, app: Flask, session: BrowserSession, account_id: str, response: Response) -> None:
        if response.status_code >= 500:  # what signing in has to save could not be saved: nobody is signed in
            return
        data = _contents.dumps(dict(session)).encode()
        lifetime = _lifetime(account_id)
        before, proved_at = session.sign_in, session.proved_at

        def begin(db: DbSession) -> SignIn:
            if before is not None:  # who goes to another account has one of both, whatever can be saved
                end_sign_in(db, before.token)
            return begin_sign_in(db, account_id, data, lifetime=lifetime, now=now(), proved_at=proved_at)

        try:
            sign_in = write(begin)
        except Busy as refused:
            _tell_instead(response, refused)
            return
        self._set_cookie(app, response, sign_in.token, lifetime.absolute)

    def _renew(self, session: BrowserSession, sign_in: SignIn, account_id: str) -> None:
        data = _contents.dumps(dict(session)).encode()
        lifetime = _lifetime(account_id)
        moment, waiting = now(), waiting_sessions()
        try:
            with briefly_writing() as db:
                for ended in waiting.ended():
                    end_sign_in(db, ended)
                renew_sign_in(db, sign_in, data, lifetime=lifetime, now=moment)
        except Busy:  # who reads goes on reading: the sign-in is renewed in memory until it can be saved
            _log.warning("session not renewed", account=account_id)
            waiting.renew(sign_in, data, ends_at=lifetime.end(sign_in.created_at, moment), now=moment)
            return
        for token in (*waiting.ended(), sign_in.token):
            waiting.saved(token)

    def _save_visitor(self, app: Flask, session: BrowserSession, response: Response) -> None:
        if session.modified and session:
            self._set_cookie(app, response, "v." + _signer(app).dumps(_contents.dumps(dict(session))), None)
        elif session.modified:
            response.delete_cookie(self.get_cookie_name(app), path="/", secure=bound().settings.is_secure)

    def _set_cookie(self, app: Flask, response: Response, value: str, life: timedelta | None) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            value,
            max_age=life,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=bound().settings.is_secure,
        )


def _find(token: str) -> SignIn | None:
    """A live sign-in, also one whose renewal waits to be saved."""
    waiting = waiting_sessions()
    if waiting.is_ended(token):
        return None
    renewed = waiting.find(token, now())
    if renewed is None:
        return find_sign_in(reader(), token, now=now())
    sign_in = find_sign_in(reader(), token, now=renewed.found_at)  # none where it was ended in the meantime
    return applied(sign_in, renewed) if sign_in is not None else None


def _end(token: str) -> None:
    """End a sign-in; where that cannot be saved, it is ended here and saved later."""
    try:
        write(lambda db: end_sign_in(db, token))
    except Busy:
        waiting_sessions().end(token)


def _tell_instead(response: Response, refused: Busy) -> None:
    """Make an answer one that says why nobody was signed in."""
    told = refusal(refused)
    response.status_code = told.status_code
    response.set_data(told.get_data())
    response.headers.pop("Location", None)
    response.headers["Retry-After"] = told.headers["Retry-After"]


def begin_anew() -> None:
    """This browser's sign-in was ended by the very request, as a new password ends all: answer with a fresh one."""
    cast(BrowserSession, session).sign_in = None


def leads_to(account_id: str) -> bool:
    """Whether this browser's sign-in may go on as one of that account without the password."""
    sign_in = cast(BrowserSession, session).sign_in
    if sign_in is None:
        return False
    return _lifetime(sign_in.account_id).leads_to(_lifetime(account_id), now() - sign_in.created_at)


def keep_age() -> None:
    """The sign-in that follows is as old as the present one: going from account to account makes none younger."""
    held = cast(BrowserSession, session)
    held.proved_at = held.sign_in.created_at if held.sign_in else None


def _visitor_contents(app: Flask, cookie: str) -> dict[str, Any]:
    try:
        contents: dict[str, Any] = _contents.loads(_signer(app).loads(cookie, max_age=_VISITOR_DAYS * 86_400))
    except (BadSignature, ValueError):
        return {}
    for key in (ACCOUNT, "_user_id", "_fresh", "_id"):
        contents.pop(key, None)
    return contents


def _signer(app: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="milieu-visitor")


def _lifetime(account_id: str) -> Lifetime:
    """The shortest of what the account's roles allow; a demo account is not hurried."""
    settings = bound().settings
    desk = Lifetime(timedelta(minutes=settings.desk_idle_minutes), timedelta(hours=settings.desk_hours))
    by_role = {
        "family": Lifetime(timedelta(days=settings.family_days), timedelta(days=settings.family_days)),
        "staff": Lifetime(timedelta(minutes=settings.staff_idle_minutes), timedelta(hours=settings.staff_hours)),
    }
    principal = find_principal(reader(), account_id)
    if principal is None:
        return desk
    chosen = [by_role.get(role, desk) for role in principal.roles] or [desk]
    absolute = min(lifetime.absolute for lifetime in chosen)
    return Lifetime(absolute if principal.is_demo else min(lifetime.idle for lifetime in chosen), absolute)
