"""Where a director is in being shown around; who has signed in already is not shown around unasked."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("tour_at", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "tour_at")
