"""An installation with people in it, its backups' key elsewhere, and an empty place to restore into."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from milieu.backups.keys import write_identity
from milieu.database import Engines, unit_of_work
from milieu.settings import Settings
from tests.milieu.builders import CommunityBuilder, small_community

NIGHT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Installation:
    """`key`: the file of the identity that opens its backups."""

    settings: Settings
    engines: Engines
    elm: CommunityBuilder
    key: Path


@pytest.fixture
def installation(engines: Engines, database_url: str, tmp_path: Path, postgresql_programs: Path | None) -> Installation:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        zoe = elm.relative("zoe", of=elm.residents["ada"])
        elm.account("director")
        elm.account("family", relative=zoe)
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url_given=database_url,
        backup_dir=tmp_path / "backups",
        backup_recipients=(write_identity(tmp_path / "key"),),
        postgresql_programs=postgresql_programs,
    )
    return Installation(settings, engines, elm, tmp_path / "key")


@pytest.fixture
def empty(installation: Installation, empty_url: str, tmp_path: Path) -> Settings:
    """The settings of a machine on which nothing is yet."""
    return installation.settings.model_copy(update={"data_dir": tmp_path / "empty", "database_url_given": empty_url})
