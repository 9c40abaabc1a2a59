"""Walls: an address that can be ended, for each living group's own programme."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wall",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("living_group_id", sa.String(length=26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=26), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_wall_community_id")),
        sa.ForeignKeyConstraint(
            ["community_id", "living_group_id"],
            ["living_group.community_id", "living_group.id"],
            name=op.f("fk_wall_community_id_living_group_id"),
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_wall")),
    )
    op.create_index(
        "uq_wall_open",
        "wall",
        ["community_id", "living_group_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("wall")
