"""Who looks after an aim of a care plan, and when it is looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("target", sa.Column("owner", sa.String(), nullable=False, server_default=""))
    op.add_column("target", sa.Column("review_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("target", "review_on")
    op.drop_column("target", "owner")
