"""Who holds accounts: one person, one address, one password, and an account in each community that she belongs to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from milieu.database import DbSession
from milieu.errors import Invalid, NotFound
from milieu.ids import new_id
from milieu.models import Account, AccountHolder, PasswordPass
from milieu.services.access.addresses import read_address
from milieu.services.access.passwords import hash_password
from milieu.services.access.sign_ins import end_sign_ins_of


@dataclass(frozen=True)
class Credentials:
    """A person as her address found her; where no account lets her in, there is no password that could be right."""

    holder_id: str
    password_hash: str | None
    is_active: bool


def find_credentials(db: DbSession, email: str) -> Credentials | None:
    """What a sign-in with an address is held against, None where nobody has it."""
    holder = find_holder(db, email)
    if holder is None:
        return None
    is_active = db.scalar(select(Account.id).where(Account.holder_id == holder.id, Account.active).limit(1)) is not None
    return Credentials(holder.id, holder.password if is_active else None, is_active)


def find_holder(db: DbSession, email: str) -> AccountHolder | None:
    """Who signs in with an address however it is written, None where nobody does."""
    try:
        address = read_address(email)
    except Invalid:
        return None
    return db.scalar(select(AccountHolder).where(AccountHolder.email == address))


def make_holder(db: DbSession, address: str, *, now: datetime) -> AccountHolder:
    """Somebody with an address in its normal form that nobody has."""
    holder = AccountHolder(id=new_id(), email=address, password=None, created_at=now)
    db.add(holder)
    db.flush()
    return holder


def open_accounts(db: DbSession, holder_id: str) -> list[Account]:
    """Her accounts that have not been ended, the oldest first."""
    held = select(Account).where(Account.holder_id == holder_id, Account.active)
    return list(db.scalars(held.order_by(Account.created_at, Account.id)))


def set_password(db: DbSession, holder_id: str, password: str) -> None:
    """Give a person another password and end all her sign-ins. Raises Invalid for one that cannot be, NotFound."""
    set_password_hash(db, holder_id, hash_password(password))


def set_password_hash(db: DbSession, holder_id: str, hashed: str) -> None:
    """As `set_password`, of a password that was hashed before the unit of work began: hashing holds up no writer.

    Whatever leave there was to set a password is used up with it.
    """
    _holder(db, holder_id).password = hashed
    end_what_she_opened(db, holder_id)


def keep_password_hash(db: DbSession, holder_id: str, hashed: str) -> None:
    """Store a fresh hash of the same password, made because the hash's parameters have risen."""
    _holder(db, holder_id).password = hashed
    db.flush()


def find_password_hash(db: DbSession, holder_id: str) -> str | None:
    """What the present password of a person is held against; None where she has none or is let in nowhere."""
    let_in = select(Account.id).where(Account.holder_id == AccountHolder.id, Account.active).exists()
    return db.scalar(select(AccountHolder.password).where(AccountHolder.id == holder_id, let_in))


def end_what_she_opened(db: DbSession, holder_id: str) -> None:
    """Sign-ins and leave to set a password end, in all her accounts; it holds from the next request on."""
    accounts = db.scalars(select(Account).where(Account.holder_id == holder_id)).all()
    for account in accounts:
        account.fs_uniquifier = new_id()
    end_sign_ins_of(db, [account.id for account in accounts])
    db.execute(delete(PasswordPass).where(PasswordPass.account_id.in_([account.id for account in accounts])))
    db.flush()


def _holder(db: DbSession, holder_id: str) -> AccountHolder:
    holder = db.get(AccountHolder, holder_id)
    if holder is None:
        raise NotFound("There is no such account.")
    return holder
