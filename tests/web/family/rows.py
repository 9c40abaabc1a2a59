"""What the rows say of one resident, read by plain SQL that shares nothing with the product's queries."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property


@dataclass(frozen=True)
class At:
    """A place in a published session."""

    id: str
    ref: str
    activity: str
    title: str
    space_id: str
    space: str
    day: date
    start: int
    end: int
    is_visit: bool


class Rows:
    """A resident in the database file, as of the moment `at` ("2026-12-02 12:10:00"), today being `today`."""

    def __init__(self, db: sqlite3.Connection, resident: str, today: date, at: str) -> None:
        self.db, self.resident, self.today, self.at = db, resident, today, at
        found = db.execute("SELECT * FROM resident WHERE id = ?", [resident]).fetchone()
        self.pronoun, self.times = found["pronoun"], json.loads(found["times"] or "{}") or {}
        called = found["called"]
        self.called = called if called and found["family_name"] not in called else found["given_name"]

    def all(self, query: str, **values: object) -> list[sqlite3.Row]:
        return self.db.execute(query, {"who": self.resident, "today": str(self.today), **values}).fetchall()

    @cached_property
    def shown(self) -> list[At]:
        """What they are invited to on the days whose pointer points there, all weeks."""
        return self._places(
            "JOIN published_day d ON d.community_id = s.community_id AND d.on_date = s.on_date"
            " AND d.publication_id = s.publication_id"
        )

    def held_at(self, moment: str) -> list[At]:
        """What they were invited to in the newest publication of each week at a moment."""
        return self._places(
            "JOIN publication p ON p.id = s.publication_id WHERE p.number = (SELECT max(number) FROM publication q"
            " WHERE q.week_start = p.week_start AND q.published_at <= :moment)",
            moment=moment,
        )

    def _places(self, clause: str, **values: object) -> list[At]:
        joined = "JOIN invitation i ON i.published_session_id = s.id AND i.resident_id = :who"
        rows = self.all(f"SELECT s.* FROM published_session s {joined} {clause}", **values)
        return [
            At(
                row["id"],
                row["ref"],
                row["activity_id"],
                row["title"],
                row["space_id"],
                row["space_name"],
                date.fromisoformat(row["on_date"]),
                row["start_minute"],
                row["end_minute"],
                bool(row["is_visit"]),
            )
            for row in rows
        ]

    def is_live(self, ref: str) -> bool:
        return bool(
            self.all(
                "SELECT 1 FROM published_session s JOIN published_day d ON d.on_date = s.on_date"
                " AND d.publication_id = s.publication_id WHERE s.ref = :ref",
                ref=ref,
            )
        )

    def is_off(self, ref: str) -> bool:
        rows = self.all("SELECT was_held FROM session_held WHERE session_ref = :ref ORDER BY number", ref=ref)
        return bool(rows) and rows[-1]["was_held"] == 0

    def is_kept(self, place: At) -> bool:
        """Whether something keeps them from what they are invited to: hospital, an errand, or bed, but for a visit.

        Nothing does from what they were marked as having come to.
        """
        marks = self.all(
            "SELECT * FROM attendance WHERE resident_id = :who AND session_ref = :ref ORDER BY tapped_at, number",
            ref=place.ref,
        )
        gone = {row["takes_back"] for row in marks}
        left = [row for row in marks if row["takes_back"] is None and row["number"] not in gone]
        if left and left[-1]["outcome"] == "attended":
            return False
        return not self.is_off(place.ref) and bool(
            self.all(
                "SELECT 1 FROM resident_busy WHERE resident_id = :who"
                " AND (kind IN ('hospital', 'outing', 'appointment') OR (kind = 'bed' AND NOT :is_visit))"
                " AND (on_date = :day OR (on_date IS NULL AND (weekday IS NULL OR weekday = :weekday)))"
                " AND (valid_from IS NULL OR valid_from <= :day) AND (valid_until IS NULL OR valid_until >= :day)"
                " AND start_minute < :end AND end_minute > :start",
                is_visit=place.is_visit,
                day=str(place.day),
                weekday=place.day.weekday(),
                start=place.start,
                end=place.end,
            )
        )

    def is_published(self, day: date) -> bool:
        return bool(self.all("SELECT 1 FROM published_day WHERE on_date = :day", day=str(day)))

    def marks(self) -> list[tuple[date, str, str, bool, str]]:
        """Day, title, outcome, whether a visit, activity: the newest mark of each session that was held."""
        rows = self.all(
            "SELECT a.*, s.title, s.is_visit, s.activity_id FROM attendance a JOIN published_session s"
            " ON s.id = (SELECT id FROM published_session t WHERE t.ref = a.session_ref LIMIT 1)"
            " WHERE a.resident_id = :who AND a.number = (SELECT max(number) FROM attendance b"
            " WHERE b.session_ref = a.session_ref AND b.resident_id = a.resident_id)"
        )
        return [
            (date.fromisoformat(r["on_date"]), r["title"], r["outcome"], bool(r["is_visit"]), r["activity_id"])
            for r in rows
            if r["outcome"] and not self.is_off(r["session_ref"])
        ]

    def wish(self, activity: str) -> tuple[int, str]:
        """How strongly they like it, and whose word that is: their own first, then the family's, then what was seen.
        Of what takes another's place in the wet, where nothing is said of itself, what is said of the other.
        """
        said = self._said_of(activity)
        for row in self.all(
            "SELECT dry.id FROM activity dry JOIN activity wet ON lower(dry.wet_twin) = lower(wet.key)"
            " WHERE wet.id = :activity ORDER BY dry.key",
            activity=activity,
        ):
            said = said or self._said_of(row["id"])
        return said or (0, "")

    def _said_of(self, activity: str) -> tuple[int, str] | None:
        order = "CASE said_by WHEN 'resident' THEN 0 WHEN 'relative' THEN 1 WHEN 'observed' THEN 2 ELSE 3 END"
        rows = self.all(
            f"SELECT strength, said_by FROM wish WHERE resident_id = :who AND activity_id = :activity"
            f" AND (valid_until IS NULL OR valid_until >= :today) ORDER BY {order}, said_on DESC, id",
            activity=activity,
        )
        return (rows[0]["strength"], rows[0]["said_by"]) if rows else None

    def knows_leader(self, session_id: str) -> bool:
        return bool(
            self.all(
                "SELECT 1 FROM published_leader l JOIN familiar_face f ON f.facilitator_id = l.facilitator_id"
                " WHERE l.published_session_id = :session AND f.resident_id = :who",
                session=session_id,
            )
        )

    def has_birthday_at(self, place: At) -> bool:
        """Whether the activity celebrates birthdays and the resident's is in that week."""
        [row] = self.all(
            "SELECT celebrates_birthdays AS does, (SELECT born_on FROM resident WHERE id = :who) AS born"
            " FROM activity WHERE id = :activity",
            activity=place.activity,
        )
        monday = place.day - timedelta(days=place.day.weekday())
        week = {str(monday + timedelta(days=day))[5:] for day in range(7)}
        return bool(row["does"]) and row["born"] is not None and row["born"][5:] in week

    def is_closed(self, place: At, kind: str = "") -> bool:
        """Whether its space is closed on its day at some of its time; of all closures here only of single days."""
        rows = self.all(
            "SELECT kind FROM space_closure WHERE space_id = :space AND first_date = :day AND last_date = :day"
            " AND start_minute < :end AND end_minute > :start",
            space=place.space_id,
            day=str(place.day),
            start=place.start,
            end=place.end,
        )
        return any(kind in ("", row["kind"]) for row in rows)

    def makes_way(self, place: At) -> bool:
        """Whether another session has its space, its leader or one of its people by now: at its time or within half an
        hour of it, or on its day where they were not in that before.
        """
        now = self.all(
            "SELECT s.id, s.ref, s.space_id, s.start_minute, s.end_minute FROM published_session s"
            " JOIN published_day d ON d.on_date = s.on_date AND d.publication_id = s.publication_id"
            " WHERE s.on_date = :day AND s.ref <> :ref",
            ref=place.ref,
            day=str(place.day),
        )
        before = self.all(
            "SELECT s.id, s.ref FROM published_session s JOIN published_session mine"
            " ON mine.publication_id = s.publication_id AND mine.on_date = s.on_date WHERE mine.id = :id",
            id=place.id,
        )
        was = {row["ref"]: self._people_of(row["id"]) for row in before}
        mine = self._people_of(place.id)
        for row in now:
            there = self._people_of(row["id"])
            is_close = row["start_minute"] < place.end + 30 and row["end_minute"] > place.start - 30
            if is_close and (mine & there or row["space_id"] == place.space_id):
                return True
            if mine & (there - was.get(row["ref"], set())):
                return True
        return False

    def _people_of(self, session: str) -> set[str]:
        """Those who lead it and those who are invited."""
        rows = self.all(
            "SELECT facilitator_id AS id FROM published_leader WHERE published_session_id = :session"
            " UNION SELECT resident_id FROM invitation WHERE published_session_id = :session",
            session=session,
        )
        return {row["id"] for row in rows}

    def has_leader_away(self, place: At) -> bool:
        """Whether somebody who leads it is absent, off duty for some of its time, or there no more."""
        leaders = self.all(
            "SELECT f.id, f.ended_on FROM published_leader l JOIN facilitator f ON f.id = l.facilitator_id"
            " WHERE l.published_session_id = :id",
            id=place.id,
        )
        return any(
            (row["ended_on"] is not None and row["ended_on"] <= str(place.day))
            or not set(range(place.start, place.end)) <= self._present(row["id"], place.day)
            for row in leaders
        )

    def _present(self, facilitator: str, day: date) -> set[int]:
        """The minutes of a day on which somebody of the staff is on duty and not absent."""
        present: set[int] = set()
        for row in self.all(
            "SELECT start_minute, end_minute FROM roster WHERE facilitator_id = :leader"
            " AND (on_date = :day OR on_date IS NULL AND (weekday IS NULL OR weekday = :weekday))"
            " AND (valid_from IS NULL OR valid_from <= :day) AND (valid_until IS NULL OR valid_until >= :day)",
            leader=facilitator,
            day=str(day),
            weekday=day.weekday(),
        ):
            present |= set(range(row["start_minute"], row["end_minute"]))
        for row in self.all(
            "SELECT * FROM absence WHERE facilitator_id = :leader AND first_date <= :day AND last_date >= :day",
            leader=facilitator,
            day=str(day),
        ):
            begins = row["start_minute"] if row["first_date"] == str(day) else 0
            ends = row["end_minute"] if row["last_date"] == str(day) else 1440
            present -= set(range(begins, ends))
        return present

    def free_minutes(self, day: date, from_minute: int) -> set[int]:
        """The minutes of the visiting day that nothing stands against: meals save breakfast do not, nor the bed."""
        free = set(range(max(570, from_minute), 1170))
        rows = self.all(
            "SELECT * FROM resident_busy WHERE resident_id = :who AND kind NOT IN ('visit', 'bed')"
            " AND NOT (kind = 'meal' AND start_minute >= 600) AND (on_date IS NULL OR on_date = :day)"
            " AND (on_date IS NOT NULL OR weekday IS NULL OR weekday = :weekday)"
            " AND (valid_from IS NULL OR valid_from <= :day) AND (valid_until IS NULL OR valid_until >= :day)",
            day=str(day),
            weekday=day.weekday(),
        )
        for row in rows:
            free -= set(range(row["start_minute"], row["end_minute"]))
        for place in self.shown:
            if place.day == day and not self.is_off(place.ref) and not self.is_kept(place):
                free -= set(range(place.start, place.end))
        return free

    def shares(self, relative: str, kind: str, day: date) -> bool:
        return bool(
            self.all(
                "SELECT 1 FROM consent WHERE relative_id = :relative AND resident_id = :who AND kind = :kind"
                " AND valid_from <= :day AND (valid_until IS NULL OR valid_until >= :day)",
                relative=relative,
                kind=kind,
                day=str(day),
            )
        ) and self._lives_here(day)

    def _lives_here(self, day: date) -> bool:
        return bool(
            self.all(
                "SELECT 1 FROM stay WHERE resident_id = :who AND arrived_on <= :day"
                " AND (left_on IS NULL OR left_on > :day)",
                day=str(day),
            )
        )

    def shared_days(self, relative: str, kind: str = "calendar", first: int = 0, last: int = 6) -> list[date]:
        days = [self.today + timedelta(days=ahead) for ahead in range(first, last + 1)]
        return [day for day in days if self.shares(relative, kind, day)]
