"""Weights by the names that the terms of the score have by now."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RENAMED = {"warm": "companion", "thin_day": "offer"}
NEW = ("usual", "turn", "relead")  # unknown before, where an unknown weight is an error


def upgrade() -> None:
    _rename(RENAMED)


def downgrade() -> None:
    _rename({new: old for old, new in RENAMED.items()}, without=NEW)


def _rename(names: Mapping[str, str], without: Sequence[str] = ()) -> None:
    json = sa.JSON(none_as_null=True)
    settings = sa.table(
        "community_settings",
        sa.column("community_id", sa.String),
        sa.column("weights", json),
        sa.column("repair_weights", json),
    )
    database = op.get_bind()
    for row in database.execute(sa.select(settings)).all():
        changed = {
            column: {names.get(name, name): value for name, value in given.items() if name not in without}
            for column, given in (("weights", row.weights), ("repair_weights", row.repair_weights))
            if isinstance(given, dict)
        }
        if changed:
            mine = settings.c.community_id == row.community_id
            database.execute(sa.update(settings).where(mine).values(**changed))
