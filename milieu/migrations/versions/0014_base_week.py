"""The base week that is kept by hand, and what should be on; both renew their community's token as all facts do."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("base_session", "programme_aim")


def upgrade() -> None:
    op.create_table(
        "base_session",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.String(length=26), nullable=True),
        sa.Column("facilitator_id", sa.String(length=26), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        *(_within("base_session", table) for table in ("activity", "space", "facilitator")),
        *_of_community("base_session"),
    )
    op.create_index(op.f("ix_base_session_activity_id"), "base_session", ["activity_id"])
    op.create_table(
        "programme_aim",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("living_group_id", sa.String(length=26), nullable=True),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("min_sessions", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        _within("programme_aim", "living_group"),
        *_of_community("programme_aim"),
    )
    op.create_index(op.f("ix_programme_aim_living_group_id"), "programme_aim", ["living_group_id"])
    triggers = _row_triggers if op.get_bind().dialect.name == "sqlite" else _statement_triggers
    for table in TABLES:
        for statement in triggers(table):
            op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _within(table: str, other: str) -> sa.ForeignKeyConstraint:
    """A reference that cannot leave the community."""
    return sa.ForeignKeyConstraint(
        ["community_id", f"{other}_id"],
        [f"{other}.community_id", f"{other}.id"],
        name=op.f(f"fk_{table}_community_id_{other}_id"),
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
