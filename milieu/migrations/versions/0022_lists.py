"""Lists that come by a page: what waits, what an import did to which row, what headings mean."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_heading",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=False),
        sa.Column("heading", sa.String(length=80), nullable=False),
        sa.Column("column", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_list_heading_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_list_heading")),
        sa.UniqueConstraint("community_id", "file", "heading", name=op.f("uq_list_heading_community_id_file_heading")),
    )
    op.create_table(
        "list_upload",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("sheets", sa.LargeBinary(), nullable=True),
        sa.Column("plans", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("preview", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "account_id"],
            ["account.community_id", "account.id"],
            name=op.f("fk_list_upload_community_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_list_upload_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_list_upload")),
    )
    with op.batch_alter_table("list_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_upload_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_list_upload_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "list_change",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("upload_id", sa.String(length=26), nullable=False),
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=80), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id", "upload_id"],
            ["list_upload.community_id", "list_upload.id"],
            name=op.f("fk_list_change_community_id_upload_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_list_change_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_list_change")),
    )
    with op.batch_alter_table("list_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_change_upload_id"), ["upload_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("list_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_list_change_upload_id"))

    op.drop_table("list_change")
    with op.batch_alter_table("list_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_list_upload_expires_at"))
        batch_op.drop_index(batch_op.f("ix_list_upload_at"))

    op.drop_table("list_upload")
    op.drop_table("list_heading")
