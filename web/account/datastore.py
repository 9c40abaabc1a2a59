"""Accounts as Flask-Security sees them, over the request's own reading session.

Its mixins state for mypy what an instance holds, where SQLAlchemy states columns: the two are told apart by hand.
"""

from typing import Any

from flask_security import RoleMixin, SQLAlchemySessionUserDatastore, UserMixin
from sqlalchemy.orm import Mapped, relationship
from werkzeug.local import LocalProxy

from milieu.models.accounts import Account, Role, account_role
from web.binding import reader


class SignedInRole(RoleMixin, Role):  # type: ignore[misc]
    """The role with what Flask-Principal asks of one."""


class SignedInAccount(UserMixin, Account):  # type: ignore[misc]
    """The account with what Flask-Login asks of a user; the same table, no column of its own."""

    __mapper_args__: dict[str, Any] = {}  # noqa: RUF012 - the version column is the base's

    roles: Mapped[list[SignedInRole]] = relationship(  # type: ignore[assignment]
        secondary=account_role, lazy="selectin", viewonly=True
    )


class Accounts(SQLAlchemySessionUserDatastore):
    """Reads through the request's session, and writes nothing: what changes accounts are `milieu`'s own services."""

    def __init__(self) -> None:
        super().__init__(LocalProxy(reader), SignedInAccount, SignedInRole)  # type: ignore[arg-type]

    def commit(self) -> None:
        """Nothing: what reads has nothing to commit."""


def signing_in(account_id: str) -> SignedInAccount:
    """The account as Flask-Security signs it in."""
    return reader().get_one(SignedInAccount, account_id)
