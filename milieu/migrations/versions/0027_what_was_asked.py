"""What a run was asked besides its week: what to suppose, and beside which plan."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("asked", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("run", "asked")
