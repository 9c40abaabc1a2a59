"""Where residents come from, what they speak and what they did in life."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("resident", sa.Column("origins", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("resident", sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("resident", sa.Column("trades", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("resident", "trades")
    op.drop_column("resident", "languages")
    op.drop_column("resident", "origins")
