"""What rests is shown on the resident's page and told to the director, and one tap lifts it."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import Attendance
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.web.conftest import Browser

NOES = (MONDAY - timedelta(days=7), MONDAY)


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    """Ada loves the choir, and said no to it on two Mondays."""
    with unit_of_work(engines) as db:
        elm.db = db
        elm.wish(elm.residents["ada"], elm.activities["choir"], 5, said_on=NOES[0] - timedelta(days=1))
        for day in NOES:
            at = datetime.combine(day, time(11), tzinfo=ZoneInfo("Europe/London"))
            ref = f"choir-{day}"
            elm.publication([Held("choir", "lounge", 0, "10:00", ["finn"], ["ada", "ben"], ref=ref)], week_start=day)
            elm.add(
                Attendance(
                    community_id=elm.id,
                    session_ref=ref,
                    on_date=day,
                    resident_id=elm.residents["ada"].id,
                    outcome="declined",
                    key=ref,
                    number=1,
                    tapped_at=at,
                    marked_at=at,
                )
            )
    return sign_in(elm)


def test_it_is_a_word_to_the_director_and_one_tap_lifts_it(director: Browser, elm: CommunityBuilder) -> None:
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    said = "loves Choir and said no to it twice: not asked again before 28 December."
    assert said in director.get(f"/week/{MONDAY}").text

    shown = director.get(f"/people/{ada}")
    assert "no on 23 November and on 30 November; not asked again before 28 December." in shown.text
    assert "Resting" not in director.get(f"/people/{elm.residents['ben'].id}").text

    answer = director.send(f"/people/{ada}/asked-again/{choir}", f"/people/{ada}")
    assert answer.status_code == 303
    after = director.get(answer.location).text
    assert "Noted. From the next plan on Choir is asked again." in after
    assert "Resting" not in after
    assert said not in director.get(f"/week/{MONDAY}").text


def test_what_rests_is_a_reason_for_few_invitations(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    ada, after = elm.residents["ada"].id, MONDAY + timedelta(days=7)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [
                Held("choir", "lounge", 0, "10:00", ["finn"], ["ben"], ref="choir-after"),
                Held("chess", "studio", 1, "10:00", ["gita"], ["ben"], ref="chess-after"),
            ],
            week_start=after,
        )
    said = "1 of the 2 group activities of the week rests after two noes"

    assert said in director.get(f"/people?week={after}").text
    assert said in director.get(f"/people/{ada}?week={after}").text
    assert "rests after" not in director.get(f"/people/{ada}?week={MONDAY}").text  # the second no was on its Monday


def test_what_is_not_there_cannot_be_asked_again(director: Browser, elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"].id

    assert director.send(f"/people/{ada}/asked-again/nothing", f"/people/{ada}").status_code == 404
