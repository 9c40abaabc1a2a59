"""What a director shows to others: sheets to print, calendars for phones, records and the folder, at every width."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from tests.milieu.builders import CommunityBuilder, Held


@pytest.fixture
def elm(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("chess", "studio", 2, "11:00", ["gita"], ["ada", "ben"])])
    return elm


def test_sheets_calendars_and_records_are_found_and_fit(
    app: Flask, enter: Callable[..., Page], elm: CommunityBuilder, accessible_everywhere: Callable[..., None]
) -> None:
    page = enter(elm, "director", "phone")

    def arrive(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        accessible_everywhere(page)

    navigation = page.get_by_role("navigation").first
    navigation.get_by_role("link", name="To print").click()
    arrive("To print")
    page.get_by_role("link", name="Calendars for phones").click()
    arrive("Calendars for phones")
    page.get_by_role("button", name="Make it").click()
    arrive("The address is made")
    navigation.get_by_role("link", name="Records").click()
    arrive("Records")
    page.get_by_role("link", name="By living group").click()
    page.get_by_role("link", name="Invitations, Garden wing").click()
    arrive("Invitations: Garden wing")
    page.get_by_role("link", name="‹ Records").click()
    page.get_by_text("Some of Garden wing").click()
    page.get_by_label("Ada").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="The folder as a PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
