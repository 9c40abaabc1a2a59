"""Accounts as Flask-Security sees them, over the request's own reading session."""

from typing import Any

from flask_security import RoleMixin, SQLAlchemySessionUserDatastore, UserMixin
from sqlalchemy.orm import Mapped, relationship
from werkzeug.local import LocalProxy

from milieu.models.accounts import Account, Role, account_role
from milieu.services.accounts import keep_password_hash
from web.binding import reader, write


class SignedInRole(RoleMixin, Role):
    """The role with what Flask-Principal asks of one."""


class SignedInAccount(UserMixin, Account):
    """The account with what Flask-Login asks of a user; the same table, no column of its own."""

    __mapper_args__: dict[str, Any] = {}  # noqa: RUF012 - the version column is the base's

    roles: Mapped[list[SignedInRole]] = relationship(secondary=account_role, lazy="selectin", viewonly=True)


class Accounts(SQLAlchemySessionUserDatastore):
    """Reads through the request's session. The one thing that signing in may write, a fresh hash, gets its own unit."""

    def __init__(self) -> None:
        super().__init__(LocalProxy(reader), SignedInAccount, SignedInRole)  # type: ignore[arg-type]

    def put(self, model: Any) -> Any:
        account_id, hashed = model.id, model.password
        reader().expunge(model)
        write(lambda db: keep_password_hash(db, account_id, hashed))
        return model

    def commit(self) -> None:
        """Nothing: what reads has nothing to commit."""
