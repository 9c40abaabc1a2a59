"""The name under which a closed group is told of to everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("activity", sa.Column("public_name", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("activity", "public_name")
