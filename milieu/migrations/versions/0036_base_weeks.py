"""Base weeks with names, and on which days planning starts from which."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = ("base_week", "base_week_choice")


def upgrade() -> None:
    op.create_table(
        "base_week",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_base_week_community_id_key")),
        *_of_community("base_week"),
    )
    op.create_table(
        "base_week_choice",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("base_week_id", sa.String(length=26), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by", sa.String(length=26), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        _of_base_week("base_week_choice"),
        *_of_community("base_week_choice"),
    )
    with op.batch_alter_table("base_session") as sessions:
        sessions.add_column(sa.Column("base_week_id", sa.String(length=26), nullable=True))
        sessions.create_foreign_key(
            op.f("fk_base_session_community_id_base_week_id"),
            "base_week",
            ["community_id", "base_week_id"],
            ["community_id", "id"],
        )
    _renew(TABLES)


def downgrade() -> None:
    op.execute("DELETE FROM base_session WHERE base_week_id IS NOT NULL")
    with op.batch_alter_table("base_session") as sessions:
        sessions.drop_constraint(op.f("fk_base_session_community_id_base_week_id"), type_="foreignkey")
        sessions.drop_column("base_week_id")
    for table in reversed(TABLES):
        op.drop_table(table)
    _renew(())


def _renew(new: tuple[str, ...]) -> None:
    """Triggers of the new tables; on SQLite also of the one that was made anew and so lost its own."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in (*new, *(("base_session",) if is_sqlite else ())):
        for statement in (_row_triggers if is_sqlite else _statement_triggers)(table):
            op.execute(statement)


def _of_base_week(table: str) -> sa.ForeignKeyConstraint:
    """A reference that cannot leave the community."""
    return sa.ForeignKeyConstraint(
        ["community_id", "base_week_id"],
        ["base_week.community_id", "base_week.id"],
        name=op.f(f"fk_{table}_community_id_base_week_id"),
    )


def _of_community(table: str) -> tuple[sa.ForeignKeyConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f(f"fk_{table}_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f(f"pk_{table}")),
    )


def _row_triggers(table: str) -> Iterator[str]:
    for event, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        values = f"VALUES ({row}.community_id, lower(hex(randomblob(16))))"
        anew = "ON CONFLICT (community_id) DO UPDATE SET token = excluded.token"
        renew = f"INSERT INTO fact_revision (community_id, token) {values} {anew}"
        yield f"CREATE TRIGGER {table}_{event}_revision AFTER {event.upper()} ON {table} BEGIN {renew}; END"


def _statement_triggers(table: str) -> Iterator[str]:
    for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        yield (
            f"CREATE TRIGGER {table}_{event}_revision AFTER {event.upper()} ON {table} "
            f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION fact_changed()"
        )
