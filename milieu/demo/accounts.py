"""The demo's accounts: one director, one of the staff, a family of one resident and a family of two."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, or_, select

from milieu.database import DbSession
from milieu.models import Account, AccountHolder, Community, Consent, Facilitator, Kinship, Note, Relative, Resident
from milieu.queries.demo import ACCOUNTS
from milieu.queries.residents.stays import stays_over
from milieu.services.access.accounts import create_account
from milieu.services.access.holders import find_holder

_A_YEAR = timedelta(days=365)
PASSWORD = "choir-at-ten"  # noqa: S105 - printed on the screen: the demo answers on this machine alone


@dataclass(frozen=True)
class DemoAccount:
    """An account to try; `about` says whose it is."""

    email: str
    about: str


def make_accounts(db: DbSession, community_id: str, *, today: date, now: datetime) -> tuple[DemoAccount, ...]:
    """Make the accounts that are not there yet; all of them, in the order to try them."""
    community = db.get_one(Community, community_id)
    domain = f"{community.key.split('-')[0]}.example"
    leader = db.scalars(
        select(Facilitator)
        .where(Facilitator.community_id == community_id, Facilitator.kind == "staff", Facilitator.ended_on.is_(None))
        .order_by(Facilitator.key)
    ).first()
    wanted = [
        (DemoAccount(f"director@{domain}", "the director, who plans and publishes"), "Robin Made-Up", "director", {}),
        (
            DemoAccount(f"staff@{domain}", f"{leader.name if leader else 'one of the staff'}, on the floor today"),
            leader.name if leader else "Sam Made-Up",
            "staff",
            {"facilitator_id": leader.id if leader else None},
        ),
    ]
    for count, name in ((1, "family"), (2, "family-of-two")):
        relative = _relative_of(db, community_id, count, today)
        if relative is not None:
            about = f"{relative.name}, {_whose(db, relative)}"
            wanted.append(
                (DemoAccount(f"{name}@{domain}", about), relative.name, "family", {"relative_id": relative.id})
            )
    for account, name, role, links in wanted:
        if find_holder(db, account.email) is None:
            create_account(
                db,
                community_id,
                email=account.email,
                name=name,
                password=PASSWORD,
                roles=(role,),
                now=now,
                is_demo=True,
                facilitator_id=links.get("facilitator_id"),
                relative_id=links.get("relative_id"),
            )
    accounts = tuple(account for account, _, _, _ in wanted)
    listed = [{"email": account.email, "about": account.about} for account in accounts]
    db.merge(Note(name=ACCOUNTS, value={"community": community.key, "password": PASSWORD, "accounts": listed}))
    return accounts


def director_of(db: DbSession, community_id: str) -> str | None:
    """The account in whose name the demo publishes."""
    return db.scalar(
        select(Account.id)
        .join(AccountHolder, AccountHolder.id == Account.holder_id)
        .where(Account.community_id == community_id, Account.is_demo, AccountHolder.email.startswith("director@"))
        .limit(1)
    )


def _relative_of(db: DbSession, community_id: str, count: int, today: date) -> Relative | None:
    """Somebody who may see the calendar, and best also the past, of exactly so many residents who live here."""
    calendars = func.sum(case((Consent.kind == "calendar", 1), else_=0))
    return db.scalars(
        select(Relative)
        .join(
            Consent,
            (Consent.community_id == Relative.community_id) & (Consent.relative_id == Relative.id),
        )
        .join(
            Resident,
            (Resident.community_id == Consent.community_id) & (Resident.id == Consent.resident_id),
        )
        .where(
            Relative.community_id == community_id,
            Consent.kind.in_(("calendar", "attended")),
            Consent.valid_from <= today,
            or_(Consent.valid_until.is_(None), Consent.valid_until > today),
            stays_over(today + _A_YEAR, today + _A_YEAR),
            Resident.is_short_stay.is_(False),
        )
        .group_by(Relative.community_id, Relative.id)
        .having(func.count(func.distinct(Resident.id)) == count, calendars == count)
        .order_by(func.count().desc(), Relative.key)
    ).first()


def _whose(db: DbSession, relative: Relative) -> str:
    """Whose relative she is: "whose mother is Ruth Webb"."""
    rows = db.execute(
        select(Kinship.resident_is, Resident.given_name, Resident.family_name)
        .join(Resident, (Resident.community_id == Kinship.community_id) & (Resident.id == Kinship.resident_id))
        .where(Kinship.community_id == relative.community_id, Kinship.relative_id == relative.id)
        .order_by(Resident.key)
    )
    return "whose " + " and ".join(f"{what} is {given} {family}" for what, given, family in rows)
