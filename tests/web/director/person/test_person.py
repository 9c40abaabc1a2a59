"""A resident's page: who they are in ten seconds, for the director and, with less, for the floor."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import Resident
from milieu.services.facts.living import tell_death, tell_departure
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.web.conftest import Browser


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def ada(engines: Engines, elm: CommunityBuilder) -> str:
    """Somebody of whom everything is known."""
    with unit_of_work(engines) as db:
        elm.db = db
        row = db.get_one(Resident, (elm.id, elm.residents["ada"].id))
        row.born_on, row.invite_how, row.wheelchair = date(1942, 1, 8), "Show the picture card.", True
        row.times, row.sessions_min, row.sessions_max = {"morning": 2, "evening": -2}, 3, 7
        elm.wish(row, elm.activities["choir"], 5, said_on=MONDAY)
        elm.refusal(row, activity=elm.activities["walk"], said_on=MONDAY)
        elm.limit(row, activity=elm.activities["chess"], reason="CANARY-REASON", charted_by="Dr Anand")
        elm.tie(row, elm.residents["cleo"], None, visibility="director", expires_on=date(2026, 12, 24))
        elm.target(row, "spiritual", 2)
        elm.busy(row, "09:15", "09:45", kind="bath", weekday=1)
        elm.relative("una", of=row, kinds=("calendar",))
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada"], ref="choir-1")])
    return row.id


def test_the_director_reads_everything(ada: str, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    text = words(sign_in(elm).get(f"/people/{ada}").text)

    for said in (
        "Ada Made-Up Garden wing · Room 1 · 84, birthday 8 January",
        "How to ask Show the picture card.",
        "What helps The wheelchair, the morning.",
        "Loves Choir Making Ada, 30 November",
        "Walk , for good Ada, 30 November",
        "Charted limit Chess CANARY-REASON Dr Anand.",
        "Ben Made-Up , 2: friends Seen by the team, 1 November",
        "Kept apart from Cleo Made-Up , 3 Seen by the team, 1 November, until 24 December",
        "Best in the morning. Not in the evening. 3 to 7 a week.",
        "Bath Tue 09:15 to 09:45",
        "Spirit at least 2 times a week",
        "Una Made-Up Ada is their mother yes no no no",
        "Thursday 3 December 10:00 Choir Lounge · Finn Made-Up She likes it.",
    ):
        assert said in text


def test_who_has_died_today_is_shown_so_and_to_whom_they_were_close(
    engines: Engines, ada: str, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    ben = elm.residents["ben"].id
    with unit_of_work(engines) as db:
        elm.db = db
        elm.wish(db.get_one(Resident, (elm.id, ben)), elm.activity("bingo"), 5, said_by="relative", said_on=MONDAY)
        elm.relative("una", of=db.get_one(Resident, (elm.id, ben)), kinds=("calendar",))
        tell_death(db, Teller(elm.id, None, NOW), ben, NOW.date())
    director = sign_in(elm)

    theirs = words(director.get(f"/people/{ben}").text)

    assert "died on Wednesday 2 December 2026" in theirs
    assert "What was known of Ben until then. Nobody plans or asks for Ben any more. Told by mistake" in theirs
    assert "What he loved" in theirs
    assert "a relative, 30 November" in theirs
    assert "Family, and what each could see Their pages show nothing of Ben any more." in theirs
    for untrue in ("In hospital", "How to ask", "is invited to", "says so", "may see", "What he loves"):
        assert untrue not in theirs
    assert f'href="/changed?day={NOW.date()}#told"' in director.get(f"/people/{ben}").text
    assert "Ben Made-Up , died on Wednesday 2 December 2026: friends" in words(director.get(f"/people/{ada}").text)


def test_who_is_to_move_out_is_shown_so(
    engines: Engines, ada: str, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        tell_departure(db, Teller(elm.id, None, NOW), ada, date(2026, 12, 5), "moved")

    assert "Moves out on Saturday 5 December 2026." in words(sign_in(elm).get(f"/people/{ada}").text)


def test_the_floor_reads_what_it_needs(ada: str, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    page = sign_in(elm, "staff").get(f"/people/{ada}")
    text = words(page.text)

    assert page.status_code == 200
    for said in ("Show the picture card.", "Loves Choir", "Charted limit Chess", "Ben Made-Up", "Bath Tue"):
        assert said in text
    for kept in ("CANARY-REASON", "Cleo", "Una", "She likes it", "Aims", "The last weeks"):
        assert kept not in text
    assert sign_in(elm, "family").get(f"/people/{ada}").status_code == 404


def test_somebody_of_whom_nothing_is_known(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    text = words(sign_in(elm).get(f"/people/{elm.residents['esi'].id}").text)

    assert "How to ask Nothing is noted about this." in text
    assert "Said no to Nothing." in text
    assert "Close to Nobody is known." in text
