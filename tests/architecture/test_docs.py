"""What is written about the project is true of it."""

import re

from milieu.settings import Settings
from tests.architecture.sources import ROOT, files, name

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
ROOM = re.compile(r"`((?:solver|milieu|web|fixtures|bench|tests|docs)/[\w/.]*)`")


def test_links_lead_somewhere() -> None:
    broken = [
        f"{name(path)}: {target}"
        for path in files(".md")
        for target in LINK.findall(path.read_text("utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]

    assert broken == []


def test_places_that_are_named_exist() -> None:
    pages = [path for path in files(".md") if name(path) == "README.md" or name(path).startswith("docs/")]

    assert [
        f"{name(page)}: {place}"
        for page in pages
        for place in ROOM.findall(page.read_text("utf-8"))
        if not (ROOT / place).exists()
    ] == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = [each for each in LINK.findall((folder / "README.md").read_text("utf-8")) if "/" not in each]

    assert sorted(listed) == sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")


def test_example_of_settings_names_each_once() -> None:
    given = re.findall(r"^# (MILIEU_\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    known = [f"MILIEU_{field.removesuffix('_given').upper()}" for field in Settings.model_fields]

    assert sorted(given) == sorted(known)
