"""A running server's disk takes nothing more: the machine itself refuses every write of the process, for a while."""

import json
import resource
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from milieu.database import make_engines, reading, unit_of_work
from milieu.models import ResidentRead
from milieu.services.access.accounts import create_account
from milieu.services.access.sign_ins import Lifetime, begin_sign_in
from tests.milieu.builders import small_community
from tests.milieu.commands.test_serve import readiness, serving
from tests.patience import PATIENCE

pytestmark = [
    pytest.mark.slow(5),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux changes another process's limits"),
]
DAY = Lifetime(timedelta(days=1), timedelta(days=1))


def test_reading_goes_on_and_is_recorded_when_there_is_room_again(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, address):
        engines = make_engines(f"sqlite:///{tmp_path / 'data' / 'milieu.sqlite'}")
        now = datetime.now(UTC)
        with unit_of_work(engines) as db:
            elm = small_community(db)
            account_id = create_account(
                db, elm.id, email="dana@elm.example", name="Dana", password=None, roles=("director",), now=now
            )
            contents = json.dumps({"milieu_account": account_id}).encode()
            cookie = begin_sign_in(db, account_id, contents, lifetime=DAY, now=now).token
        people = urllib.request.Request(f"{address}people", headers={"Cookie": f"milieu={cookie}"})
        limits = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)

        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
        with urllib.request.urlopen(people, timeout=PATIENCE) as answer:
            assert (answer.status, "Ada" in answer.read().decode()) == (200, True)
        told = readiness(address)
        assert (told["ok"], told["saves"]) == (False, False)
        assert told["waiting_reads"] == len(elm.residents)

        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)
        deadline = time.monotonic() + PATIENCE
        while not (told := readiness(address))["saves"]:
            assert time.monotonic() < deadline, told
        assert told["waiting_reads"] == 0
        with reading(engines) as db:
            assert db.scalar(select(func.count()).select_from(ResidentRead)) == len(elm.residents)
        engines.dispose()
