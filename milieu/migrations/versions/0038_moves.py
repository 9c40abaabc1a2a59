"""Where residents are to live from a day on; these renew their community's token as all facts do."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLE = "move"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("living_group_id", sa.String(length=26), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "living_group_id"],
            ["living_group.community_id", "living_group.id"],
            name=op.f(f"fk_{TABLE}_community_id_living_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f(f"fk_{TABLE}_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f(f"fk_{TABLE}_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("community_id", "resident_id", name=op.f(f"uq_{TABLE}_community_id_resident_id")),
    )
    op.create_index(op.f(f"ix_{TABLE}_living_group_id"), TABLE, ["living_group_id"])
    for statement in _row_triggers() if op.get_bind().dialect.name == "sqlite" else _statement_triggers():
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(TABLE)


def _row_triggers() -> Iterator[str]:
    for event, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        values = f"VALUES ({row}.community_id, lower(hex(randomblob(16))))"
        anew = "ON CONFLICT (community_id) DO UPDATE SET token = excluded.token"
        renew = f"INSERT INTO fact_revision (community_id, token) {values} {anew}"
        yield f"CREATE TRIGGER {TABLE}_{event}_revision AFTER {event.upper()} ON {TABLE} BEGIN {renew}; END"


def _statement_triggers() -> Iterator[str]:
    for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        yield (
            f"CREATE TRIGGER {TABLE}_{event}_revision AFTER {event.upper()} ON {TABLE} "
            f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION fact_changed()"
        )
