"""Who may sign in, and the sign-in sessions kept on the server.

The columns that Flask-Security asks of a user and a role carry its names; nothing here imports it.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from milieu.ids import new_id
from milieu.models.base import Base, CommunityRow, Id, Versioned, within

ROLES = ("director", "staff", "family", "administrator")

account_role = Table(
    "account_role",
    Base.metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Base):
    __tablename__ = "role"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    description: Mapped[str] = mapped_column(default="")


class AccountHolder(Base):
    """A person who signs in: one address, one password, and in each community that she belongs to an account."""

    __tablename__ = "account_holder"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime]


class Account(Versioned, Base):
    """What its holder is in one community: her roles, and what she is called there.

    `relative_id` links a family's account, `facilitator_id` a member of staff's, each within the community. `joined_at`
    is when the holder took the account up, with a code of this community or a letter to her address: one that was never
    taken up lets nobody in. `tour_at` is the step at which a director is being shown around, null where nobody is.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("community_id", "id"),
        UniqueConstraint("community_id", "holder_id"),
        within("relative", "relative_id"),
        within("facilitator", "facilitator_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    community_id: Mapped[str] = mapped_column(Id, ForeignKey("community.id"), index=True)
    holder_id: Mapped[str] = mapped_column(Id, ForeignKey("account_holder.id"), index=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=new_id)
    relative_id: Mapped[str | None] = mapped_column(Id)
    facilitator_id: Mapped[str | None] = mapped_column(Id)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    tour_at: Mapped[str | None] = mapped_column(String(20))
    holder: Mapped[AccountHolder] = relationship(lazy="joined", innerjoin=True)
    roles: Mapped[list[Role]] = relationship(secondary=account_role, lazy="selectin")

    @property
    def email(self) -> str:
        """The address with which its holder signs in."""
        return self.holder.email


class SignInSession(Base):
    """A browser's session: the cookie holds a random token, this row its SHA-256; `data` is the serialised session."""

    __tablename__ = "sign_in_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(Id, ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class TryMeter(Base):
    """How far one limit on tries is used up, known name or not: `key` is a keyed hash, so the row tells nobody's name.

    `full_ms`: the moment, in milliseconds since 1970, at which the whole allowance is back. A bounded number of rows.
    """

    __tablename__ = "try_meter"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    full_ms: Mapped[int] = mapped_column(BigInteger, index=True)


class PasswordPass(CommunityRow, Base):
    """Leave to set a new password once: `kind` is "link" (sent by mail) or "code" (printed). Only its hash is kept."""

    __tablename__ = "password_pass"
    __table_args__ = (within("account", "account_id"),)

    account_id: Mapped[str] = mapped_column(Id, index=True)
    kind: Mapped[str] = mapped_column(String(8))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
