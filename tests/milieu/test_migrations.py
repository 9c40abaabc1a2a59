"""Migrations: whole on both databases, the same as the models, there and back."""

import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, create_engine, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from milieu import database
from milieu.database import (
    MIGRATIONS,
    Engines,
    changing_tables,
    make_engines,
    newest_revision,
    present_revision,
    reading,
    unit_of_work,
)
from milieu.installation.revisions import differences, downgrade, upgrade
from milieu.models import Account, Base, CommunitySettings
from milieu.services.access.accounts import create_account
from milieu.services.access.holders import find_holder
from tests.milieu.builders import NOW, community, small_community
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow(1)

UPGRADE_AND_DIE = """
import os, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from milieu.installation import revisions
left = int(sys.argv[2])
@event.listens_for(Engine, "after_cursor_execute")
def die(*_):
    global left
    left -= 1
    if left == 0:
        os._exit(9)
revisions.upgrade(sys.argv[1])
"""

WRITE_NEXT = """
import sys
from pathlib import Path
from sqlalchemy import Column, String
from milieu.installation import revisions
from milieu.migrations import __main__ as writing
from milieu.models import Base
Base.metadata.tables["resident"].append_column(Column("hears_with", String, nullable=False, server_default=""))
revisions.MIGRATIONS = Path(sys.argv[1])
writing.__file__ = sys.argv[1] + "/__main__.py"
writing.main(["What residents hear with"])
"""


def test_tables_and_models_agree(engines: Engines) -> None:
    assert differences(engines) == []
    assert present_revision(engines) == newest_revision()


def test_there_and_back_and_there_again(engines: Engines, database_url: str) -> None:
    downgrade(database_url, "base")

    assert present_revision(engines) is None
    assert inspect(engines.read).get_table_names() == ["alembic_version"]

    upgrade(database_url)

    assert differences(engines) == []


def test_second_upgrade_changes_nothing(engines: Engines, database_url: str) -> None:
    with unit_of_work(engines) as db:
        small_community(db)

    upgrade(database_url)

    with engines.read.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM resident")).scalar() == 6


@pytest.mark.slow(2)
@pytest.mark.parametrize("statement", [2, 40, 90])
def test_killed_upgrade_leaves_nothing_half(engines: Engines, database_url: str, statement: int) -> None:
    downgrade(database_url, "base")
    engines.dispose()

    killed = subprocess.run([sys.executable, "-c", UPGRADE_AND_DIE, database_url, str(statement)], timeout=PATIENCE)

    assert killed.returncode == 9
    assert set(inspect(engines.read).get_table_names()) <= {"alembic_version"}
    upgrade(database_url)
    assert differences(engines) == []


@pytest.mark.slow(1)
def test_two_servers_that_start_at_once_both_come_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'milieu.sqlite'}"
    script = "import sys; from milieu.installation.revisions import upgrade; upgrade(sys.argv[1])"

    servers = [subprocess.Popen([sys.executable, "-c", script, url]) for _ in range(2)]

    assert [server.wait(PATIENCE) for server in servers] == [0, 0]
    assert differences(make_engines(url)) == []


