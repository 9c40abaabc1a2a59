"""What a family will read once a draft is published: their own page, word for word, and nothing of it stays."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from milieu.database import Engines, reading, unit_of_work
from milieu.models import OutboxMessage, Pin, Publication
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.web.builders import draft
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

PUBLISH, READS = f"/week/{MONDAY}/publish", f"/week/{MONDAY}/publish/family"
WALK = Held("walk", "lounge", 2, "15:00", ["gita"], ["ada", "cleo"], ref="walk-1")
MOVED = Held("walk", "lounge", 3, "15:00", ["gita"], ["ada", "cleo"], ref="walk-1")
CHOIR = Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")

BEGUN = Held("choir", "lounge", 1, "10:00", ["finn"], ["ben"], ref="choir-0")


def letter(page: str) -> str:
    """From the greeting to the end of what changed and is on."""
    told = words(page)
    return re.split(r"What Ada shares|Published", told[told.index("Good morning") :])[0]


def test_it_is_the_page_that_the_family_then_finds(
    elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        maya = elm.relative("maya", of=elm.residents["ada"])
        elm.publication([WALK, BEGUN])
    director, family = sign_in(elm), sign_in(elm, "family", relative_id=maya.id)
    family.get("/family")
    before = letter(family.get("/family").text)
    draft(engines, elm, [BEGUN, MOVED, CHOIR], week_start=MONDAY)

    foreseen = director.get(READS).text

    with reading(engines) as db:
        assert (db.query(Publication).count(), db.query(OutboxMessage).count()) == (1, 0)
    assert letter(family.get("/family").text) == before
    draft_and_version = dict(re.findall(r'name="(plan|version)" value="([^"]+)"', director.get(PUBLISH).text))
    assert director.send(PUBLISH, **draft_and_version).status_code == 303
    assert letter(family.get("/family").text) == letter(foreseen)
    assert "Walk moved from today at 15:00 to tomorrow at 15:00." in letter(foreseen)
    assert "The draft is not published yet. This is the page of Maya" in words(foreseen)
    assert "A family reads seven days" not in words(foreseen)
    draft(engines, elm, [replace(CHOIR, ref="later")], week_start=MONDAY + timedelta(weeks=2))
    later = words(director.get(f"/week/{MONDAY + timedelta(weeks=2)}/publish/family").text)
    assert "of this week nothing stands in it before Tuesday 8 December." in later


def test_nobody_reads_where_nothing_is_shared_or_nothing_can_be_published(
    elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    director = sign_in(elm)
    assert director.get(READS).location == f"/week/{MONDAY}"
    draft(engines, elm, [CHOIR], week_start=MONDAY)

    assert "no family reads anything of this week" in words(director.get(PUBLISH).text)
    assert "no family reads anything of this week" in words(director.get(READS).text)
    assert director.get(f"{READS}?reader=x.y").status_code == 404

    with unit_of_work(engines) as db:
        elm.db = db
        maya = elm.relative("maya", of=elm.residents["ada"], valid_until=NOW.date() - timedelta(days=1))
        elm.relative("noor", of=elm.residents["ben"])
        elm.refusal(elm.residents["ben"], activity=elm.activities["choir"])

    refused = words(director.get(READS).text)
    assert "It cannot be shown now. Things have changed since this week was planned" in refused
    assert maya.name not in refused  # what she may read ended yesterday


def test_the_page_before_says_who_misses_what_and_what_is_fixed(
    elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    draft(engines, elm, [CHOIR], week_start=MONDAY)
    with unit_of_work(engines) as db:
        for kind, resident in (("attend", "ada"), ("absent", "fay")):
            ids = {
                "session_ref": "choir-1",
                "resident_id": elm.residents[resident].id,
                "week_start": MONDAY,
                "made_at": NOW,
            }
            db.add(Pin(community_id=elm.id, kind=kind, **ids))

    told = words(sign_in(elm).get(PUBLISH).text)

    assert "Choir , Thu 3 10:00 : with Ada Made-Up; without Fay Made-Up" in told
    assert "What somebody may miss by this draft Nothing this week: 4 people" in told
