"""The project's own files as the architecture's tests read them."""

import ast
import subprocess
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


@cache
def imports(path: Path) -> tuple[tuple[str, int], ...]:
    """Every module that a Python file names in an import, with its line; `from a import b` names a and a.b."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
    return tuple(found)


def imported(path: Path) -> set[Path]:
    """Every other file of the project that a Python file imports, wherever in it the import stands."""
    found = {_file_of(module) for module, _ in imports(path)}
    return {file for file in found if file is not None and file != path}


def _file_of(module: str) -> Path | None:
    """The file of `a.b.c`, which may be a module or a name in the module `a.b`; None where it is somebody else's."""
    whole = ROOT.joinpath(*module.split("."))
    places = [place for at in (whole, whole.parent) for place in (at.with_suffix(".py"), at / "__init__.py")]
    return next((place for place in places if place.is_file()), None)
