"""A director hands in her own list of residents, says what a column is, brings it in and takes it back, by keyboard."""

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from tests.milieu.builders import CommunityBuilder
from tests.milieu.services.lists.workbooks import csv_file, workbook

OWN = [
    ["Name", "Unit", "Room no", "Date of birth", "Moved in", "Likes it quiet"],
    ["Made-Up, Ada", "Garden", "G14", date(1940, 5, 6), date(2024, 1, 2), 1],
    ["Nora Newcomer", "River", "R9", date(1938, 1, 31), date(2026, 12, 1), 2],
]


def test_an_own_list_is_understood_brought_in_and_taken_back(
    enter: Callable[..., Page], elm: CommunityBuilder, accessible_everywhere: Callable[..., None]
) -> None:
    page = enter(elm, "director", "phone")
    page.get_by_role("link", name="Lists").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lists")
    accessible_everywhere(page)

    book = {"name": "residents 2026.xlsx", "mimeType": "application/octet-stream", "buffer": workbook({"Nov": OWN})}
    page.get_by_label("An Excel workbook").set_input_files(book)
    page.get_by_role("button", name="Look at them").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("What these lists would do")
    expect(page.get_by_text("nora-newcomer Nora Newcomer")).to_be_visible()
    expect(page.get_by_label("Likes it quiet")).to_have_value("")
    accessible_everywhere(page)
    page.get_by_label("Likes it quiet").select_option(value="noise_max")
    page.get_by_role("button", name="Look again").press("Enter")
    expect(page.get_by_text("This is what it would do now.")).to_be_visible()
    expect(page.get_by_text("noise max", exact=True)).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("button", name="Bring them in").press("Enter")

    expect(page.get_by_text("The lists are brought in.")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("button", name="Take back").press("Enter")
    expect(page.get_by_text("Taken back: everything is as it was before these lists.")).to_be_visible()
    accessible_everywhere(page)


def test_what_cannot_be_read_is_told_where_it_was_chosen(
    enter: Callable[..., Page], elm: CommunityBuilder, accessible: Callable[[Page], None]
) -> None:
    page = enter(elm, "director", "phone")
    page.get_by_role("link", name="Lists").click()
    wishes = csv_file("resident|activity|strength\nada|choir|99")
    wrong = {"name": "wishes.csv", "mimeType": "text/csv", "buffer": wishes}
    page.get_by_label("An Excel workbook").set_input_files(wrong)
    page.get_by_role("button", name="Look at them").click()

    expect(page.get_by_role("heading", name="One thing needs mending first")).to_be_visible()
    expect(page.get_by_text("wishes.csv row 2, strength: 99 is not between -2 and 5")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Throw these lists away").click()
    expect(page.get_by_text("Nothing was brought in.")).to_be_visible()
