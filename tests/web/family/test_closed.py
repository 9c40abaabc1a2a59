"""What a family never sees: anybody else, and anything after consent, stay or life has ended."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from milieu.database import Engines, reading
from milieu.models import Consent, ResidentRead
from tests.milieu.builders import CommunityBuilder, FixedClock
from tests.web.conftest import Browser
from tests.web.staff.floor import WEDNESDAY, ada_of, change, lettered_day, published_day, text_of

SignIn = Callable[..., Browser]
MORNING = datetime(2026, 12, 2, 9, 5, tzinfo=UTC)


@pytest.fixture
def elm(engines: Engines, clock: FixedClock) -> CommunityBuilder:
    clock.present = MORNING
    return lettered_day(engines)


@pytest.fixture
def ellen(elm: CommunityBuilder, sign_in: SignIn) -> Browser:
    return sign_in(elm, "family", relative_id=elm.relatives["ellen"].id)


def test_no_other_resident_is_anywhere_on_any_page(engines: Engines, elm: CommunityBuilder, ellen: Browser) -> None:
    change(engines, elm, lambda elm: elm.tie(elm.residents["ada"], elm.residents["cleo"], 5))
    names = {"ben": "Bartholomew", "cleo": "Cleopatra", "dov": "Dovydas", "esi": "Esinam", "fay": "Fayette"}

    def rename(elm: CommunityBuilder) -> None:
        for key, name in names.items():
            row = elm.db.merge(elm.residents[key])
            row.given_name, row.family_name, row.room = name, f"Fam{name}", f"Room {name}"

    change(engines, elm, rename)
    mine = elm.residents["ada"].id
    for path in ("/family", f"/family/{mine}", f"/family/{mine}/shares"):
        answer = ellen.get(path)
        assert answer.status_code == 200
        for key, name in names.items():
            assert name not in answer.text
            assert elm.residents[key].id not in answer.text
        assert "company" not in answer.text.lower()
        assert "care plan" not in answer.text.lower()
        assert "someone" not in answer.text.lower()


@pytest.mark.parametrize("suffix", ["", "/shares"])
def test_who_is_not_hers_is_as_absent_as_nobody(
    engines: Engines, elm: CommunityBuilder, ellen: Browser, suffix: str
) -> None:
    oak = published_day(engines, "oak")
    absent = ellen.get("/nothing")
    for resident_id in (elm.residents["ben"].id, oak.residents["ada"].id, "a" * 26, "x"):
        answer = ellen.get(f"/family/{resident_id}{suffix}")
        assert (answer.status_code, answer.data) == (404, absent.data)


@pytest.mark.parametrize("role", ["staff", "director", "administrator"])
def test_a_letter_is_for_the_family_alone(elm: CommunityBuilder, sign_in: SignIn, role: str) -> None:
    browser = sign_in(elm, role)
    absent = browser.get("/nothing").data
    for path in ("/family", f"/family/{elm.residents['ada'].id}", f"/family/{elm.residents['ada'].id}/shares"):
        answer = browser.get(path)
        assert (answer.status_code, answer.data) == (404, absent)


def end_consent(elm: CommunityBuilder) -> None:
    for row in elm.db.query(Consent):
        row.valid_until = WEDNESDAY - timedelta(days=1)


def end_calendar(elm: CommunityBuilder) -> None:
    for row in elm.db.query(Consent).where(Consent.kind == "calendar"):
        row.valid_until = WEDNESDAY - timedelta(days=1)


def end_stay(elm: CommunityBuilder) -> None:
    row = ada_of(elm)
    row.left_on, row.left_reason = WEDNESDAY, "stay ended"


def end_life(elm: CommunityBuilder) -> None:
    row = ada_of(elm)
    row.left_on, row.left_reason = WEDNESDAY, "died"


@pytest.mark.parametrize("end", [end_consent, end_calendar, end_stay, end_life])
def test_the_letter_closes_with_the_next_request(
    engines: Engines, elm: CommunityBuilder, ellen: Browser, end: Callable[[CommunityBuilder], None]
) -> None:
    mine = elm.residents["ada"].id
    assert ellen.get(f"/family/{mine}").status_code == 200
    change(engines, elm, end)

    letter, absent = ellen.get("/family"), ellen.get("/nothing")

    assert letter.status_code == 200
    assert "There is nothing to show here" in letter.text
    assert "please ring the team at Elm Cottage" in text_of(letter.text)
    for word in ("Rosie", "Ada", mine, "Choir", "mother", "Good morning", "died", "consent"):
        assert word not in letter.text
    for path in (f"/family/{mine}", f"/family/{mine}/shares"):
        answer = ellen.get(path)
        assert (answer.status_code, answer.data) == (404, absent.data)


def test_an_account_that_belongs_to_no_relative_sees_nothing(elm: CommunityBuilder, sign_in: SignIn) -> None:
    browser = sign_in(elm, "family")

    assert "There is nothing to show here" in browser.get("/family").text
    assert browser.get(f"/family/{elm.residents['ada'].id}").status_code == 404


def test_a_second_relative_without_consent_is_not_mentioned(
    engines: Engines, elm: CommunityBuilder, ellen: Browser
) -> None:
    change(
        engines, elm, lambda elm: elm.relative("ellen", of=elm.residents["ben"], resident_is="uncle", kinds=["photo"])
    )

    page = ellen.get("/family").text

    assert "Ben" not in page
    assert "uncle" not in page
    assert "Rosie’s week" in text_of(page)


def test_who_was_looked_at_is_written_down(engines: Engines, elm: CommunityBuilder, ellen: Browser) -> None:
    mine = elm.residents["ada"].id
    for path in ("/family", f"/family/{mine}", f"/family/{mine}/shares"):
        ellen.get(path)

    with reading(engines) as db:
        seen = [(row.page, row.resident_id) for row in db.query(ResidentRead).order_by(ResidentRead.page)]

    assert seen == [("family.home", mine), ("family.one", mine), ("family.shares", mine)]
