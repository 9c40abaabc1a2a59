"""Groups are asked by how many come: where that holds, and what is expected before anybody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("community_settings", sa.Column("asks_more", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("community_settings", sa.Column("expected_turnout", sa.Integer(), nullable=True))
    op.add_column("activity", sa.Column("is_booked", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("activity", "is_booked")
    op.drop_column("community_settings", "expected_turnout")
    op.drop_column("community_settings", "asks_more")
