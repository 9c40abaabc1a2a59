"""A community's planned weeks from its SQLite file, by SQL alone."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

_PUBLISHED = """
SELECT s.id, s.ref, s.activity_id, s.space_id, s.on_date, s.start_minute, s.end_minute, p.published_at
FROM published_session s
JOIN published_day d ON d.publication_id = s.publication_id AND d.on_date = s.on_date
JOIN publication p ON p.id = s.publication_id
"""
_DRAFTED = """
SELECT s.id, s.ref, s.activity_id, s.space_id, s.on_date, s.start_minute, s.end_minute, p.created_at
FROM plan_session s JOIN plan p ON p.id = s.plan_id
WHERE p.state = 'draft' AND p.week_start NOT IN (SELECT week_start FROM publication)
"""
_MARKS = """
SELECT session_ref, resident_id, outcome, on_date FROM attendance AS a
WHERE takes_back IS NULL
AND NOT EXISTS (
  SELECT 1 FROM attendance AS b
  WHERE b.session_ref = a.session_ref AND b.resident_id = a.resident_id AND b.takes_back = a.number
)
ORDER BY tapped_at, number
"""


@dataclass(frozen=True)
class Session:
    """A session of the plan that holds. `asked` are invited, `came` were marked as there (None: nobody was marked)."""

    ref: str
    activity: str
    space: str
    day: date
    begin: int
    end: int
    known: date
    leaders: frozenset[str]
    asked: frozenset[str]
    came: frozenset[str] | None

    @property
    def monday(self) -> date:
        return self.day - timedelta(days=self.day.weekday())


@dataclass(frozen=True)
class Home:
    """A community: its sessions in the order of time, its tables by id, and what people wished and answered."""

    db: sqlite3.Connection = field(repr=False)

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        found = self.db.execute(query, values)
        names = [each[0] for each in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def table(self, name: str) -> dict[str, dict[str, Any]]:
        """A table's rows by id."""
        return {row["id"]: row for row in self.rows(f"SELECT * FROM {name}")}  # noqa: S608 - our own names

    def has(self, table: str, column: str) -> bool:
        """Whether the program that made the database knows of a column."""
        return any(row["name"] == column for row in self.rows(f"PRAGMA table_info({table})"))

    @cached_property
    def name(self) -> str:
        return str(self.rows("SELECT name FROM community")[0]["name"])

    @cached_property
    def activities(self) -> dict[str, dict[str, Any]]:
        return self.table("activity")

    @cached_property
    def residents(self) -> dict[str, dict[str, Any]]:
        return self.table("resident")

    @cached_property
    def facilitators(self) -> dict[str, dict[str, Any]]:
        return self.table("facilitator")

    @cached_property
    def spaces(self) -> dict[str, dict[str, Any]]:
        return self.table("space")

    @cached_property
    def apart(self) -> list[set[str]]:
        """Every two who are kept apart."""
        return [{row["resident_id"], row["other_id"]} for row in self.rows("SELECT * FROM tie WHERE is_apart")]

    @cached_property
    def units(self) -> dict[str, dict[str, Any]]:
        return self.table("living_group")

    @cached_property
    def stays(self) -> dict[str, list[tuple[date, date]]]:
        """When each resident lived here: first day and the day on which they left."""
        found = defaultdict(list)
        for row in self.rows("SELECT resident_id, arrived_on, left_on FROM stay"):
            gone = date.fromisoformat(row["left_on"]) if row["left_on"] else date.max
            found[row["resident_id"]].append((date.fromisoformat(row["arrived_on"]), gone))
        return found

    def lives_here(self, resident: str, day: date) -> bool:
        return any(first <= day < gone for first, gone in self.stays[resident])

    @cached_property
    def likes(self) -> dict[tuple[str, str], tuple[int, str]]:
        """(resident, activity) to how much they like it and when that was said; the resident's own word first."""
        found: dict[tuple[str, str], tuple[int, str]] = {}
        order = "ORDER BY CASE said_by WHEN 'resident' THEN 0 WHEN 'relative' THEN 1 WHEN 'observed' THEN 2 ELSE 3 END"
        for row in self.rows(f"SELECT * FROM wish {order}, said_on DESC, id"):  # noqa: S608 - our own words
            key = (row["resident_id"], row["activity_id"])
            found.setdefault(key, (row["strength"], row["said_on"] or ""))
        return found

    def like(self, resident: str, activity: str) -> int:
        return self.likes.get((resident, activity), (0, ""))[0]

    @cached_property
    def noes(self) -> set[tuple[str, str]]:
        """Standing noes and charted limits, as (resident, activity or space)."""
        return {
            (row["resident_id"], row["activity_id"] or row["space_id"])
            for table in ("refusal", "charted_limit")
            for row in self.rows(f"SELECT * FROM {table}")  # noqa: S608 - our own names
        }

    @cached_property
    def marks(self) -> dict[tuple[str, str], str]:
        """(session, resident) to the outcome that was tapped last."""
        return {(row["session_ref"], row["resident_id"]): row["outcome"] for row in self.rows(_MARKS)}

    @cached_property
    def answers(self) -> dict[tuple[str, str], list[tuple[date, str]]]:
        """(resident, activity) to what became of each invitation, the oldest first."""
        activity = {
            row["ref"]: row["activity_id"] for row in self.rows("SELECT ref, activity_id FROM published_session")
        }
        found = defaultdict(list)
        for row in self.rows(_MARKS):
            if self.marks[row["session_ref"], row["resident_id"]] == row["outcome"]:
                key = (row["resident_id"], activity[row["session_ref"]])
                found[key].append((date.fromisoformat(row["on_date"]), row["outcome"]))
        return {key: sorted(each) for key, each in found.items()}

    @cached_property
    def sessions(self) -> list[Session]:
        """Every session that was published and holds, and those of drafts of weeks that are not published yet."""
        published = list(self._sessions(_PUBLISHED, "published_leader", "invitation", "published_session_id"))
        drafted = list(self._sessions(_DRAFTED, "plan_leader", "plan_place", "plan_session_id"))
        return sorted([*published, *drafted], key=lambda each: (each.day, each.begin, each.ref))

    def _sessions(self, query: str, leaders: str, places: str, key: str) -> Iterator[Session]:
        led, asked, came = defaultdict(set), defaultdict(set), defaultdict(set)
        for row in self.rows(f"SELECT {key} AS id, facilitator_id AS who FROM {leaders}"):  # noqa: S608
            led[row["id"]].add(row["who"])
        for row in self.rows(f"SELECT {key} AS id, resident_id AS who FROM {places}"):  # noqa: S608
            asked[row["id"]].add(row["who"])
        marked = {ref for ref, _ in self.marks}
        for (ref, resident), outcome in self.marks.items():
            if outcome == "attended":
                came[ref].add(resident)
        for id_, ref, activity, space, day, begin, end, known in self.db.execute(query):
            yield Session(
                ref=ref,
                activity=activity,
                space=space,
                day=date.fromisoformat(day),
                begin=begin,
                end=end,
                known=date.fromisoformat(known[:10]),
                leaders=frozenset(led[id_]),
                asked=frozenset(asked[id_]),
                came=frozenset(came[ref]) if ref in marked else None,
            )

    @cached_property
    def groups(self) -> list[Session]:
        """The sessions that are for more than one."""
        return [each for each in self.sessions if self.activities[each.activity]["max_group"] > 1]

    @cached_property
    def visits(self) -> list[Session]:
        return [each for each in self.sessions if self.activities[each.activity]["max_group"] == 1]

    def was_forgotten(self, session: Session, who: str) -> bool:
        """Whether the floor has marked that nobody asked them after all."""
        return self.marks.get((session.ref, who)) == "not invited"

    @cached_property
    def called_off(self) -> set[str]:
        """The sessions of which it was said last that they were not held."""
        last = {row["session_ref"]: row["was_held"] for row in self.rows("SELECT * FROM session_held ORDER BY number")}
        return {ref for ref, was_held in last.items() if not was_held}

    @cached_property
    def weeks(self) -> list[date]:
        """The Mondays of the planned weeks."""
        return sorted({each.monday for each in self.sessions})

    @cached_property
    def settings(self) -> dict[str, Any]:
        row = self.rows("SELECT * FROM community_settings")[0]
        return {
            key: json.loads(each) if isinstance(each, str) and each[:1] in "{[" else each for key, each in row.items()
        }


def read_home(path: Path) -> Home:
    """Open a community's database for reading; a folder stands for the file in it."""
    file = path / "milieu.sqlite" if path.is_dir() else path
    return Home(sqlite3.connect(f"file:{file}?mode=ro", uri=True))
