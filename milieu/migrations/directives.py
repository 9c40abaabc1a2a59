"""How the next migration is written from what the models say: by which types, with which values, and in place."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import AddColumnOp, DropColumnOp, MigrationScript, ModifyTableOps, OpContainer
from sqlalchemy import Column, DefaultClause, text
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from milieu.models import UtcDateTime


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration must still run when the product's own types have changed: it names SQLAlchemy's."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def prepare(_context: Any, _revision: Any, scripts: Iterable[MigrationScript]) -> None:
    """What is written goes right for the rows and the triggers that are there."""
    for script in scripts:
        give_old_rows_values(script.upgrade_ops)
        for operations in (script.upgrade_ops, script.downgrade_ops):
            change_in_place(operations)


def give_old_rows_values(operations: OpContainer | None) -> None:
    """A column that may not be empty begins with its model's default in the rows that are there.

    Where that is made anew for each row, nothing is said for the old ones: the migration has to.
    """
    for column in _added(operations):
        if not column.nullable and isinstance(column.default, ScalarElementColumnDefault):
            value = column.default.arg
            literal = str(value).lower() if isinstance(value, bool) else str(value)
            column.server_default = DefaultClause(text(literal) if isinstance(value, bool) else literal)


def change_in_place(operations: OpContainer | None) -> None:
    """Columns come and go within their table: one that SQLite made anew for it, a table of facts, lost its triggers."""
    if operations is None:
        return
    found: list[Any] = []
    for each in operations.ops:
        is_plain = isinstance(each, ModifyTableOps) and all(
            isinstance(one, AddColumnOp | DropColumnOp) for one in each.ops
        )
        found += each.ops if is_plain and isinstance(each, ModifyTableOps) else [each]
    operations.ops[:] = found


def _added(operations: OpContainer | None) -> Iterator[Column[Any]]:
    for each in operations.ops if operations else ():
        if isinstance(each, OpContainer):
            yield from _added(each)
        elif isinstance(each, AddColumnOp):
            yield each.column
