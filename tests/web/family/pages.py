"""A family's page taken apart: its blocks in order, each with the heading it stands under; the tests' own reading."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_BLOCKS = ("h1", "h2", "h3", "p", "strong", "b", "span")
_VOID = ("meta", "link", "input", "img", "br", "hr")


@dataclass
class Line:
    """A line of a day: when, what, whose it is, and what is said of it."""

    start: str = ""
    title: str = ""
    whose: str = ""
    says: str = ""
    is_off: bool = False


@dataclass
class Section:
    """What stands under a heading (h2; "" before the first), with its subheadings (h3) as keys."""

    heading: str
    lines: list[tuple[str, Line]] = field(default_factory=list)
    sentences: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """The blocks of the page's main part. Text that stands in no known block is kept in `stray`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title, self.sections, self.stray = "", [Section("")], ""
        self.openings: list[str] = []
        self.visits: list[str] = []
        self.published = ""
        self._stack: list[tuple[str, str]] = []
        self._text = ""
        self._sub = ""
        self._line: Line | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        classes = dict(attrs).get("class") or ""
        self._stack.append((tag, classes))
        if tag == "li" and self._in_main():
            self._line = Line(is_off="is-off" in classes.split())
            self.sections[-1].lines.append((self._sub, self._line))
        elif tag == "div" and "visit" in classes.split():
            self.sections.append(Section("visit"))
        elif tag in ("h1", "h2", "h3", "p") or (self._line is not None and tag in ("strong", "b", "span")):
            self._text = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        classes = self._stack.pop()[1]
        said, inside = " ".join(self._text.split()), self._in_main()
        if not inside or tag not in _BLOCKS:
            if tag == "li":
                self._line = None
            return
        if self._line is not None:
            name = {"b": "start", "strong": "title", "span": "whose", "p": "says"}[tag]
            setattr(self._line, name, said)
            self._text = ""
        elif tag != "b":
            self._keep(tag, classes, said)
            self._text = ""

    def handle_data(self, data: str) -> None:
        if not self._in_main() or any(tag in ("nav", "script", "style") for tag, _ in self._stack):
            return
        if any(tag in _BLOCKS for tag, _ in self._stack):
            self._text += data
        elif data.strip():
            self.stray += data

    def _in_main(self) -> bool:
        return any(tag == "main" for tag, _ in self._stack)

    def _keep(self, tag: str, classes: str, said: str) -> None:
        if tag == "h1":
            self.title = said
        elif tag == "h2":
            self.sections.append(Section(said))
            self._sub = ""
        elif tag == "h3":
            self._sub = said
        elif "opening" in classes:
            self.openings.append(said)
        elif "since" in classes:
            self.published = said
        elif "shares" not in classes and said:
            self.sections[-1].sentences.append((self._sub, said))
