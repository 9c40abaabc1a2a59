"""The project's own files as the architecture's tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = ("milieu/migrations/versions/",)  # written by a tool, read by nobody


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Every file of the repository, or that will be in it, with one of some suffixes (all without)."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return tuple(
        ROOT / name
        for name in sorted(filter(None, names))
        if name.endswith(suffixes or ("",)) and not name.startswith(MADE) and (ROOT / name).is_file()
    )


def name(path: Path) -> str:
    """A file's path as a reader of the repository knows it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"), name(path))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a Python file names in an import, with its line; `from a import b` names a and a.b."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
