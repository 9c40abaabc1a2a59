"""What a living group's council wishes, and the answers given."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "council_wish",
        sa.Column("living_group_id", sa.String(length=26), nullable=False),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "living_group_id"],
            ["living_group.community_id", "living_group.id"],
            name=op.f("fk_council_wish_community_id_living_group_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_council_wish_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_council_wish")),
    )
    op.create_index(op.f("ix_council_wish_living_group_id"), "council_wish", ["living_group_id"])


def downgrade() -> None:
    op.drop_table("council_wish")
