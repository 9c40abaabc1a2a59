"""Run by Alembic, always on a connection (and inside a transaction) that `milieu.database` opened."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import AddColumnOp, MigrationScript, OpContainer
from sqlalchemy import Column, DefaultClause, text
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from milieu.models import Base, UtcDateTime


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration must still run when the product's own types have changed: it names SQLAlchemy's."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def give_old_rows_values(_context: Any, _revision: Any, scripts: Iterable[MigrationScript]) -> None:
    """A column that may not be empty begins with its model's default in the rows that are there.

    Where that is made anew for each row, nothing is said for the old ones: the migration has to.
    """
    for script in scripts:
        for column in _added(script.upgrade_ops):
            if not column.nullable and isinstance(column.default, ScalarElementColumnDefault):
                value = column.default.arg
                literal = str(value).lower() if isinstance(value, bool) else str(value)
                column.server_default = DefaultClause(text(literal) if isinstance(value, bool) else literal)


def _added(operations: OpContainer | None) -> Iterator[Column[Any]]:
    for each in operations.ops if operations else ():
        if isinstance(each, OpContainer):
            yield from _added(each)
        elif isinstance(each, AddColumnOp):
            yield each.column


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render,
    process_revision_directives=give_old_rows_values,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
