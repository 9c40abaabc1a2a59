"""A person's address and password apart from her accounts, of which she may have one in each of several communities.

Who has an account by now is its holder, by the same id: browsers that are known stay known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_holder",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_holder")),
        sa.UniqueConstraint("email", name=op.f("uq_account_holder_email")),
    )
    op.execute(
        "INSERT INTO account_holder (id, email, password, created_at) SELECT id, email, password, created_at FROM account"
    )
    with op.batch_alter_table("account") as batch_op:
        batch_op.add_column(sa.Column("holder_id", sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE account SET holder_id = id, joined_at = CASE WHEN password IS NULL THEN NULL ELSE created_at END"
    )
    with op.batch_alter_table("account") as batch_op:
        batch_op.alter_column("holder_id", existing_type=sa.String(length=26), nullable=False)
        batch_op.drop_constraint(op.f("uq_account_email"), type_="unique")
        batch_op.drop_column("email")
        batch_op.drop_column("password")
        batch_op.create_foreign_key(op.f("fk_account_holder_id"), "account_holder", ["holder_id"], ["id"])
        batch_op.create_unique_constraint(op.f("uq_account_community_id_holder_id"), ["community_id", "holder_id"])
        batch_op.create_index(op.f("ix_account_holder_id"), ["holder_id"])


def downgrade() -> None:
    """Of a person's accounts the oldest keeps her address; the others get one that nobody signs in with."""
    with op.batch_alter_table("account") as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("password", sa.String(length=255), nullable=True))
    op.execute(
        "UPDATE account SET email = (SELECT h.email FROM account_holder h WHERE h.id = account.holder_id),"
        " password = (SELECT CASE WHEN account.joined_at IS NULL THEN NULL ELSE h.password END"
        " FROM account_holder h WHERE h.id = account.holder_id)"
    )
    op.execute(
        "UPDATE account SET email = id || '@elsewhere.invalid', password = NULL, active = false"
        " WHERE EXISTS (SELECT 1 FROM account o WHERE o.holder_id = account.holder_id AND (o.created_at <"
        " account.created_at OR (o.created_at = account.created_at AND o.id < account.id)))"
    )
    with op.batch_alter_table("account") as batch_op:
        batch_op.alter_column("email", existing_type=sa.String(length=255), nullable=False)
        batch_op.drop_index(op.f("ix_account_holder_id"))
        batch_op.drop_constraint(op.f("uq_account_community_id_holder_id"), type_="unique")
        batch_op.drop_constraint(op.f("fk_account_holder_id"), type_="foreignkey")
        batch_op.drop_column("joined_at")
        batch_op.drop_column("holder_id")
        batch_op.create_unique_constraint(op.f("uq_account_email"), ["email"])
    op.drop_table("account_holder")
