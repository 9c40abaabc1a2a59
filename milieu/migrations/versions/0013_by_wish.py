"""Activities may be for those alone who wish them, and keep days between two sessions of one person."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("activity", sa.Column("by_wish", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("activity", sa.Column("days_apart", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("activity", "days_apart")
    op.drop_column("activity", "by_wish")
