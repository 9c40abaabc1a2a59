"""What a browser would send of a form on a page: its fields as they stand there, before anybody types."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Fields = dict[str, list[str]]


@dataclass
class FormRead:
    """A form: where it leads, and what each of its fields holds."""

    action: str
    fields: Fields = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[FormRead] = []
        self._open = False
        self._select = self._area = ""
        self._first = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(FormRead(given.get("action", "")))
            self._open = True
        elif not self._open:
            return
        elif tag == "select":
            self._select, self._first = given["name"], True
            self.forms[-1].names.add(self._select)
        elif tag == "option" and self._select:
            if self._first or "selected" in given:
                self.forms[-1].fields[self._select] = [given.get("value", "")]
            self._first = False
        elif tag == "textarea":
            self._area = given["name"]
            self.forms[-1].names.add(self._area)
            self.forms[-1].fields[self._area] = [""]
        elif tag == "input" and "name" in given:
            self._input(given)

    def _input(self, given: dict[str, str]) -> None:
        form = self.forms[-1]
        form.names.add(given["name"])
        if given.get("type") in ("checkbox", "radio") and "checked" not in given:
            return
        form.fields.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area] = [data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def form_at(page: str, action: str) -> FormRead:
    """The form of a page that leads to an address; AssertionError where there is none."""
    reader = _Reader()
    reader.feed(page)
    found = [form for form in reader.forms if form.action == action]
    assert found, (action, [form.action for form in reader.forms])
    return found[0]
