"""Changes of drafts by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_edit",
        sa.Column("community_id", sa.String(26), nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("plan_id", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("ref", sa.String(80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(26), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "plan_id"],
            ["plan.community_id", "plan.id"],
            name=op.f("fk_plan_edit_community_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_plan_edit_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_plan_edit")),
        sa.UniqueConstraint("community_id", "plan_id", "number", name=op.f("uq_plan_edit_community_id_plan_id_number")),
    )
    op.add_column("plan", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("plan", "edited_at")
    op.drop_table("plan_edit")
