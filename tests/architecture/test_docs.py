"""What is written about the project is true of it."""

import ast
import re
from pathlib import Path

from milieu.settings import Settings
from tests.architecture.sources import ROOT, files, name, tree

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
STEP = re.compile(r"\[`([\w/]+\.py)`\]\([^)]*\) \| `(\w+)` \|")
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


def test_each_step_of_the_walk_is_there() -> None:
    """Docs tell an invitation's way from a file's row to a page: function by function."""
    steps = STEP.findall((ROOT / "docs/walk.md").read_text("utf-8"))

    assert len(steps) > 20
    assert [f"{file}: {step}" for file, step in steps if step not in _defined(ROOT / file)] == []


def _defined(path: Path) -> set[str]:
    """The functions, classes and names that a module binds at its top."""
    found: set[str] = set()
    for node in tree(path).body if path.is_file() else ():
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = [each for each in LINK.findall((folder / "README.md").read_text("utf-8")) if "/" not in each]

    assert sorted(listed) == sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")


def test_example_of_settings_names_each_once() -> None:
    given = re.findall(r"^# (MILIEU_\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    known = [f"MILIEU_{field.removesuffix('_given').upper()}" for field in Settings.model_fields]

    assert sorted(given) == sorted(known)
