"""A resident's stays as rows of their own: somebody who leaves and comes back keeps both."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stay",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_stay_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_stay_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_stay")),
        sa.UniqueConstraint(
            "community_id", "resident_id", "arrived_on", name=op.f("uq_stay_community_id_resident_id_arrived_on")
        ),
    )
    op.execute(
        "INSERT INTO stay (community_id, id, resident_id, arrived_on, left_on, left_reason, version) "
        "SELECT community_id, id, id, arrived_on, left_on, left_reason, 1 FROM resident"
    )
    for name in ("arrived_on", "left_on", "left_reason"):
        op.drop_column("resident", name)


def downgrade() -> None:
    """Only the last stay of each resident fits into their own row."""
    op.add_column("resident", sa.Column("arrived_on", sa.Date(), nullable=False, server_default="1970-01-01"))
    op.add_column("resident", sa.Column("left_on", sa.Date(), nullable=True))
    op.add_column("resident", sa.Column("left_reason", sa.String(length=20), nullable=True))
    for name in ("arrived_on", "left_on", "left_reason"):
        op.execute(
            f"UPDATE resident SET {name} = (SELECT {name} FROM stay WHERE stay.community_id = resident.community_id "  # noqa: S608 - names from the line above
            "AND stay.resident_id = resident.id ORDER BY stay.arrived_on DESC LIMIT 1) WHERE EXISTS (SELECT 1 FROM stay "
            "WHERE stay.community_id = resident.community_id AND stay.resident_id = resident.id)"
        )
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("resident", "arrived_on", server_default=None)
    op.drop_table("stay")
