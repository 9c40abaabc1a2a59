"""What is counted of a night: nothing where all went well, and each thing that must not be where it is."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bench.nights.outcomes import faults_of, forecast_rest
from milieu.coordination import ledger
from milieu.database import make_engines, unit_of_work
from milieu.models import Absence, LedgerEntry, Publication
from tests.milieu.builders import NOW, Held, small_community

DUE = NOW - timedelta(hours=1)
DAY = NOW.date()


def test_what_must_not_be_in_a_night_is_found_by_itself(postgresql_url: str) -> None:
    engines = make_engines(postgresql_url)
    with unit_of_work(engines) as db:
        elm = small_community(db)
        made = elm.publication(
            [Held("choir", "lounge", 2, "10:00", ["finn"], ["ada"])], kind="repair", published_at=NOW
        )
        ledger.claim(db, elm.id, DAY, due_at=DUE, fence=0, now=NOW)
        ledger.finish(db, elm.id, DAY, state="published", fence=0, now=NOW, publication_id=made.id)
    assert {what: count for what, count in faults_of(postgresql_url, DUE).items() if count} == {}

    with unit_of_work(engines) as db:
        table = Publication.__table__
        row = dict(db.execute(select(table).where(table.c.id == made.id)).one()._mapping)
        db.execute(insert(table).values({**row, "id": "b" * 26, "number": 99, "input_hash": "other"}))
        db.execute(update(LedgerEntry).values(publication_id=None))
        day = made.week_start + timedelta(days=2)
        ill = elm.facilitators["finn"].id
        db.add(Absence(community_id=elm.id, facilitator_id=ill, first_date=day, last_date=day))
    found = {what.split(" that ")[-1]: count for what, count in faults_of(postgresql_url, DUE).items() if count}
    engines.dispose()

    assert found == {
        "say published and name no publication of this night": 1,
        "no line names": 2,
        "replace one and the same": 1,
        "say published": 1,
    }


def test_the_rest_of_a_night_is_forecast_from_how_long_places_were_held() -> None:
    finished = [6.0 * (at // 3 + 1) for at in range(90)]  # three places, each held for six seconds

    told = forecast_rest(finished, [(2.0, 2)] * 18, 18, 3)

    assert told.real == pytest.approx(144)
    assert told.forecast == pytest.approx(told.real, rel=0.2)
