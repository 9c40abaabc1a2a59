"""Ways to answer what stands against a published week, to choose from."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "choice",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("run_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("publication_id", sa.String(length=26), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        *(_within(table) for table in ("run", "plan", "publication")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_choice_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_choice")),
        sa.UniqueConstraint("community_id", "run_id", "kind", name=op.f("uq_choice_community_id_run_id_kind")),
    )


def downgrade() -> None:
    op.drop_table("choice")


def _within(table: str) -> sa.ForeignKeyConstraint:
    """A reference that cannot leave the community."""
    return sa.ForeignKeyConstraint(
        ["community_id", f"{table}_id"],
        [f"{table}.community_id", f"{table}.id"],
        name=op.f(f"fk_choice_community_id_{table}_id"),
    )
