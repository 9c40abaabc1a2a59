"""What matters to residents, asked in an assessment; what was done about what they could not do."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

QUESTIONS = (
    "clothes",
    "belongings",
    "washing",
    "snacks",
    "bedtime",
    "care_talks",
    "phone",
    "locked_place",
    "reading",
    "music",
    "animals",
    "news",
    "groups",
    "favourites",
    "outdoors",
    "religion",
)


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("said_by", sa.String(length=20), nullable=False),
        sa.Column("speaker", sa.String(), nullable=False),
        *(sa.Column(question, sa.String(length=1), nullable=False) for question in QUESTIONS),
        *_row(),
        _resident("assessment"),
        *_keys("assessment"),
    )
    op.create_index(op.f("ix_assessment_resident_id"), "assessment", ["resident_id"])
    op.create_table(
        "wish_answer",
        sa.Column("resident_id", sa.String(length=26), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("activity_id", sa.String(length=26), nullable=True),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        *_row(),
        _resident("wish_answer"),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_wish_answer_community_id_activity_id"),
        ),
        *_keys("wish_answer"),
    )
    op.create_index(op.f("ix_wish_answer_resident_id"), "wish_answer", ["resident_id"])
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("activity", sa.Column("answers", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("wish", sa.Column("source", sa.String(length=12), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("wish", "source")
    op.drop_column("activity", "answers")
    op.drop_table("wish_answer")
    op.drop_table("assessment")


def _row() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.String(length=26), nullable=False),
    )


def _resident(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", "resident_id"],
        ["resident.community_id", "resident.id"],
        name=op.f(f"fk_{table}_community_id_resident_id"),
    )


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f(f"fk_{table}_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f(f"pk_{table}")),
    )
