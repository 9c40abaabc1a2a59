"""What a tie is, how many of the two say so and when it is asked again; and what was answered to suggestions."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("tie", sa.Column("kind", sa.String(length=12), nullable=False, server_default=""))
    op.add_column("tie", sa.Column("named_by", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("tie", sa.Column("asks_on", sa.Date(), nullable=True))
    op.create_table(
        "suggestion_answer",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("other_id", sa.String(length=26), nullable=True),
        sa.Column("activity_id", sa.String(length=26), nullable=True),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answered_by", sa.String(length=26), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                ["community_id", column],
                [f"{table}.community_id", f"{table}.id"],
                name=op.f(f"fk_suggestion_answer_community_id_{column}"),
            )
            for column, table in (("resident_id", "resident"), ("other_id", "resident"), ("activity_id", "activity"))
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_suggestion_answer_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_suggestion_answer")),
    )
    op.create_index("ix_suggestion_answer_kind", "suggestion_answer", ["community_id", "kind", "answered_on"])


def downgrade() -> None:
    op.drop_table("suggestion_answer")
    op.drop_column("tie", "asks_on")
    op.drop_column("tie", "named_by")
    op.drop_column("tie", "kind")
