"""Two who change one draft at the same time: a few changes of each, and that a lost one and a false mark are found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bench.two_directors.__main__ import Lost, Race, begin
from milieu.database import make_engines, unit_of_work
from milieu.installation.revisions import upgrade
from milieu.models import PlanSession
from tests.milieu.builders import NOW

pytestmark = pytest.mark.slow(6)
FEW = 40


@pytest.fixture
def race(tmp_path: Path) -> Iterator[Race]:
    address = f"sqlite:///{tmp_path / 'milieu.sqlite'}"
    upgrade(address)
    engines = make_engines(address)
    yield begin(engines, NOW, judge=None)
    engines.dispose()


def test_what_was_kept_leads_to_what_is_stored_and_what_is_lost_is_found(race: Race) -> None:
    race.run(FEW, seed=1)

    counts = race.counts
    assert counts["kept"] == counts["marked"] + counts["whole"] > 0
    assert counts["kept"] + counts["came second"] + counts["refused"] == FEW
    version, there = race.read()
    assert version > counts["kept"] > 0
    more = iter(range(2, 200))
    while not there:  # the two may have removed every session by then
        race.run(2, seed=next(more))
        _version, there = race.read()

    with unit_of_work(race.engines) as db:
        db.execute(
            update(PlanSession).where(PlanSession.ref == min(there)).values(start_minute=PlanSession.start_minute + 5)
        )
    with pytest.raises(Lost, match="does not lead to what is stored"):
        race.run(0, seed=1)


def test_a_score_that_is_not_that_of_the_week_is_found(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Race, "_make", lambda *args, make=Race._make: (make(*args) or 0) + 1)

    with pytest.raises(Lost, match="the score is not that of the week"):
        race.run(FEW, seed=1)
