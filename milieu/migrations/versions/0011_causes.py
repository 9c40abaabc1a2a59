"""What a publication changed and why, kept with it; a kind for each closure of a space."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published_change",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("publication_id", sa.String(length=26), nullable=False),
        sa.Column("session_ref", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("because", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_published_change_community_id")),
        sa.ForeignKeyConstraint(
            ["community_id", "publication_id"],
            ["publication.community_id", "publication.id"],
            name=op.f("fk_published_change_community_id_publication_id"),
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_published_change")),
        sa.UniqueConstraint(
            "community_id",
            "publication_id",
            "session_ref",
            name=op.f("uq_published_change_community_id_publication_id_session_ref"),
        ),
    )
    op.create_index(op.f("ix_published_change_session_ref"), "published_change", ["session_ref"])
    # Added in place: a table of facts that is made anew would lose its triggers on SQLite.
    op.add_column("space_closure", sa.Column("kind", sa.String(length=12), nullable=False, server_default="other"))


def downgrade() -> None:
    op.drop_column("space_closure", "kind")
    op.drop_table("published_change")
