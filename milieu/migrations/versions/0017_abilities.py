"""What activities ask and residents cannot; months of spaces and activities, and what takes their place when wet."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("activity", sa.Column("asks", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("activity", sa.Column("months", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("activity", sa.Column("wet_twin", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("space", sa.Column("months", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("resident", sa.Column("cannot", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("resident", "cannot")
    op.drop_column("space", "months")
    op.drop_column("activity", "wet_twin")
    op.drop_column("activity", "months")
    op.drop_column("activity", "asks")
