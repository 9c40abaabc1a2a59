"""Why somebody is not in a session, what would bring them in, and a person's week changed by hand, on the pages."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Activity, Pin, PlanPlace, PlanSession, Resident, SessionHeld
from tests.milieu.builders import NOW, CommunityBuilder
from tests.web.builders import CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

WEEK = f"/week/{NEXT_MONDAY}"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


@pytest.fixture
def choir(engines: Engines, elm: CommunityBuilder) -> str:
    """The address of the choir in a draft of next week."""
    draft(engines, elm, [CHOIR])
    with reading(engines) as db:
        return f"{WEEK}/session/{db.query(PlanSession).one().ref}"


def invited(engines: Engines) -> set[str]:
    with reading(engines) as db:
        return {row.resident_id for row in db.query(PlanPlace)}


def version(page: str) -> str:
    return re.findall(r'name="version" value="(\d+)"', page)[0]


def test_it_is_told_why_somebody_is_not_here_and_what_their_family_may_hear(
    director: Browser, engines: Engines, elm: CommunityBuilder, choir: str
) -> None:
    cleo = elm.residents["cleo"].id
    assert "No rule stands against it. There is a place free." in words(
        director.get(f"{choir}/why-not?who={cleo}").text
    )
    with unit_of_work(engines) as db:
        elm.db = db
        elm.limit(db.merge(elm.residents["cleo"]), activity=elm.activities["choir"])

    page = words(director.get(f"{choir}/why-not?who={cleo}").text)

    assert "Why is Cleo Made-Up not here?" in page
    holds = "A limit in the chart holds, or it asks what they cannot do."
    assert f"{holds} Cleo Made-Up is kept from Choir." in page
    assert "Nobody else’s leaving would help" in page
    assert "Nothing of this: it speaks of others, or of the care plan." in page
    assert director.get(f"{choir}/why-not?who=nobody").status_code == 404

    with unit_of_work(engines) as db:
        db.get_one(Resident, (elm.id, cleo)).cannot = ["stands"]
        db.get_one(Activity, (elm.id, elm.activities["choir"].id)).asks = ["stands"]
    page = words(director.get(f"{choir}/why-not?who={cleo}").text)
    assert f"{holds} Cleo Made-Up cannot do what Choir on Tuesday at 10:00 asks." in page
    assert "is kept from" not in page


def test_somebody_is_brought_in_by_the_moves_that_the_page_proposed(
    director: Browser, engines: Engines, elm: CommunityBuilder, choir: str
) -> None:
    there, cleo = invited(engines), elm.residents["cleo"].id
    out, ref = min(there), choir.rpartition("/")[2]
    steps = [f"joins|{ref}|{cleo}", f"leaves|{ref}|{out}"]

    answer = director.send(f"{choir}/bring-in", choir, step=steps, version=version(director.get(choir).text))

    assert answer.status_code == 303
    assert invited(engines) == there - {out} | {cleo}
    week = director.get(WEEK).text
    assert "1 change by hand; the last one: somebody invited to Choir, Tue 8 10:00, and 1 more with it" in words(week)
    director.send(f"{WEEK}/undo", WEEK, version=version(week))
    assert invited(engines) == there
    for step in ("dances|x|y", ""):
        answer = director.send(f"{choir}/bring-in", choir, step=step, version=version(director.get(choir).text))
        assert answer.status_code == 422
    assert invited(engines) == there


def test_whose_word_a_not_here_is_is_asked_and_the_directors_own_holds_for_this_session(
    director: Browser, engines: Engines, elm: CommunityBuilder, choir: str
) -> None:
    ada = elm.residents["ada"].id
    asked = director.get(f"{choir}/not-here?who={ada}").text
    for whose in ("Mine, for this week’s plan", "Their own: they said no", "The chart’s: a limit in their care plan"):
        assert whose in words(asked)
    assert f"/people/{ada}/noes?what=activity:{elm.activities['choir'].id}" in asked

    form = f"{choir}/not-here?who={ada}"
    director.send(f"{choir}/keep-out", form, who=ada, is_invited="yes", version=version(asked))

    assert ada not in invited(engines)
    with reading(engines) as db:
        assert [(row.kind, row.resident_id) for row in db.query(Pin)] == [("absent", ada)]
    page = director.get(choir).text
    assert "Kept out of it by hand: Ada Made-Up" in words(page)
    assert "Somebody kept them out of it by hand." in words(director.get(f"{choir}/why-not?who={ada}").text)
    director.send(f"{choir}/let-in", form, who=ada, version=version(page))
    with reading(engines) as db:
        assert db.query(Pin).count() == 0


def test_a_persons_week_is_changed_from_their_own_page(
    director: Browser, engines: Engines, elm: CommunityBuilder, choir: str
) -> None:
    cleo, own = elm.residents["cleo"].id, f"{WEEK}/with/{elm.residents['cleo'].id}"
    assert own in director.get(f"/people/{cleo}?week={NEXT_MONDAY}").text
    page = director.get(own).text
    assert "Choir Tue 8 10:00 · Lounge" in words(page)
    assert "Costs nobody anything." in words(page)

    answer = director.send(f"{choir}/invite", own, who=cleo, back_to=cleo, version=version(page))
    assert answer.location == own
    assert cleo in invited(engines)
    page = director.get(own).text
    assert (
        director.send(f"{choir}/fix", own, who=cleo, fixed="yes", back_to=cleo, version=version(page)).location == own
    )
    page = director.get(own).text
    assert 'aria-pressed="true"' in page
    director.send(f"{choir}/take-out", own, who=cleo, back_to=cleo, version=version(page))
    assert cleo not in invited(engines)


def test_the_director_reads_who_it_is_that_somebody_likes_there(
    director: Browser, elm: CommunityBuilder, choir: str
) -> None:
    page = director.get(choir).text
    director.send(f"{choir}/invite", choir, who=elm.residents["cleo"].id, version=version(page))

    page = words(director.get(choir).text)

    assert "Someone she likes is there, and she is invited to nothing else this week. There: Ben Made-Up." in page
    assert "Someone he likes is there, and he is invited to nothing else this week. There: Ada Made-Up." in page


def test_every_page_of_a_draft_says_what_the_staff_called_off(
    director: Browser, engines: Engines, elm: CommunityBuilder, choir: str
) -> None:
    ref, ada, cleo = choir.rpartition("/")[2], elm.residents["ada"].id, elm.residents["cleo"].id
    pages = {
        choir: "cannot be held. The piano is away",
        f"{choir}/change": "cannot be held. The piano is away",
        f"{choir}/why-not": "cannot be held. The piano is away",
        f"{choir}/why-not?who={cleo}": "cannot be held. The piano is away",
        f"{choir}/not-here?who={ada}": "cannot be held. The piano is away",
        f"{WEEK}/with/{ada}": "Not held",
        f"{WEEK}/left-out?tried=1": "Choir (Tuesday 10:00): the staff have said that it cannot be held.",
    }
    before = {path: words(director.get(path).text) for path in pages}
    with unit_of_work(engines) as db:
        said = {"on_date": NEXT_MONDAY + timedelta(days=1), "was_held": False, "reason": "The piano is away"}
        db.add(SessionHeld(community_id=elm.id, session_ref=ref, number=1, marked_at=NOW, **said))

    after = {path: words(director.get(path).text) for path in pages}

    assert [path for path, said in pages.items() if said in before[path]] == []
    assert [path for path, said in pages.items() if said not in after[path]] == []
    assert ">Invite" not in director.get(f"{choir}/why-not?who={cleo}").text
    assert "Who else would like it" not in after[choir]
