"""How the next migration is written: what SQLite can do in place is never done by making a table anew."""

from alembic.autogenerate import render_python_code
from alembic.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    DropColumnOp,
    MigrationScript,
    ModifyTableOps,
    UpgradeOps,
)
from sqlalchemy import Boolean, Column, String

from milieu.migrations.directives import prepare


def written(*changes: ModifyTableOps) -> tuple[str, str]:
    """The way there and the way back, as a migration of these changes says them."""
    there = UpgradeOps(list(changes))
    script = MigrationScript("0001", there, there.reverse())
    prepare(None, None, [script])
    assert script.upgrade_ops is not None
    assert script.downgrade_ops is not None
    up, down = script.upgrade_ops, script.downgrade_ops
    return render_python_code(up, render_as_batch=True), render_python_code(down, render_as_batch=True)


def test_columns_come_and_go_in_place_and_begin_with_their_default() -> None:
    hears = Column("hears_with", String(), default="", nullable=False)
    is_guest = Column("is_guest", Boolean(), default=False, nullable=False)
    old = DropColumnOp("resident", "old", _reverse=AddColumnOp("resident", Column("old", String())))

    there, back = written(
        ModifyTableOps("resident", [AddColumnOp("resident", hears), AddColumnOp("resident", is_guest), old])
    )

    assert "batch" not in there + back
    assert "op.add_column('resident', sa.Column('hears_with', sa.String(), server_default='', nullable=False))" in there
    assert "server_default=sa.text('false')" in there
    assert "op.drop_column('resident', 'old')" in there
    assert "op.drop_column('resident', 'hears_with')" in back


def test_what_cannot_be_done_in_place_is_a_batch() -> None:
    longer = AlterColumnOp(
        "resident", "room", existing_type=String(40), modify_type=String(80), existing_nullable=False
    )

    there, _back = written(ModifyTableOps("resident", [longer]))

    assert "op.batch_alter_table('resident'" in there
