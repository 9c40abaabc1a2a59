"""An index for when an account last looked at a resident: what is news to a relative."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LOOK = "ix_resident_read_look"


def upgrade() -> None:
    op.create_index(LOOK, "resident_read", ["community_id", "account_id", "resident_id", "at"])


def downgrade() -> None:
    op.drop_index(LOOK, table_name="resident_read")
