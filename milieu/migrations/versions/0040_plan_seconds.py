"""How long a week is searched for goes by the community's size, where nobody has set it: fifteen seconds were nobody's.

A new column takes the old one's name: a table of facts that is made anew would lose its triggers on SQLite.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("community_settings", sa.Column("seconds_a_week", sa.Integer(), nullable=True))
    op.execute("UPDATE community_settings SET seconds_a_week = NULLIF(plan_seconds, 15)")
    _take_its_name()


def downgrade() -> None:
    beside = sa.Column("seconds_a_week", sa.Integer(), nullable=False, server_default="15")
    op.add_column("community_settings", beside)
    op.execute("UPDATE community_settings SET seconds_a_week = COALESCE(plan_seconds, 15)")
    _take_its_name()


def _take_its_name() -> None:
    op.drop_column("community_settings", "plan_seconds")
    op.execute("ALTER TABLE community_settings RENAME COLUMN seconds_a_week TO plan_seconds")
