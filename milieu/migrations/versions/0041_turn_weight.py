"""Being behind by a time is two points of waiting where it was four: what a community set for a point counts twice."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _weigh(lambda each: each * 2)


def downgrade() -> None:
    _weigh(lambda each: each // 2)


def _weigh(change: Callable[[int], int]) -> None:
    settings = sa.table(
        "community_settings",
        sa.column("community_id", sa.String),
        sa.column("weights", sa.JSON(none_as_null=True)),
    )
    database = op.get_bind()
    for row in database.execute(sa.select(settings)).all():
        if isinstance(row.weights, dict) and "turn" in row.weights:
            mine = settings.c.community_id == row.community_id
            weights = {**row.weights, "turn": change(row.weights["turn"])}
            database.execute(sa.update(settings).where(mine).values(weights=weights))
