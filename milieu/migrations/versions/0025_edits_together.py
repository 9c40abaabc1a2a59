"""Changes by hand that are undone together, and what was fixed or let go of by them."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan_edit", sa.Column("is_joined", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("plan_edit", sa.Column("pins", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_edit", "pins")
    op.drop_column("plan_edit", "is_joined")
