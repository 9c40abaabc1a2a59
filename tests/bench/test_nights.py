"""Made nights: nobody is forgotten, what dies is done again, and more cores make none later."""

import pytest

from bench.nights import simulation
from bench.nights.simulation import Morning, Night, mornings
from milieu.coordination.night import LEAST_SECONDS

ONE_ZONE = (1,)


def test_every_morning_is_done_once_whatever_dies() -> None:
    asked = list(mornings(300, (1, 2, 3), news=0.7, seed=3))

    done = Night(4, deaths_an_hour=60).run(asked)

    assert sorted(each.morning.due for each in done) == sorted(each.due for each in asked)
    assert len({id(each.morning) for each in done}) == 300
    assert max(each.begun for each in done) > 1
    assert all(LEAST_SECONDS <= each.seconds <= 10 for each in done)


@pytest.mark.slow(2.9)
def test_more_places_make_more_ready_and_cost_no_less_search() -> None:
    asked = list(mornings(1_000, ONE_ZONE, news=0.7, seed=3))
    ready, search = [], []
    for places in (1, 2, 4, 8, 16):
        done = Night(places).run(asked)
        ready.append(sum(each.is_ready for each in done))
        search.append(sum(each.seconds for each in done))

    assert ready == sorted(ready)
    assert ready[-1] == 1_000
    assert search == sorted(search)


def test_a_morning_alone_takes_what_it_takes() -> None:
    [done] = Night(2).run([Morning(3600.0, 10, 3.0, 6.0)])

    assert (done.at, done.seconds, done.begun) == (3609.0, 10, 1)


def test_a_night_that_shares_nothing_out_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [Morning(0.0, 10, 2.0, 10.0)] * 250
    assert all(each.is_ready for each in Night(1).run(asked))

    monkeypatch.setattr(simulation, "share_out", lambda expected, **_: [each.wanted for each in expected])

    assert not all(each.is_ready for each in Night(1).run(asked))
