"""Who is signed in on this request."""

from flask import g, session

from milieu.errors import NotAllowed
from milieu.services.access.accounts import Principal, find_principal
from web.binding import reader
from web.guards.sessions import ACCOUNT


def principal_or_none() -> Principal | None:
    """Who is signed in; None for a visitor, and for somebody whose account has been closed since."""
    if "principal" not in g:
        account_id = session.get(ACCOUNT)
        g.principal = find_principal(reader(), account_id) if account_id else None
    found: Principal | None = g.principal
    return found


def principal() -> Principal:
    """Who is signed in. Raises NotAllowed for a visitor; the access table lets none come so far."""
    found = principal_or_none()
    if found is None:
        raise NotAllowed("Please sign in first.")
    return found


def forget_principal() -> None:
    """Somebody signed in or out: look again."""
    g.pop("principal", None)
