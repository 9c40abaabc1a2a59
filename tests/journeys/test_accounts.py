"""A relative's account from the first sheet of paper to its end, in two browsers."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from milieu.services.access.accounts import create_account
from tests.journeys.conftest import PASSWORD, SIZES
from tests.milieu.builders import NOW, CommunityBuilder, community


def test_a_relative_is_let_in_with_a_printed_code_and_out_at_the_next_click(
    enrol: Callable[..., str],
    app: Flask,
    serve: Callable[[Flask], str],
    visit: Callable[..., Page],
    accessible: Callable[[Page], None],
    engines: Engines,
    elm: CommunityBuilder,
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.relative("ellen", of=elm.residents["ada"], name="Ellen Made-Up")
    origin, address = serve(app), enrol(elm, "director")
    director, ellen = visit(origin, width=SIZES["desk"]), visit(origin, width=SIZES["phone"])
    director.goto("/accounts")
    enter(director, address)

    code = make_account(director, accessible)
    choose_password(ellen, code, accessible)
    ellen.get_by_role("button", name="Sign out").click()
    enter(ellen, "ellen@elm.example")
    expect(ellen.get_by_role("heading", level=1)).to_have_text("Ada’s week")
    end_account(director, accessible)
    ellen.get_by_role("link", name="What Ada shares with you").click()

    expect(ellen.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(ellen.get_by_text("Ada")).to_have_count(0)
    enter(ellen, "ellen@elm.example")
    expect(ellen.get_by_role("alert")).to_have_text("The e-mail address and the password do not belong together.")
    accessible(ellen)


def make_account(director: Page, accessible: Callable[[Page], None]) -> str:
    """Make Ellen's account, the address with a slip first; the code on the sheet, which has nothing else to press."""
    director.get_by_role("link", name="New for a relative…").click()
    expect(director.get_by_role("heading", level=1)).to_have_text("New account for a relative")
    accessible(director)
    director.get_by_role("radio", name="Ellen Made-Up").check()
    director.get_by_label("E-mail address to sign in with").fill("ellen at elm.example")
    director.get_by_role("button", name="Make the account and show its code").click()
    expect(director.get_by_role("alert")).to_contain_text("it needs a name, an @ and a place")
    expect(director.get_by_role("radio", name="Ellen Made-Up")).to_be_checked()
    accessible(director)
    director.get_by_label("E-mail address to sign in with").fill("Ellen@elm.example")
    director.get_by_role("button", name="Make the account and show its code").click()
    expect(director.get_by_role("heading", level=1)).to_have_text("For Ellen Made-Up")
    accessible(director)
    code = director.locator(".code")
    director.emulate_media(media="print")
    expect(code).to_be_visible()
    expect(director.get_by_text("Print this page now")).to_be_hidden()
    expect(director.get_by_role("button")).to_have_count(0)
    director.emulate_media(media="screen")
    return code.inner_text()


def choose_password(ellen: Page, code: str, accessible: Callable[[Page], None]) -> None:
    """Use the sheet on a phone, in small letters and with blanks, as people type."""
    ellen.goto("/new-password")
    accessible(ellen)
    ellen.get_by_label("One-time code").fill(code.lower().replace("-", " "))
    ellen.get_by_label("New password", exact=True).fill(PASSWORD)
    ellen.get_by_label("The new password again").fill(PASSWORD)
    ellen.get_by_role("button", name="Choose this password").click()
    expect(ellen.get_by_role("heading", level=1)).to_have_text("Ada’s week")
    expect(ellen.get_by_role("status")).to_contain_text("Your new password holds.")


def end_account(director: Page, accessible: Callable[[Page], None]) -> None:
    """Find Ellen in the list, where she is signed in, and end her account."""
    director.goto("/accounts")
    expect(director.get_by_text("signed in on 1 browser", exact=True)).to_have_count(2)  # hers and the director's
    accessible(director)
    director.get_by_role("link", name="Ellen Made-Up").click()
    expect(director.get_by_role("heading", level=1)).to_have_text("Ellen Made-Up")
    accessible(director)
    director.get_by_role("button", name="End this account").click()
    expect(director.get_by_role("status")).to_have_text("Ellen Made-Up can no longer sign in.")


def enter(page: Page, address: str) -> None:
    """Sign in on the form that the page shows."""
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_who_belongs_to_two_communities_chooses_and_goes_over(
    enrol: Callable[..., str],
    app: Flask,
    serve: Callable[[Flask], str],
    visit: Callable[..., Page],
    accessible_everywhere: Callable[[Page], None],
    engines: Engines,
    elm: CommunityBuilder,
) -> None:
    address = enrol(elm, "staff")
    with unit_of_work(engines) as db:
        oak = community(db, "oak")
        given = {"email": address, "password": None, "roles": ("director",), "is_taken_up": True}
        create_account(db, oak.id, name="Sam", now=NOW, **given)  # type: ignore[arg-type]
    sam = visit(serve(app), width=SIZES["phone"])
    sam.goto("/")
    enter(sam, address)

    expect(sam.get_by_role("heading", level=1)).to_have_text("Choose the community")
    accessible_everywhere(sam)
    sam.get_by_role("button", name="Oak Cottage").click()
    expect(sam.get_by_role("heading", level=1)).not_to_have_text("Choose the community")
    sam.get_by_role("link", name="choose another community").click()
    sam.get_by_role("button", name="Elm Cottage").click()

    expect(sam.get_by_role("heading", level=1)).to_have_text("Today")
    expect(sam.get_by_role("link", name="Elm Cottage")).to_be_visible()
    accessible_everywhere(sam)
