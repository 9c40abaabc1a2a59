"""Many communities in one database: some of different sizes are made, planned and published, the others are their like.

Planning two hundred weeks would take an hour. So the rows of a few are written again for others, each id another one:
no index and no query can tell them from communities that were planned one by one.
"""

import csv
import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

from sqlalchemy import Table, insert, select, update

from milieu.clock import Clock
from milieu.database import DbSession, Engines, unit_of_work
from milieu.ids import LENGTH
from milieu.imports.folder import import_folder
from milieu.models import Base, Community, CommunitySettings, Run
from milieu.services.weeks.plans.planning import plan_now
from milieu.services.weeks.publishing import publish
from milieu.settings import Settings

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "alder"
SIZES = (10, 13, 16, 19, 22, 27)
NOT_COPIED = {"community", "fact_revision"}  # made anew; written by the tables' own triggers
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_ID = re.compile(rf"(?<![a-z2-7])[a-z2-7]{{{LENGTH}}}(?![a-z2-7])")
_KEPT = 12  # letters of an id that its like begins with: a tie is from the smaller id to the larger, there too
_AT_ONCE = 1_000  # rows in a statement


def plant(
    engines: Engines,
    settings: Settings,
    folder: Path,
    *,
    sizes: Sequence[int] = SIZES,
    monday: date,
    clock: Clock,
    seconds: int,
) -> list[str]:
    """Communities of so many residents with a published week; their ids. `seconds` is what a repair gets."""
    return [_mother(engines, settings, folder, size, monday=monday, clock=clock, seconds=seconds) for size in sizes]


def multiply(engines: Engines, mothers: Sequence[str], count: int) -> None:
    """Others like these, until there are so many in all."""
    for mother, number in zip(itertools.cycle(mothers), range(len(mothers), count), strict=False):
        with unit_of_work(engines) as db:
            _like(db, mother, number)


def _mother(
    engines: Engines, settings: Settings, folder: Path, size: int, *, monday: date, clock: Clock, seconds: int
) -> str:
    copy = one_more(folder, f"home-{size}")
    shrink(copy, size)
    with unit_of_work(engines) as db:
        import_folder(db, copy, now=clock.now())
        community = db.scalars(select(Community).where(Community.key == copy.name)).one()
        given = {"repair_seconds": seconds, "told_at_most": None}
        db.execute(update(CommunitySettings).where(CommunitySettings.community_id == community.id).values(**given))
        community_id = community.id
    run_id = plan_now(engines, settings, clock, community_id, monday, by=None, seconds=8)
    with unit_of_work(engines) as db:
        run = db.get_one(Run, (community_id, run_id))
        assert run.plan_id is not None, run.message
        publish(db, community_id, run.plan_id, version=1, by=None, now=clock.now())
    return community_id


def one_more(folder: Path, key: str) -> Path:
    """The lists of one more community under `folder`, with a key and a name of its own; their folder."""
    copy = folder / key
    copytree(FIXTURE, copy)
    lists = copy / "community.csv"
    own = lists.read_text("utf-8").replace("alder-house", key, 1).replace("Alder House", f"House {key}", 1)
    lists.write_text(own, "utf-8")
    return copy


def shrink(folder: Path, size: int) -> None:
    """Leave the first so many residents in a community's files, and nothing of the others: no visits to them either.

    With so few nothing has to be on, and nobody has to come: a week that cannot be had is no part of a night.
    """
    gone = {"resident": {row["key"] for row in itertools.islice(_rows(folder / "residents.csv"), size, None)}}
    gone["other"] = gone["resident"]
    members = list(_rows(folder / "activity_members.csv"))
    gone["activity"] = {row["activity"] for row in members} - {
        row["activity"] for row in members if row["resident"] not in gone["resident"]
    }
    for path in folder.glob("*.csv"):
        named = {"residents.csv": {"key": gone["resident"]}, "activities.csv": {"key": gone["activity"]}}
        _leave_out(path, named.get(path.name, gone))
    (folder / "requirements.csv").unlink()


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _leave_out(path: Path, gone: Mapping[str, set[str]]) -> None:
    """Write a file again without the rows that name who or what is gone."""
    with path.open(newline="", encoding="utf-8") as file:
        head, *rows = list(csv.reader(file))
    at = {head.index(name): keys for name, keys in gone.items() if name in head}
    left = [row for row in rows if not any(row[place] in keys for place, keys in at.items())]
    if "sessions_min" in head:
        least = head.index("sessions_min")
        left = [[*row[:least], "0", *row[least + 1 :]] for row in left]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *left])


def _like(db: DbSession, mother: str, number: int) -> str:
    """Another community with the rows of `mother`; its id."""
    anew = _Renaming(number)
    community = Base.metadata.tables["community"]
    row = dict(db.execute(select(community).where(community.c.id == mother)).one()._mapping)
    row["id"], row["key"], row["name"] = anew.text(mother), f"home-{number}-of-many", f"{row['name']} {number}"
    db.execute(insert(community).values(row))
    for table in Base.metadata.sorted_tables:
        if "community_id" in table.c and table.name not in NOT_COPIED:
            for rows in _batches(db, table, mother):
                db.execute(insert(table), [{name: anew.value(each) for name, each in row.items()} for row in rows])
    return anew.text(mother)


def _batches(db: DbSession, table: Table, community_id: str) -> Iterator[Sequence[dict[str, Any]]]:
    found = db.execute(select(table).where(table.c.community_id == community_id)).mappings().all()
    for at in range(0, len(found), _AT_ONCE):
        yield [dict(row) for row in found[at : at + _AT_ONCE]]


class _Renaming:
    """Ids of one community for those of another: the same for the same, wherever it stands."""

    def __init__(self, number: int) -> None:
        self._salt = str(number).encode()
        self._known: dict[str, str] = {}

    def value(self, value: Any) -> Any:
        """A column's value with other ids in it."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, (dict, list)):
            return json.loads(self.text(json.dumps(value)))
        return value

    def text(self, text: str) -> str:
        return _ID.sub(lambda found: self._known.get(found[0]) or self._new(found[0]), text)

    def _new(self, old: str) -> str:
        digest = hashlib.sha256(self._salt + old.encode()).digest()
        new = old[:_KEPT] + "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[: LENGTH - _KEPT])
        self._known[old] = new
        return new
