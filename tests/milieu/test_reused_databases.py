"""What tests share of PostgreSQL: a database that is as good as new for each."""

import pytest
from sqlalchemy import select, text

from milieu.database import make_engines, reading, unit_of_work
from milieu.installation.revisions import differences
from milieu.models import Base
from tests.databases import Reused
from tests.milieu.builders import small_community


def test_a_database_is_empty_again_for_the_next_test(postgresql_reused: Reused) -> None:
    first = postgresql_reused.get()
    engines = make_engines(first)
    with unit_of_work(engines) as db:
        small_community(db).publication([])
    held = engines.write.connect()  # as somebody does who is still at work
    held.execute(text("SELECT * FROM community FOR UPDATE"))
    postgresql_reused.give_back()

    assert postgresql_reused.get() == first
    with reading(make_engines(first)) as db:
        assert [name for name, table in Base.metadata.tables.items() if db.execute(select(table)).first()] == []


@pytest.mark.slow(0.3)
@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE calm_time",
        "ALTER TABLE community ADD COLUMN motto TEXT",
        "CREATE INDEX other ON community (name)",
        "ALTER TABLE community ALTER COLUMN name DROP NOT NULL",
        "DELETE FROM alembic_version",
        "CREATE TABLE other (name TEXT)",
    ],
)
def test_a_database_whose_tables_were_changed_is_not_used_again(postgresql_reused: Reused, change: str) -> None:
    first = postgresql_reused.get()
    engines = make_engines(first)
    with unit_of_work(engines) as db:
        db.execute(text(change))
    postgresql_reused.give_back()

    second = postgresql_reused.get()
    assert second != first
    assert differences(make_engines(second)) == []
