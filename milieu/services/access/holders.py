"""Who holds accounts: one person, one address, one password, and an account in each community that she belongs to.

A community's code sets the password of whom no other community lets in; who is let in elsewhere takes its account up
with the password that she has. So nobody who prints codes in one community gets into another by them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.ids import new_id
from milieu.models import Account, AccountHolder, PasswordPass
from milieu.services.access.addresses import read_address
from milieu.services.access.passwords import hash_password
from milieu.services.access.sign_ins import end_sign_ins_of

CODE, GIVEN, LINK = "code", "given", "link"
"""What leave to set a password may be: a community's printed code, one of who runs Milieu, a letter to the address."""
FOR_ALL = (GIVEN, LINK)
"""Leave that is a person's, whichever of her accounts it was made for: it comes from above the communities."""


@dataclass(frozen=True)
class Credentials:
    """A person as her address found her; where no account lets her in, there is no password that could be right.

    `is_active`: some account of hers has not been ended, whether she took it up or not.
    """

    holder_id: str
    password_hash: str | None
    is_active: bool


def find_credentials(db: DbSession, email: str) -> Credentials | None:
    """What a sign-in with an address is held against, None where nobody has it."""
    holder = find_holder(db, email)
    if holder is None:
        return None
    accounts = open_accounts(db, holder.id)
    is_let_in = any(account.joined_at for account in accounts)
    return Credentials(holder.id, holder.password if is_let_in else None, bool(accounts))


def find_holder(db: DbSession, email: str) -> AccountHolder | None:
    """Who signs in with an address however it is written, None where nobody does."""
    try:
        address = read_address(email)
    except Invalid:
        return None
    return db.scalar(select(AccountHolder).where(AccountHolder.email == address))


def is_let_in_elsewhere(db: DbSession, account: Account) -> bool:
    """Whether another account lets the same person in."""
    others = select(Account.id).where(Account.holder_id == account.holder_id, Account.id != account.id)
    return db.scalar(others.where(Account.active, Account.joined_at.is_not(None)).limit(1)) is not None


def take_up(db: DbSession, accounts: Iterable[Account], *, now: datetime) -> None:
    """From now on these accounts let their holder in."""
    for account in accounts:
        account.joined_at = account.joined_at or now
    db.flush()


def change_address(db: DbSession, account: Account, address: str, *, now: datetime) -> None:
    """Another address for an account; what it opened ends.

    Of whom this is the only account, the address itself changes. Who has others keeps hers for them: this account then
    is that of whoever has the new address, who takes it up as a new one. Raises Conflict where she has one here.
    """
    holder, other = account.holder, find_holder(db, address)
    end_what_she_opened(db, holder.id, passes_of=[account.id])
    is_only = db.scalars(select(Account.id).where(Account.holder_id == holder.id)).all() == [account.id]
    if other is None and is_only:
        holder.email = address
        db.flush()
        return
    if other is not None:
        check_none_here(db, account.community_id, other.id)
    account.holder, account.joined_at = other or make_holder(db, address, now=now), None
    db.flush()
    if is_only:
        db.delete(holder)
        db.flush()


def check_none_here(db: DbSession, community_id: str, holder_id: str) -> None:
    """Raises Conflict where a person has an account in a community already."""
    here = select(Account.id).where(Account.community_id == community_id, Account.holder_id == holder_id)
    if db.scalar(here) is not None:
        raise Conflict("There is an account with this address already.", at="email")


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

    Whatever leave there was to set a password is used up with it; a code for an account that she has still to take up
    holds.
    """
    _holder(db, holder_id).password = hashed
    joined = select(Account.id).where(Account.holder_id == holder_id, Account.joined_at.is_not(None))
    end_what_she_opened(db, holder_id, passes_of=db.scalars(joined).all())


def keep_password_hash(db: DbSession, holder_id: str, hashed: str) -> None:
    """Store a fresh hash of the same password, made because the hash's parameters have risen."""
    _holder(db, holder_id).password = hashed
    db.flush()


def find_password_hash(db: DbSession, holder_id: str) -> str | None:
    """What the present password of a person is held against; None where she has none or is let in nowhere."""
    let_in = Account.active & Account.joined_at.is_not(None)
    accounts = select(Account.id).where(Account.holder_id == AccountHolder.id, let_in).exists()
    return db.scalar(select(AccountHolder.password).where(AccountHolder.id == holder_id, accounts))


def end_what_she_opened(db: DbSession, holder_id: str, *, passes_of: Sequence[str]) -> None:
    """Her sign-ins end in all her accounts, for each leads to the others; and all leave for the accounts named.

    It holds from the next request on.
    """
    accounts = db.scalars(select(Account).where(Account.holder_id == holder_id)).all()
    for account in accounts:
        account.fs_uniquifier = new_id()
    ids = [account.id for account in accounts]
    end_sign_ins_of(db, ids)
    of_hers = PasswordPass.account_id.in_(ids) & PasswordPass.kind.in_(FOR_ALL)
    db.execute(delete(PasswordPass).where(or_(of_hers, PasswordPass.account_id.in_(passes_of))))
    db.flush()


def _holder(db: DbSession, holder_id: str) -> AccountHolder:
    holder = db.get(AccountHolder, holder_id)
    if holder is None:
        raise NotFound("There is no such account.")
    return holder
