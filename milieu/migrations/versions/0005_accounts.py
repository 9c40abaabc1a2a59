"""Addresses in one normal form, limits on tries that tell no name, and one-time leave to set a password.

What was counted of wrong passwords before is forgotten. Of two accounts whose addresses turn out to be one, the one
that is written so already keeps it, else the older; the other is found by its old spelling in `milieu account list` and
is given another address.
"""

import sqlalchemy as sa
from alembic import op

from milieu.services.access.addresses import normal_address

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "try_meter",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("full_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_try_meter")),
    )
    op.create_index(op.f("ix_try_meter_full_ms"), "try_meter", ["full_ms"])
    op.create_table(
        "password_pass",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_password_pass_community_id")),
        sa.ForeignKeyConstraint(
            ["community_id", "account_id"],
            ["account.community_id", "account.id"],
            name=op.f("fk_password_pass_community_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_password_pass")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_password_pass_secret_hash")),
    )
    op.create_index(op.f("ix_password_pass_account_id"), "password_pass", ["account_id"])
    op.drop_table("sign_in_attempt")
    op.execute("DELETE FROM installation_note WHERE name = 'sign-in of an unknown name'")
    _normalise_addresses()


def downgrade() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_attempt_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_sign_in_attempt")),
    )
    op.drop_table("password_pass")
    op.drop_table("try_meter")


def _normalise_addresses() -> None:
    account = sa.table("account", sa.column("id"), sa.column("email"), sa.column("created_at"))
    rows = op.get_bind().execute(sa.select(account.c.id, account.c.email).order_by(account.c.created_at)).all()
    taken = {row.email for row in rows}
    for row in rows:
        address = normal_address(row.email)
        if address not in taken and len(address) <= 254:
            op.execute(sa.update(account).where(account.c.id == row.id).values(email=address))
            taken.add(address)
