"""What templates and views may not do: put text into a page unescaped, or a style or script that the policy blocks."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import files, imports, name

COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
COMMENT_OF_CSS = re.compile(r"/\*.*?\*/", re.DOTALL)
FORBIDDEN = {
    "unescaped": re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false"),
    "inline style": re.compile(r"<[^>]*\sstyle\s*=|<style\b"),
    "inline script": re.compile(r"<script\b(?![^>]*\ssrc=)|<script\b[^>]*>(?!\s*</script>)|<[^>]*\son[a-z]+\s*="),
    "script address": re.compile(r"(?i)(?:href|src|action)\s*=\s*[\"']?\s*javascript:"),
    "elsewhere": re.compile(r"(?i)<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)\s*=\s*[\"']?(?:https?:)?//"),
}
SPREAD = re.compile(
    r"\*\*\s*request\.(args|form|values|view_args)"
)  # an argument in an address takes a parameter's place
VIEW = re.compile(r"^@blueprint\.", re.MULTILINE)
UNESCAPED_CODE = re.compile(r"\bMarkup\(|\brender_template_string\b|autoescape\s*=\s*False|\|\s*safe\b")


def templates() -> list[Path]:
    return [path for path in files(".html", ".txt", ".xml", ".svg") if name(path).startswith("web/templates/")]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what: str) -> None:
    found = {
        name(path): match[0]
        for path in templates()
        for match in FORBIDDEN[what].finditer(COMMENT.sub("", path.read_text("utf-8")))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("unescaped", "{{ name | safe }}"),
        ("inline style", '<p class="a" style="color: red">'),
        ("inline script", "<script>go()</script>"),
        ("inline script", '<script src="/a.js">go()</script>'),
        ("inline script", '<button onclick="go()">'),
        ("script address", '<a href="javascript:go()">'),
        ("elsewhere", '<script src="https://cdn.example/a.js"></script>'),
    ],
)
def test_a_template_that_has_it_is_found(what: str, text: str) -> None:
    assert FORBIDDEN[what].search(text)


def test_a_template_may_load_our_own_script() -> None:
    text = '<script type="module" src="{{ url }}"></script> <a class="x" href="/week">style = plain</a>'

    assert {what for what, pattern in FORBIDDEN.items() if pattern.search(text)} == set()


def test_no_code_puts_text_into_pages_unescaped() -> None:
    found = {
        name(path): match[0]
        for path in files(".py")
        if name(path).startswith(("web/", "milieu/"))
        for match in UNESCAPED_CODE.finditer(path.read_text("utf-8"))
    }

    assert found == {}


def test_no_view_spreads_what_a_request_says_into_a_call() -> None:
    found = [
        name(path)
        for path in files(".py", ".html")
        if name(path).startswith("web/") and SPREAD.search(path.read_text("utf-8"))
    ]

    assert (found, bool(SPREAD.search("url_for('x', **request.args)"))) == ([], True)


def test_every_file_of_views_is_imported() -> None:
    """A view that nobody imports has no route; without a line in the access table nothing else would tell."""
    pages = [path for path in files(".py") if name(path).startswith("web/")]
    seen = "\n".join(f"{module}." for path in pages for module, _ in imports(path))
    views = [name(path) for path in pages if VIEW.search(path.read_text("utf-8"))]
    modules = [view.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for view in views]

    assert len(modules) > 12
    assert [module for module in modules if f"{module}." not in seen] == []


def test_no_page_says_1_groups() -> None:
    """A count stands before a plural only where the singular is said too."""
    plural = re.compile(r"ngettext\(\s*\"[^\"]*\",\s*\"[^\"]*%\(num\)d (\w+s|people)\b")
    sources = {path: path.read_text("utf-8") for path in files(".py", ".html") if name(path).startswith("web/")}
    counted = sorted({match[1] for text in sources.values() for match in plural.finditer(text)})
    careless = re.compile(rf"(?<!n)(?<!ge)\b_\(\s*\"[^\"]*%\(\w+\)[sd] ({'|'.join(counted)})\b[^\"]*\"")

    found = {name(path): match[0] for path, text in sources.items() for match in careless.finditer(text)}

    assert {"groups", "people", "visits"} <= set(counted)
    assert careless.search('_("%(groups)s groups, %(visits)s visits", groups=1)')
    assert found == {}


def test_what_scrolls_sideways_holds_what_is_said_to_screen_readers_alone() -> None:
    """Such words are placed absolutely: where nothing around them is positioned, they make the whole page wider."""
    sheets = {path: COMMENT_OF_CSS.sub("", path.read_text("utf-8")) for path in files(".css")}
    sideways = re.compile(r"([^{}]+)\{([^{}]*overflow-x:\s*auto[^{}]*)\}")

    found = {(name(path), rule.strip()): body for path, text in sheets.items() for rule, body in sideways.findall(text)}

    assert len(found) >= 5
    assert [rule for rule, body in found.items() if "position: relative" not in body] == []
