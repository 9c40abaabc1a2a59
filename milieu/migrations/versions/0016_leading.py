"""How many who come one leader can see to, and what volunteers may lead without staff."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("activity", sa.Column("people_per_leader", sa.Integer(), nullable=True))
    op.add_column("facilitator", sa.Column("leads_alone", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("facilitator", "leads_alone")
    op.drop_column("activity", "people_per_leader")
