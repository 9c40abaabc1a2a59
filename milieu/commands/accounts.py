"""`milieu account …`."""

import json
from collections.abc import Iterator, Sequence
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
)
from milieu.services.access.holders import (
    GIVEN,
    end_what_she_opened,
    find_credentials,
    find_holder,
    set_password_hash,
    take_up,
)
from milieu.services.access.keeping import check_links
from milieu.services.access.passes import LIVES, make_pass
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
    password: str | None,
    roles: tuple[str, ...],
    relative: str | None,
    facilitator: str | None,
) -> str:
    """Make an account; its id. Who has a password keeps it and is let in with it: `password` is None for her.

    Raises NotFound, Invalid, Conflict.
    """
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
            is_taken_up=True,
        )
        today = now.astimezone(ZoneInfo(chosen.timezone)).date()
        check_links(db, chosen.id, facilitator_id, relative_id, today=today)
        record(db, chosen.id, verb="made", noun="account", row_id=made, by=None, now=now, after={"roles": list(roles)})
        return made


def has_password(settings: Settings, email: str) -> bool:
    """Whether whoever has an address signs in with a password by now, in whichever community."""
    with _opened(settings) as db:
        found = find_credentials(db, email)
        return found is not None and found.password_hash is not None


def list_of(settings: Settings, *, community: str | None, as_json: bool) -> str:
    """The accounts of a community, a line each: what they may do, whether they are open, how often signed in."""
    with _opened(settings) as db:
        lines = accounts_of(db, choose_community(db, community).id, now=SystemClock().now())
    if as_json:
        return json.dumps([_document(line) for line in lines], ensure_ascii=False, indent=2)
    return "\n".join(map(_line, lines)) or "There is no account yet."


def end_for(settings: Settings, email: str, *, community: str | None) -> str:
    """End an account; the sentence to print. Raises NotFound, Invalid where she has several and none is named."""
    now = SystemClock().now()
    with _opened(settings) as db:
        accounts = _accounts(db, email)
        if community is not None or len(accounts) > 1:
            chosen = choose_community(db, community)
            accounts = [each for each in accounts if each.community_id == chosen.id]
            if not accounts:
                raise NotFound(f"There is no account with the address {email!r} in {chosen.key}.")
        [account] = accounts
        close_account(db, account.id)
        record(db, account.community_id, verb="ended", noun="account", row_id=account.id, by=None, now=now)
        where = f", in {chosen.name}," if community is not None else ""
        return f"{account.email} can no longer sign in{where or ','} and is signed out."


def set_password_for(settings: Settings, email: str, password: str) -> str:
    """Give a person another password, for all her accounts; the sentence to print. Raises NotFound, Invalid."""
    hashed, now = hash_password(password), SystemClock().now()
    with _opened(settings) as db:
        accounts = _accounts(db, email)
        take_up(db, [each for each in accounts if each.active], now=now)
        set_password_hash(db, accounts[0].holder_id, hashed)
        _record_all(db, accounts, "changed", "password", now)
        return f"The new password of {accounts[0].email} holds; every sign-in has ended."


def code_for(settings: Settings, email: str) -> str:
    """Make a one-time code; what to print. Raises NotFound, also where every account of hers has ended."""
    now = SystemClock().now()
    with _opened(settings) as db:
        accounts = _accounts(db, email)
        chosen = next((each for each in accounts if each.active), accounts[0])
        code = make_pass(db, chosen.id, GIVEN, by=None, now=now)
        where = f"{settings.public_url.rstrip('/')}/new-password" if settings.public_url else "the page /new-password"
        return f"{code}\nIt sets a password once, on {where}, within {LIVES[GIVEN].days} days."


def sessions_of(settings: Settings, email: str, *, is_end: bool) -> str:
    """How often a person is signed in, or the end of all her sign-ins; the sentence to print. Raises NotFound."""
    now = SystemClock().now()
    with _opened(settings) as db:
        accounts = _accounts(db, email)
        ids = {account.id for account in accounts}
        lines = [
            line for each in accounts for line in accounts_of(db, each.community_id, now=now) if line.account_id in ids
        ]
        browsers = _browsers(sum(line.sign_ins for line in lines))
        if not is_end:
            seen_at = max((line.seen_at for line in lines if line.seen_at), default=None)
            seen = f", last seen {seen_at:%Y-%m-%d %H:%M} UTC" if seen_at else ""
            return f"{accounts[0].email} is signed in on {browsers}{seen}."
        end_what_she_opened(db, accounts[0].holder_id, passes_of=list(ids))
        _record_all(db, accounts, "ended", "sign-ins", now)
        return f"{accounts[0].email} is signed out of {browsers}; the password still holds."


def _browsers(count: int) -> str:
    return "1 browser" if count == 1 else f"{count or 'no'} browsers"


def _accounts(db: DbSession, email: str) -> list[Account]:
    """All accounts of whoever has an address, also of an old spelling, the oldest first. Raises NotFound."""
    holder = find_holder(db, email) or db.scalar(select(AccountHolder).where(AccountHolder.email == email))
    if holder is None:
        raise NotFound(f"There is no account with the address {email!r}.")
    held = select(Account).where(Account.holder_id == holder.id).order_by(Account.created_at, Account.id)
    return list(db.scalars(held))


def _record_all(db: DbSession, accounts: Sequence[Account], verb: str, noun: str, now: datetime) -> None:
    for account in accounts:
        record(db, account.community_id, verb=verb, noun=noun, row_id=account.id, by=None, now=now)


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
