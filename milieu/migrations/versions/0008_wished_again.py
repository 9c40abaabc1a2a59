"""Wishes to be asked again to what rests after two noes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wished_again",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_wished_again_community_id")),
        sa.ForeignKeyConstraint(
            ["community_id", "resident_id"],
            ["resident.community_id", "resident.id"],
            name=op.f("fk_wished_again_community_id_resident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_wished_again_community_id_activity_id"),
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_wished_again")),
        sa.UniqueConstraint(
            "community_id",
            "resident_id",
            "activity_id",
            "on_date",
            name=op.f("uq_wished_again_community_id_resident_id_activity_id_on_date"),
        ),
    )


def downgrade() -> None:
    op.drop_table("wished_again")
