"""Activities may celebrate the birthdays of their week."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("activity") as batch_op:
        batch_op.add_column(sa.Column("celebrates_birthdays", sa.Boolean(), nullable=True))
    op.execute(
        sa.text("UPDATE activity SET celebrates_birthdays = :no").bindparams(sa.bindparam("no", False, sa.Boolean()))
    )
    with op.batch_alter_table("activity") as batch_op:
        batch_op.alter_column("celebrates_birthdays", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("activity") as batch_op:
        batch_op.drop_column("celebrates_birthdays")
