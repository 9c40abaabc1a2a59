"""What a director does with the accounts of staff and family: make, change, end, open again, print a code.

Accounts of directors and administrators are kept by the command line alone; here they are as absent as foreign ones.
Each change is in the journal, and holds from the next request on.
"""

from datetime import date, datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import Account, Consent, Facilitator, Relative
from milieu.models.validity import is_valid_within
from milieu.queries.residents.people import residents_here
from milieu.services.access.accounts import close_account, create_account
from milieu.services.access.addresses import read_address
from milieu.services.access.holders import CODE, change_address, end_what_she_opened, is_let_in_elsewhere
from milieu.services.access.passes import make_pass
from milieu.services.journal import record

KEPT_ROLES = ("staff", "family")
_LONGEST_NAME = 120


def open_account(
    db: DbSession,
    community_id: str,
    *,
    role: str,
    email: str,
    name: str,
    facilitator_id: str | None = None,
    relative_id: str | None = None,
    by: str,
    today: date,
    now: datetime,
) -> str:
    """Make an account for one of the staff or a relative, without a password; its id.

    Raises Invalid, Conflict for an address that is taken, NotFound for a foreign relative or facilitator.
    """
    if role not in KEPT_ROLES:
        raise Invalid("An account made here is for staff or for family.")
    check_links(db, community_id, facilitator_id, relative_id, today=today)
    made = create_account(
        db,
        community_id,
        email=email,
        name=_name(name),
        password=None,
        roles=(role,),
        now=now,
        facilitator_id=facilitator_id,
        relative_id=relative_id,
    )
    record(db, community_id, verb="made", noun="account", row_id=made, by=by, now=now, after={"role": role})
    return made


def check_links(
    db: DbSession, community_id: str, facilitator_id: str | None, relative_id: str | None, *, today: date
) -> None:
    """Raises NotFound for a foreign relative or facilitator, Invalid where no resident shares a calendar with her."""
    if facilitator_id is not None and db.get(Facilitator, (community_id, facilitator_id)) is None:
        raise NotFound("There is no such member of staff.")
    if relative_id is None:
        return
    if db.get(Relative, (community_id, relative_id)) is None:
        raise NotFound("There is no such relative.")
    here = [person.id for person in residents_here(db, community_id, today)]
    agreed = select(Consent.id).where(
        Consent.community_id == community_id,
        Consent.relative_id == relative_id,
        Consent.kind == "calendar",
        Consent.resident_id.in_(here),
        is_valid_within(Consent, today, today),
    )
    if db.scalars(agreed).first() is None:
        raise Invalid(
            "No resident who lives here shares a calendar with this relative: the resident’s consent comes first.",
            at="relative",
        )


def change_account(
    db: DbSession,
    community_id: str,
    account_id: str,
    *,
    email: str,
    name: str,
    facilitator_id: str | None,
    version: int,
    by: str,
    now: datetime,
) -> None:
    """Another name, address or link to who leads. A new address ends sign-ins and codes. Raises as `open_account`."""
    account = _kept(db, community_id, account_id)
    if account.version != version:
        raise Conflict("Somebody changed this account while you were looking at it. Nothing was saved.")
    address = read_address(email)
    if facilitator_id is not None and db.get(Facilitator, (community_id, facilitator_id)) is None:
        raise NotFound("There is no such member of staff.")
    now_is = {"email": address, "name": _name(name), "facilitator_id": facilitator_id}
    before = {field: getattr(account, field) for field, value in now_is.items() if getattr(account, field) != value}
    if not before:
        return
    account.name, account.facilitator_id = _name(name), facilitator_id
    if "email" in before:
        change_address(db, account, address, now=now)
    db.flush()
    record(
        db,
        community_id,
        verb="changed",
        noun="account",
        row_id=account_id,
        by=by,
        now=now,
        before=before,
        after={field: now_is[field] for field in before},
    )


def end_account(db: DbSession, community_id: str, account_id: str, *, by: str, now: datetime) -> str:
    """End an account; the name of its owner. Whoever is signed in with it is not from the next request on."""
    account = _kept(db, community_id, account_id)
    close_account(db, account_id)
    record(db, community_id, verb="ended", noun="account", row_id=account_id, by=by, now=now)
    return account.name


def reopen_account(db: DbSession, community_id: str, account_id: str, *, by: str, today: date, now: datetime) -> str:
    """Open an ended account again, without its old password; the name of its owner."""
    account = _kept(db, community_id, account_id)
    check_links(db, community_id, None, account.relative_id, today=today)
    account.active, account.joined_at = True, None
    if not is_let_in_elsewhere(db, account):
        account.holder.password = None
    db.flush()
    record(db, community_id, verb="opened again", noun="account", row_id=account_id, by=by, now=now)
    return account.name


def end_sign_ins(db: DbSession, community_id: str, account_id: str, *, by: str, now: datetime) -> str:
    """End every sign-in of an account's owner, as for a tablet that was lost; her name."""
    account = _kept(db, community_id, account_id)
    end_what_she_opened(db, account.holder_id, passes_of=[account_id])
    record(db, community_id, verb="ended", noun="sign-ins", row_id=account_id, by=by, now=now)
    return account.name


def make_code(db: DbSession, community_id: str, account_id: str, *, by: str, now: datetime) -> str:
    """A one-time code to print for somebody who has no password or forgot it. Raises NotFound."""
    return make_pass(db, _kept(db, community_id, account_id).id, CODE, by=by, now=now)


def _kept(db: DbSession, community_id: str, account_id: str) -> Account:
    account = db.get(Account, account_id)
    if account is None or account.community_id != community_id:
        raise NotFound("There is no such account.")
    if not account.roles or not {role.name for role in account.roles} <= set(KEPT_ROLES):
        raise NotFound("There is no such account.")
    return account


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Invalid(f"A name has 1 to {_LONGEST_NAME} letters, and none that cannot be seen.", at="name")
    return name
