"""Who may sign in, and the sign-in sessions kept on the server.

The columns that Flask-Security asks of a user and a role carry its names; nothing here imports it.
"""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from milieu.ids import new_id
from milieu.models.base import Base, Id, Versioned, within

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


class Account(Versioned, Base):
    """`relative_id` links a family's account, `facilitator_id` a member of staff's, each within the community."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("community_id", "id"),
        within("relative", "relative_id"),
        within("facilitator", "facilitator_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    community_id: Mapped[str] = mapped_column(Id, ForeignKey("community.id"), index=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str]
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=new_id)
    relative_id: Mapped[str | None] = mapped_column(Id)
    facilitator_id: Mapped[str | None] = mapped_column(Id)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    roles: Mapped[list[Role]] = relationship(secondary=account_role, lazy="selectin")


class SignInSession(Base):
    """A browser's session: the cookie holds a random token, this row its SHA-256; `data` is the serialised session."""

    __tablename__ = "sign_in_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(Id, ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class SignInAttempt(Base):
    """Failed sign-ins of an existing account, for slowing down; never a row for an unknown name."""

    __tablename__ = "sign_in_attempt"

    account_id: Mapped[str] = mapped_column(Id, ForeignKey("account.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
