"""Marks know when they were tapped, which mark they take back and who sent them.

What was marked before was tapped when it arrived.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attendance") as batch_op:
        batch_op.add_column(sa.Column("takes_back", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("sent_by", sa.String(length=26), nullable=True))
    op.execute("UPDATE attendance SET tapped_at = marked_at")
    with op.batch_alter_table("attendance") as batch_op:
        batch_op.alter_column("tapped_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    # Before, a mark without an outcome took back all before it: what was taken back goes, so that the rest still holds.
    op.execute(
        "DELETE FROM attendance WHERE takes_back IS NOT NULL OR EXISTS (SELECT 1 FROM attendance AS undo"
        " WHERE undo.community_id = attendance.community_id AND undo.session_ref = attendance.session_ref"
        " AND undo.resident_id = attendance.resident_id AND undo.takes_back = attendance.number)"
    )
    with op.batch_alter_table("attendance") as batch_op:
        batch_op.drop_column("sent_by")
        batch_op.drop_column("tapped_at")
        batch_op.drop_column("takes_back")
