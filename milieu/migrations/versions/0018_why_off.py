"""Which facts stood against a session when the floor said that it cannot be held."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("session_held", sa.Column("because", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("session_held", "because")