def test_who_upgrades_waits_as_long_as_an_upgrade_takes(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(database, "STATEMENT_SECONDS", 0.1)
    holds = threading.Event()

    def hold() -> None:
        with changing_tables(database_url):
            holds.set()
            time.sleep(1)  # ten times as long as any other write waits

    with ThreadPoolExecutor(1) as another:
        held = another.submit(hold)
        assert holds.wait(PATIENCE)
        upgrade(database_url)
        held.result()


OLD_ADDRESSES = {  # the oldest first: how it was written, and what of it is left
    "Dee@Elm.Example": "dee@elm.example",
    "ｓａｍ＠elm。example": "sam@elm.example",
    "kim@elm.example": "kim@elm.example",
    "KIM@elm.example": "KIM@elm.example",  # a younger one of the same: kept as it was, for a person to change
    "Zoë@xn--mnchen-3ya.example": "zoë@münchen.example",
    "Lou@elm.example": "lou@elm.example",
    "LOU@elm.example": "LOU@elm.example",  # neither was in its normal form: the older one takes it
    "PAT@elm.example": "PAT@elm.example",
    "pat@elm.example": "pat@elm.example",  # it was in its normal form, so it keeps it, although it is younger
}


def test_addresses_of_before_are_one_spelling_and_no_account_is_lost(engines: Engines, database_url: str) -> None:
    with unit_of_work(engines) as db:
        elm = community(db, "elm")
        ids = [
            create_account(
                db,
                elm.id,
                email=f"{number}@elm.example",
                name=f"{number}",
                password=None,
                roles=("staff",),
                now=NOW + timedelta(days=number),
            )
            for number in range(len(OLD_ADDRESSES))
        ]
    downgrade(database_url, "0004")
    with engines.write.begin() as connection:
        for account_id, written in sorted(zip(ids, OLD_ADDRESSES, strict=True), reverse=True):
            values = {"id": account_id, "email": written}
            connection.execute(text("UPDATE account SET email = :email WHERE id = :id"), values)

    upgrade(database_url)

    with reading(engines) as db:
        left = {row.id: row.email for row in db.query(Account)}
        holders = [find_holder(db, written) for written in OLD_ADDRESSES]
        found = [holder and holder.id for holder in holders]
    assert [left[account_id] for account_id in ids] == list(OLD_ADDRESSES.values())
    dee, sam, kim, _kim, zoe, lou, _lou, _pat, pat = ids
    assert found == [dee, sam, kim, kim, zoe, lou, lou, pat, pat]
    assert differences(engines) == []


def test_weights_are_called_what_their_terms_are_called_by_now(engines: Engines, database_url: str) -> None:
    with unit_of_work(engines) as db:
        elm, oak = community(db, "elm").id, community(db, "oak").id
        mine = db.get_one(CommunitySettings, elm)
        mine.weights = {"companion": 9, "offer": 0, "usual": [1, 2, 3]}
        mine.repair_weights = {"offer": 7, "drop": 99}

    downgrade(database_url, "0011")
    with reading(engines) as db:
        columns = select(CommunitySettings.weights, CommunitySettings.repair_weights)
        before = db.execute(columns.where(CommunitySettings.community_id == elm)).one()
        assert (before.weights, before.repair_weights) == (
            {"warm": 9, "thin_day": 0},
            {"thin_day": 7, "drop": 99},
        )
    upgrade(database_url)

    with reading(engines) as db:
        after, other = db.get_one(CommunitySettings, elm), db.get_one(CommunitySettings, oak)
        assert after.weights == {"companion": 9, "offer": 0}
        assert after.repair_weights == {"offer": 7, "drop": 99}
        assert not other.weights


def test_what_a_point_of_waiting_counts_stays_what_being_behind_by_a_time_counted(
    engines: Engines, database_url: str
) -> None:
    with unit_of_work(engines) as db:
        elm, oak = community(db, "elm").id, community(db, "oak").id
        db.get_one(CommunitySettings, elm).weights = {"turn": 32, "tie": 5}

    downgrade(database_url, "0040")
    with reading(engines) as db:
        weights = {row.community_id: row.weights for row in db.execute(select(CommunitySettings.__table__))}
        assert weights[elm] == {"turn": 16, "tie": 5}
        assert not weights[oak]
    upgrade(database_url)

    with reading(engines) as db:
        assert db.get_one(CommunitySettings, elm).weights == {"turn": 32, "tie": 5}


def test_no_row_can_belong_to_another_community(engines: Engines) -> None:
    # each foreign key between a community's rows names the community: a foreign id is refused by the database itself
    with unit_of_work(engines) as db:
        elm, oak = community(db, "elm"), community(db, "oak")
        elm.resident("ada")
        oak.activity("choir")
        db.commit()
        with pytest.raises(IntegrityError):
            elm.wish(elm.residents["ada"], oak.activities["choir"])
        db.rollback()


def test_community_is_in_every_foreign_key_between_its_rows() -> None:
    loose = [
        f"{table.name}.{', '.join(column.name for column in key.columns)}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_key_constraints
        if "community_id" in key.referred_table.c and "community_id" not in key.columns
    ]

    # before anybody has signed in, nobody knows the community
    assert sorted(loose) == ["account_role.account_id", "sign_in_session.account_id"]


def test_each_migration_takes_the_rows_along_that_are_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'milieu.sqlite'}"
    upgrade(url, "0001")

    for number in range(2, int(newest_revision()) + 1):
        filled = fill_empty_tables(url)
        upgrade(url, f"{number:04}")
        assert filled <= tables_with_rows(url) | FORGOTTEN


FORGOTTEN = {"sign_in_attempt"}  # tries of the last minutes: counted anew


def fill_empty_tables(url: str) -> set[str]:
    """A row in every table that has none, all of one id, so that each points at another; the tables with rows."""
    metadata, engine = MetaData(), create_engine(url)
    metadata.reflect(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        for table in metadata.sorted_tables:
            if connection.execute(select(table).limit(1)).first() is None:
                connection.execute(insert(table).values({each.name: anything(each) for each in table.columns}))
    engine.dispose()
    return {table.name for table in metadata.sorted_tables}


def tables_with_rows(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.begin() as connection:
        names = inspect(connection).get_table_names()
        found = {name for name in names if connection.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1').first()}
    engine.dispose()
    return found


def anything(column: Column[Any]) -> Any:
    numbers = {int: 1, bool: True, float: 1.5, Decimal: 1.5}
    kinds = {date: date(2026, 11, 30), datetime: NOW, bytes: b"x", dict: {}, **numbers}
    return kinds.get(column.type.python_type, "x")


def test_the_next_is_written_from_models_that_are_ahead(tmp_path: Path) -> None:
    copy = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copy)

    subprocess.run([sys.executable, "-c", WRITE_NEXT, str(copy)], check=True)

    before = {each.name for each in (MIGRATIONS / "versions").glob("*.py")}
    [written] = [each for each in (copy / "versions").glob("*.py") if each.name not in before]
    assert written.name == f"{int(newest_revision()) + 1:04}_what_residents_hear_with.py"
    assert "op.add_column('resident', sa.Column('hears_with'" in written.read_text()


def test_the_newest_is_where_the_migrations_lead() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_current_head() == newest_revision()


def test_what_changes_no_table_loads_no_alembic(engines: Engines, database_url: str) -> None:
    script = "import sys; from milieu.installation.serving import open_engines; from milieu.settings import Settings;"
    script += "open_engines(Settings(database_url=sys.argv[1])); sys.exit('alembic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script, database_url]).returncode == 0
