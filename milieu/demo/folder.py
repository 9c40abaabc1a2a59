"""Where a demo keeps its data, and that only one demo uses it at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import milieu
from milieu.errors import Conflict, NotFound
from milieu.machine.locks import alone_with
from milieu.settings import Settings

NAMES = {"alder": "Alder House", "linden": "Linden Court", "rowan": "Rowan Village"}
_ROOT = Path(milieu.__file__).parent.parent
_OURS = ("milieu.sqlite", "milieu.sqlite-wal", "milieu.sqlite-shm", "secret_key")
_LOCK = "demo.lock"


@dataclass(frozen=True)
class DemoFolder:
    """A demo's data: `community` is alder, linden or rowan, `lists` its made-up files, `path` where its data lies."""

    community: str
    lists: Path
    path: Path

    @property
    def name(self) -> str:
        """The community's name."""
        return NAMES[self.community]

    def settings(self, settings: Settings) -> Settings:
        """The installation's settings, with the embedded database in this folder and nobody else let in."""
        changed = {"data_dir": self.path, "database_url_given": "", "host": "127.0.0.1", "is_production": False}
        return settings.model_copy(update=changed)

    def forget(self) -> None:
        """Delete the demo's own files; call it only while holding the folder."""
        for name in _OURS:
            (self.path / name).unlink(missing_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other demo out of the folder. Raises Conflict where one is in it."""
        self.path.mkdir(parents=True, exist_ok=True)
        with alone_with(self.path / _LOCK) as is_alone:
            if not is_alone:
                raise Conflict(f"Another demo is running on {self.path}: end it first, or choose other --data.")
            yield


def find_folder(community: str, data: Path | None, settings: Settings) -> DemoFolder:
    """The folder of a community's demo: inside `data` where it is given, else inside the project, else the user's own.

    Raises NotFound where the made-up lists were not installed along.
    """
    lists = _ROOT / "fixtures" / community
    if not (lists / "community.csv").is_file():
        raise NotFound(
            "The made-up communities come with Milieu's source, not with this package: clone it to try them."
        )
    is_source = (_ROOT / "pyproject.toml").is_file() and os.access(_ROOT, os.W_OK)
    base = data or (_ROOT / "data" / "demo" if is_source else settings.data_dir / "demo")
    return DemoFolder(community, lists, base.absolute() / community)
