"""`milieu account …`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from milieu.clock import SystemClock
from milieu.commands.choosing import choose_community
from milieu.database import DbSession, unit_of_work
from milieu.errors import NotFound
from milieu.installation.serving import open_engines
from milieu.models import Account, AccountHolder, Facilitator, Relative
from milieu.queries.access.accounts import AccountLine, accounts_of
from milieu.services.access.accounts import (
    close_account,
    create_account,
    end_what_it_opened,
)
from milieu.services.access.holders import find_holder, set_password_hash
from milieu.services.access.keeping import check_links
from milieu.services.access.passes import CODE, LIVES, make_pass
from milieu.services.access.passwords import hash_password
from milieu.services.journal import record
from milieu.settings import Settings


def read_password(line: str) -> str:
    """A password as a pipe hands it on: without the end of its line, whichever machine wrote it."""
    return line.rstrip("\r\n")


def create_for(
    settings: Settings,
    *,
    community: str | None,
    email: str,
    name: str,
    password: str,
    roles: tuple[str, ...],
    relative: str | None,
    facilitator: str | None,
) -> str:
    """Make an account; its id. Raises NotFound, Invalid, Conflict."""
    now = SystemClock().now()
    with _opened(settings) as db:
        chosen = choose_community(db, community)
        relative_id = _id_of(db, Relative, chosen.id, relative)
        facilitator_id = _id_of(db, Facilitator, chosen.id, facilitator)
        made = create_account(
            db,
            chosen.id,
            email=email,
            name=name,
            password=password,
            roles=roles,
            now=now,
            relative_id=relative_id,
            facilitator_id=facilitator_id,
        )
        today = now.astimezone(ZoneInfo(chosen.timezone)).date()
        check_links(db, chosen.id, facilitator_id, relative_id, today=today)
        record(db, chosen.id, verb="made", noun="account", row_id=made, by=None, now=now, after={"roles": list(roles)})
        return made


def list_of(settings: Settings, *, community: str | None, as_json: bool) -> str:
    """The accounts of a community, a line each: what they may do, whether they are open, how often signed in."""
    with _opened(settings) as db:
        lines = accounts_of(db, choose_community(db, community).id, now=SystemClock().now())
    if as_json:
        return json.dumps([_document(line) for line in lines], ensure_ascii=False, indent=2)
    return "\n".join(map(_line, lines)) or "There is no account yet."


def end_for(settings: Settings, email: str) -> str:
    """End an account; the sentence to print. Raises NotFound."""

    def end(db: DbSession, account: Account, now: datetime) -> str:
        close_account(db, account.id)
        record(db, account.community_id, verb="ended", noun="account", row_id=account.id, by=None, now=now)
        return f"{account.email} can no longer sign in, and is signed out."

    return _changed(settings, email, end)


def set_password_for(settings: Settings, email: str, password: str) -> str:
    """Give an account another password; the sentence to print. Raises NotFound, Invalid."""
    hashed = hash_password(password)

    def change(db: DbSession, account: Account, now: datetime) -> str:
        set_password_hash(db, account.holder_id, hashed)
        record(db, account.community_id, verb="changed", noun="password", row_id=account.id, by=None, now=now)
        return f"The new password of {account.email} holds; every sign-in has ended."

    return _changed(settings, email, change)


def code_for(settings: Settings, email: str) -> str:
    """Make a one-time code; what to print. Raises NotFound, also for an account that has ended."""

    def make(db: DbSession, account: Account, now: datetime) -> str:
        code = make_pass(db, account.id, CODE, by=None, now=now)
        where = f"{settings.public_url.rstrip('/')}/new-password" if settings.public_url else "the page /new-password"
        return f"{code}\nIt sets a password once, on {where}, within {LIVES[CODE].days} days."

    return _changed(settings, email, make)


def sessions_of(settings: Settings, email: str, *, is_end: bool) -> str:
    """How often an account is signed in, or the end of all its sign-ins; the sentence to print. Raises NotFound."""

    def look(db: DbSession, account: Account, now: datetime) -> str:
        line = next(each for each in accounts_of(db, account.community_id, now=now) if each.account_id == account.id)
        if not is_end:
            seen = f", last seen {line.seen_at:%Y-%m-%d %H:%M} UTC" if line.seen_at else ""
            return f"{account.email} is signed in on {_browsers(line.sign_ins)}{seen}."
        end_what_it_opened(db, account)
        record(db, account.community_id, verb="ended", noun="sign-ins", row_id=account.id, by=None, now=now)
        return f"{account.email} is signed out of {_browsers(line.sign_ins)}; the password still holds."

    return _changed(settings, email, look)


def _browsers(count: int) -> str:
    return "1 browser" if count == 1 else f"{count or 'no'} browsers"


def _changed(settings: Settings, email: str, change: Callable[[DbSession, Account, datetime], str]) -> str:
    with _opened(settings) as db:
        holder = find_holder(db, email) or db.scalar(select(AccountHolder).where(AccountHolder.email == email))
        if holder is None:
            raise NotFound(f"There is no account with the address {email!r}.")
        account = db.scalars(select(Account).where(Account.holder_id == holder.id)).one()
        return change(db, account, SystemClock().now())


@contextmanager
def _opened(settings: Settings) -> Iterator[DbSession]:
    engines = open_engines(settings)
    try:
        with unit_of_work(engines) as db:
            yield db
    finally:
        engines.dispose()


def _document(line: AccountLine) -> dict[str, object]:
    document = asdict(line) | {"roles": list(line.roles)}
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in document.items()}


def _line(line: AccountLine) -> str:
    state = "ended" if not line.is_open else "no password yet" if not line.has_password else "open"
    return f"{line.email}  {line.name}  {', '.join(line.roles)}  {state}  signed in: {line.sign_ins}"


def _id_of(db: DbSession, table: type[Relative] | type[Facilitator], community_id: str, key: str | None) -> str | None:
    if key is None:
        return None
    found = db.scalar(select(table.id).where(table.community_id == community_id, table.key == key))
    if found is None:
        raise NotFound(f"There is no {table.__tablename__} with the key {key!r} in this community.")
    return found
