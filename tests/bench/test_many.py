"""Communities made like another: all its rows, no id of it, and nothing left in files of who was left out."""

import csv
from pathlib import Path

from sqlalchemy import func, select

from bench.nights.many import NOT_COPIED, multiply, one_more, shrink
from milieu.database import Engines, reading, unit_of_work
from milieu.imports.folder import import_folder
from milieu.models import Base, Community
from tests.milieu.builders import NOW, Held, small_community


def test_a_like_has_every_row_and_no_id_of_the_other(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben"])])

    multiply(engines, [elm.id], 3)

    with reading(engines) as db:
        ids = db.scalars(select(Community.id)).all()
        assert len(ids) == 3
        for table in Base.metadata.sorted_tables:
            if "community_id" not in table.c or table.name in NOT_COPIED:
                continue
            counts = select(table.c.community_id, func.count()).group_by(table.c.community_id)
            assert len(set(dict(db.execute(counts).all()).values())) <= 1, table.name
            if "id" in table.c:
                rows = db.scalars(select(table.c.id)).all()
                assert len(set(rows)) == len(rows), table.name


def test_a_smaller_community_names_nobody_who_is_not_in_it(tmp_path: Path) -> None:
    one_more(tmp_path, "home")

    shrink(tmp_path / "home", 10)

    people = {row["key"] for row in _rows(tmp_path / "home" / "residents.csv")}
    assert len(people) == 10
    for path in (tmp_path / "home").glob("*.csv"):
        of_residents = [row for row in _rows(path) if "resident" in row]
        named = {row[column] for row in of_residents for column in ("resident", "other") if row.get(column)}
        assert named <= people, path.name


def test_communities_of_a_night_have_names_of_their_own(engines: Engines, tmp_path: Path) -> None:
    for key in ("one", "other"):
        with unit_of_work(engines) as db:
            import_folder(db, one_more(tmp_path, key), now=NOW)

    with reading(engines) as db:
        assert len(set(db.scalars(select(Community.name)))) == 2


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
