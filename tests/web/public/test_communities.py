"""The page of all communities: for administrators alone, who read how each one is and nothing of anybody in it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import LedgerEntry
from milieu.queries.health import communities
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, community, small_community
from tests.web.conftest import Browser


@pytest.fixture
def oak(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    """A second community, with a published week that was repaired, and a morning that failed after one that did not."""
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
        for _ in range(2):
            oak.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada"], ref="choir-oak")])
        for days, state in ((1, "unchanged"), (0, "parked")):
            day = (NOW - timedelta(days=days)).date()
            db.add(LedgerEntry(community_id=oak.id, local_day=day, kind="repair", state=state, due_at=NOW))
    return oak


def test_an_administrator_reads_of_every_community_and_of_nobody_in_it(
    elm: CommunityBuilder, oak: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    page = sign_in(elm, "administrator").get("/communities").text

    with engines.read.connect() as connection:
        names = {row[0] for row in connection.exec_driver_sql("SELECT name FROM community")}
    assert len(names) == 2
    assert all(name in page for name in names)
    assert f"Its newest week is that of {MONDAY}" in page
    assert f"The morning of {NOW.date()}: failed five times." in page
    assert "No week is published." in page
    assert "The last morning of one community failed or was missed.</strong> There are 2 in all." in page
    places = [page.index(each) for each in ("This installation", "Whose last morning failed", "failed five")]
    places += [page.index(each) for each in ("All others", "No week is published.")]
    assert places == sorted(places)
    assert "None are made." in page
    assert not any(each in page for each in ("Ada", "Ben", "Finn", "Choir", "lounge"))


def test_among_many_some_are_found_by_the_beginnings_of_their_words(
    elm: CommunityBuilder, oak: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    browser = sign_in(elm, "administrator")
    assert 'name="q"' not in browser.get("/communities").text
    with unit_of_work(engines) as db:
        for number in range(7):
            community(db, f"yew{number}").community.name = f"Łódź Yew {number}"

    def found(sought: str) -> list[str]:
        return re.findall(r"<h3>(.+?)</h3>", browser.get("/communities", query_string={"q": sought}).text)

    assert len(found("")) == 9
    assert found("LODZ 3") == found(" 3  yew") == ["Łódź Yew 3"]
    assert len(found("ye")) == 7
    assert found("ew") == []
    page = browser.get("/communities?q=ye").text
    assert ("7 found" in page, 'value="ye"' in page) == (True, True)
    assert "The last morning of one community failed or was missed.</strong> There are 9 in all." in page
    assert "None is found." in browser.get("/communities?q=ew").text


@pytest.mark.parametrize("role", ["director", "staff", "family"])
def test_nobody_else_knows_of_it(role: str, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    browser = sign_in(elm, role)

    answer, nowhere = browser.get("/communities"), browser.get("/nowhere")

    assert (answer.status_code, answer.data) == (404, nowhere.data)


def test_each_community_is_there_once_with_its_newest(
    elm: CommunityBuilder, oak: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        lines = {line.name: line for line in communities(db)}

    assert len(lines) == 2
    [other, mine] = sorted(lines.values(), key=lambda line: line.week_start is not None)
    assert (other.week_start, other.published_at, other.checked_on, other.state) == (None, None, None, "")
    assert (mine.week_start, mine.checked_on, mine.state) == (MONDAY, NOW.date(), "parked")
