"""The lease's fence in a row of its own: beats write the lease, and who publishes holds the fence meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fence",
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_fence")),
    )
    op.execute("INSERT INTO fence (role, fence) SELECT role, fence FROM lease")
    op.drop_column("lease", "fence")


def downgrade() -> None:
    op.add_column("lease", sa.Column("fence", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE lease SET fence = (SELECT fence.fence FROM fence WHERE fence.role = lease.role)")
    op.drop_table("fence")
