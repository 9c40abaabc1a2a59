"""How many people a morning's check may tell otherwise before a person is asked."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("community_settings", sa.Column("told_at_most", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("community_settings", "told_at_most")
