"""What every answer tells the browser, and that no template needs what the content policy forbids."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.milieu.builders import CommunityBuilder
from tests.web.conftest import Browser

WEB = Path(__file__).parents[3] / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/healthz", "/programme/elm", "/static/milieu.css"])
def test_every_answer_carries_the_policy(path: str, browser: Browser, elm: CommunityBuilder) -> None:
    headers = browser.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert not {"unsafe-inline", "unsafe-eval", "*", "data:", "https:"} & set(re.findall(r"[\w*:-]+", policy))
    assert {"form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_personal_pages_are_not_kept(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    browser = sign_in(elm)

    for path in ("/week/2026-11-30", "/people", "/week/2026-11-30/session/none", "/nowhere"):
        assert browser.get(path).headers["Cache-Control"] == "no-store", path


def test_files_are_kept_under_an_address_of_their_contents(browser: Browser, elm: CommunityBuilder) -> None:
    css = re.search(r'href="(/static/milieu.css\?v=\w{10})"', browser.get("/sign-in").text)

    assert css is not None
    assert "max-age=31536000" in browser.get(css[1]).headers["Cache-Control"]
    assert "immutable" in browser.get("/fonts/bold.ttf").headers["Cache-Control"]


def test_the_typeface_is_served_and_nothing_beside_it(browser: Browser) -> None:
    assert browser.get("/fonts/regular.ttf").content_type == "font/ttf"
    for name in ("AtkinsonHyperlegible-Regular.ttf", "../__init__.py", "..%2f__init__.py", "bold.ttf/x"):
        assert browser.get(f"/fonts/{name}").status_code == 404


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_no_template_needs_what_the_policy_forbids(template: Path) -> None:
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", template.read_text(), flags=re.DOTALL)  # `one=` is no handler

    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_no_template_trusts_text(template: Path) -> None:
    assert not re.search(r"\|\s*safe|autoescape\s+false|Markup\(", template.read_text())


def test_no_view_trusts_text() -> None:
    for file in WEB.rglob("*.py"):
        assert not re.search(r"\bMarkup\(|render_template_string|autoescape\s*=\s*False", file.read_text()), file


def test_nothing_is_fetched_from_elsewhere() -> None:
    for file in [*TEMPLATES, *(WEB / "static").glob("*.css"), *(WEB / "static").glob("*.js")]:
        assert not re.search(r"(src|href|url\(|import|fetch\()\s*=?\s*[\"'(]?https?:", file.read_text()), file
