"""The sheets through the pages: who gets which, what is recorded, that nothing foreign is printed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.models import ResidentRead
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, small_community
from tests.web.conftest import Browser

DAY = (MONDAY + timedelta(days=2)).isoformat()


@pytest.fixture
def published(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "esi"])])
    return elm


def addresses(elm: CommunityBuilder) -> dict[str, str]:
    return {
        "month": f"/print/month/{DAY}?paper=a3",
        "week": f"/print/week/{DAY}?paper=letter",
        "door": f"/print/door/{elm.spaces['lounge'].id}/{DAY}",
        "day": f"/print/day/{DAY}",
        "slips_of_day": f"/print/slips/{DAY}",
        "own_week": f"/print/person/{elm.residents['ada'].id}/{DAY}",
    }


def test_whoever_works_here_gets_every_sheet_and_nobody_else_any(
    published: CommunityBuilder, sign_in: Callable[..., Browser], browser: Browser
) -> None:
    for role, status in (("director", 200), ("staff", 200), ("family", 404), ("administrator", 404)):
        reader = sign_in(published, role)
        for path in ("/print", *addresses(published).values()):
            assert reader.get(path).status_code == status, (role, path)
    for path in addresses(published).values():
        answer = browser.get(path)
        assert (answer.status_code, "/sign-in" in answer.location) == (302, True)


def test_a_sheet_is_a_pdf_that_is_kept_nowhere(published: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    reader = sign_in(published, "staff")
    for path in addresses(published).values():
        answer = reader.get(path)
        assert answer.data.startswith(b"%PDF-")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Cache-Control"] == "no-store"


def test_it_is_recorded_whom_a_sheet_names(
    published: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    reader = sign_in(published, "staff")
    ada, esi = published.residents["ada"].id, published.residents["esi"].id
    for path in addresses(published).values():
        reader.get(path)
    reader.get(f"/print/day/{DAY}?unit={published.groups['river'].id}")

    with reading(engines) as db:
        rows = db.execute(select(ResidentRead.page, ResidentRead.resident_id)).all()
    looked = {(page.removeprefix("prints."), who) for page, who in rows}
    assert looked == {("day", ada), ("day", esi), ("slips_of_day", ada), ("slips_of_day", esi), ("own_week", ada)}


def test_foreign_and_missing_things_are_printed_alike(
    published: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    reader = sign_in(published)
    nowhere = reader.get("/nowhere").data
    for resident, space, unit in (
        (oak.residents["ada"].id, oak.spaces["lounge"].id, oak.groups["garden"].id),
        ("x",) * 3,
    ):
        for path in (
            f"/print/person/{resident}/{DAY}",
            f"/print/door/{space}/{DAY}",
            f"/print/day/{DAY}?unit={unit}",
            f"/print/slips/{DAY}?unit={unit}",
        ):
            answer = reader.get(path)
            assert (answer.status_code, answer.data) == (404, nowhere), path


@pytest.mark.parametrize("path", ["/print/month/{}?paper=b5", "/print/week/{}?paper=a3", "/print?week=never"])
def test_what_there_is_no_paper_or_week_for_is_not_there(
    path: str, published: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    assert sign_in(published).get(path.format(DAY)).status_code == 404


def test_the_page_leads_to_every_sheet(published: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    page = sign_in(published, "staff").get(f"/print?week={DAY}").text
    for path in addresses(published).values():
        start = path.partition("?")[0].rpartition("/")[0]
        assert f'href="{start}/' in page, path
