"""The night's backup: once, by whoever holds the lease, tried again, told; its claims on both databases are tried with
the ledger (`tests/milieu/coordination/test_upkeep.py`).
"""

import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from milieu.backups.duty import look_after_backups
from milieu.backups.endings import NAME
from milieu.backups.making import backups_in
from milieu.coordination import lease, upkeep
from milieu.database import Engines, reading, unit_of_work
from milieu.models import Upkeep
from milieu.queries.health import backups
from milieu.settings import Settings
from tests.milieu.backups.conftest import NIGHT, Installation
from tests.milieu.builders import FixedClock


def nothing_wrong(_settings: Settings) -> Sequence[str]:
    return ()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def states(engines: Engines) -> list[tuple[str, str, int]]:
    with reading(engines) as db:
        return [(row.kind, row.state, row.attempts) for row in db.scalars(select(Upkeep))]


@pytest.fixture
def held(installation: Installation) -> Installation:
    with unit_of_work(installation.engines) as db:
        lease.take(db, holder="ann", seconds=3600)
    return installation


def night(held: Installation, moment: Any = NIGHT, fence: int = 1, look: Any = nothing_wrong) -> str:
    return look_after_backups(held.engines, held.settings, FixedClock(moment), fence, look=look)


def test_the_clock_makes_one_a_night_after_its_hour(held: Installation) -> None:
    assert night(held, NIGHT.replace(hour=0, minute=59)) == ""
    assert night(held) == "proven"
    assert night(held, NIGHT + timedelta(hours=9)) == ""

    assert states(held.engines) == [("backup", "proven", 1)]
    assert len(list(backups_in(held.settings.backups))) == 1
    assert (held.settings.backups / NAME).exists()


def test_without_a_key_the_clock_makes_none(held: Installation) -> None:
    settings = held.settings.model_copy(update={"backup_recipients": ()})

    assert look_after_backups(held.engines, settings, FixedClock(NIGHT), 1, look=nothing_wrong) == ""
    assert states(held.engines) == []


def test_of_several_at_once_one_makes_it(held: Installation) -> None:
    together = threading.Barrier(4)
    ended: list[str] = []

    def look(fence: int) -> None:
        together.wait()
        ended.append(night(held, fence=fence))

    threads = [threading.Thread(target=look, args=(1,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["", "", "", "proven"]
    assert len(list(backups_in(held.settings.backups))) == 1


def test_what_a_dead_holder_began_the_next_one_makes(held: Installation) -> None:
    with unit_of_work(held.engines) as db:
        assert upkeep.claim(db, upkeep.BACKUP, NIGHT.date(), fence=1, now=NIGHT)
    assert night(held, fence=1) == ""  # under way, as far as anybody knows

    with unit_of_work(held.engines) as db:
        lease.give_up(db, holder="ann")
    with unit_of_work(held.engines) as db:
        assert lease.take(db, holder="ben", seconds=3600) == 2

    assert night(held, fence=2) == "proven"


def test_a_holder_that_lost_its_lease_meanwhile_ends_nothing(held: Installation) -> None:
    def taken_over(_settings: Settings) -> Sequence[str]:
        with unit_of_work(held.engines) as db:
            lease.give_up(db, holder="ann")
        with unit_of_work(held.engines) as db:
            lease.take(db, holder="ben", seconds=3600)
        return ()

    assert night(held, look=taken_over) == ""
    assert states(held.engines) == [("backup", "running", 1)]
    assert night(held, fence=2) == "due"  # the first one's file is there, of this very second
    assert night(held, NIGHT + timedelta(minutes=5), fence=2) == "proven"


def test_it_is_tried_again_and_then_told(held: Installation, tmp_path: Path) -> None:
    broken = held.settings.model_copy(update={"backup_dir": tmp_path / "key" / "no folder"})
    moment = NIGHT
    for _ in range(5):
        look_after_backups(held.engines, broken, FixedClock(moment), 1, look=nothing_wrong)
        moment += timedelta(hours=1)

    with reading(held.engines) as db:
        row = db.scalars(select(Upkeep)).one()
        assert (row.state, row.attempts, bool(row.message)) == ("parked", 5, True)
        told = backups(db, now=moment)
    assert (told.made_at, told.is_proven, told.why) == (None, False, row.message)


def test_one_that_nobody_restored_for_a_week_is_unproven(held: Installation) -> None:
    assert night(held) == "proven"

    with reading(held.engines) as db:
        assert backups(db, now=NIGHT + timedelta(days=7)).is_proven
        late = backups(db, now=NIGHT + timedelta(days=7, seconds=1))
    assert (late.made_at, late.proven_at, late.is_proven) == (NIGHT, NIGHT, False)
