"""A token for each community that every change to one of its facts renews, by triggers."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FACTS = (
    "absence",
    "activity",
    "activity_hours",
    "activity_member",
    "calm_time",
    "charted_limit",
    "community",
    "community_settings",
    "facilitator",
    "familiar_face",
    "group_aim",
    "living_group",
    "outbreak",
    "pin",
    "refusal",
    "requirement",
    "resident",
    "resident_busy",
    "roster",
    "space",
    "space_closure",
    "space_hours",
    "space_relation",
    "stay",
    "target",
    "tie",
    "wish",
    "wished_again",
)


def upgrade() -> None:
    op.create_table(
        "fact_revision",
        sa.Column("community_id", sa.String(length=26), nullable=False),
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_fact_revision")),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    token = "lower(hex(randomblob(16)))" if is_sqlite else "gen_random_uuid()::text"
    op.execute(f"INSERT INTO fact_revision (community_id, token) SELECT id, {token} FROM community")  # noqa: S608
    if not is_sqlite:
        for name, column in (("fact_changed", "community_id"), ("community_changed", "id")):
            op.execute(_function(name, column))
    for table in FACTS:
        for statement in _row_triggers(table) if is_sqlite else _statement_triggers(table):
            op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in FACTS:
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER {table}_{event}_revision" + ("" if is_sqlite else f" ON {table}"))
    if not is_sqlite:
        op.execute("DROP FUNCTION fact_changed()")
        op.execute("DROP FUNCTION community_changed()")
    op.drop_table("fact_revision")


def _row_triggers(table: str) -> Iterator[str]:
    """SQLite knows no others; it changes the one row in place, however often."""
    column = "id" if table == "community" else "community_id"
    for event, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        renew = _renewal(f"VALUES ({row}.{column}, lower(hex(randomblob(16))))")
        yield f"CREATE TRIGGER {table}_{event}_revision AFTER {event.upper()} ON {table} BEGIN {renew}; END"


def _statement_triggers(table: str) -> Iterator[str]:
    """One for a whole statement: PostgreSQL would keep a version of the row for each row of an import."""
    function = "community_changed" if table == "community" else "fact_changed"
    for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        yield (
            f"CREATE TRIGGER {table}_{event}_revision AFTER {event.upper()} ON {table} "
            f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )


def _function(name: str, column: str) -> str:
    """Each community once, for one statement changes a row only once."""
    touched = f"(SELECT DISTINCT {column} AS key FROM changed) AS touched"  # noqa: S608
    renew = _renewal(f"SELECT touched.key, gen_random_uuid()::text FROM {touched}")  # noqa: S608
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {renew}; RETURN NULL; END $$"


def _renewal(rows: str) -> str:
    anew = "ON CONFLICT (community_id) DO UPDATE SET token = excluded.token"
    return f"INSERT INTO fact_revision (community_id, token) {rows} {anew}"
