"""The figures of the records, held against an independent recount by plain SQL and against their own rows."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from milieu.database import DbSession, Engines, unit_of_work
from milieu.errors import Invalid, NotFound
from milieu.models import Attendance, SessionHeld
from milieu.models.weeks.attendance import OUTCOMES
from milieu.queries.records.entries import Period, Records, records_of
from milieu.queries.records.figures import BY, WHAT, lines_of, rows_of
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

PERIOD = Period(MONDAY, MONDAY + timedelta(days=27))
# What holds, in SQL that shares nothing with the queries: sessions of the days, who was invited, the mark that stands.
RECOUNT = """
WITH holds AS (
  SELECT s.id, s.ref, s.on_date, s.start_minute, s.domains, s.title, s.activity_id, s.is_visit
  FROM published_session s JOIN published_day d
    ON d.community_id = s.community_id AND d.publication_id = s.publication_id AND d.on_date = s.on_date
  WHERE s.community_id = :community AND d.on_date >= :first AND d.on_date <= :last
), off AS (
  SELECT h.session_ref FROM session_held h
  WHERE h.community_id = :community AND h.was_held = :no AND h.number = (
    SELECT max(l.number) FROM session_held l WHERE l.community_id = h.community_id AND l.session_ref = h.session_ref)
), stands AS (
  SELECT a.session_ref, a.resident_id, a.outcome, a.tapped_at, a.number FROM attendance a
  WHERE a.community_id = :community AND a.takes_back IS NULL AND NOT EXISTS (
    SELECT 1 FROM attendance b WHERE b.community_id = a.community_id AND b.session_ref = a.session_ref
      AND b.resident_id = a.resident_id AND b.takes_back = a.number)
), last AS (
  SELECT s.* FROM stands s WHERE NOT EXISTS (
    SELECT 1 FROM stands n WHERE n.session_ref = s.session_ref AND n.resident_id = s.resident_id
      AND (n.tapped_at > s.tapped_at OR (n.tapped_at = s.tapped_at AND n.number > s.number)))
), asked AS (
  SELECT h.ref, i.resident_id, r.living_group_id, h.start_minute, h.on_date, h.domains, l.outcome,
         CASE WHEN o.session_ref IS NULL THEN 0 ELSE 1 END AS is_off
  FROM holds h
  JOIN invitation i ON i.community_id = :community AND i.published_session_id = h.id
  JOIN resident r ON r.community_id = :community AND r.id = i.resident_id
  LEFT JOIN last l ON l.session_ref = h.ref AND l.resident_id = i.resident_id
  LEFT JOIN off o ON o.session_ref = h.ref
)
"""
OF_SESSIONS = (
    "SELECT count(*), sum(CASE WHEN ref IN (SELECT session_ref FROM off) THEN 0 ELSE 1 END) FROM holds WHERE {}"
)
OF_INVITATIONS = """
SELECT count(*),
  sum(CASE WHEN is_off = 0 AND outcome IS NOT NULL AND outcome NOT IN ('not invited', 'not held') THEN 1 ELSE 0 END),
  sum(CASE WHEN is_off = 0 AND outcome IS NULL THEN 1 ELSE 0 END)
FROM asked WHERE {}
"""
CAME = """
SELECT count(*) FROM last l JOIN holds h ON h.ref = l.session_ref
JOIN resident r ON r.community_id = :community AND r.id = l.resident_id
WHERE l.outcome = 'attended' AND l.session_ref NOT IN (SELECT session_ref FROM off) AND {}
"""


@pytest.fixture
def db(engines: Engines) -> Iterator[DbSession]:
    with unit_of_work(engines) as session:
        yield session


@pytest.fixture
def elm(db: DbSession) -> CommunityBuilder:
    return four_weeks(db)


def four_weeks(db: DbSession) -> CommunityBuilder:
    """Four weeks with marks of every kind: taken back, tapped twice, of people uninvited, of sessions called off."""
    elm, chance = small_community(db), random.Random(7)
    elm.activity("visit", name="A visit", min_group=1, max_group=1, domains=[])
    people = list(elm.residents)
    for week in range(4):
        monday = MONDAY + timedelta(weeks=week)
        held = [
            Held(activity, "lounge", day, at, ["finn"], chance.sample(people, size), ref=f"{monday}-{day}-{activity}")
            for day in range(7)
            for activity, at, size in (("choir", "10:00", 4), ("walk", "14:00", 3), ("chess", "18:00", 2))
            if chance.random() < 0.6
        ]
        held.append(Held("visit", "studio", 1, "15:00", ["gita"], ["fay"], ref=f"{monday}-visit"))
        elm.publication(held, week_start=monday)
        elm.publication(held[1:], week_start=monday, kind="repair", days=range(3, 7))
        for each in held:
            _mark(elm, chance, each, people)
    db.flush()
    db.execute(text("ANALYZE"))  # PostgreSQL, which knows nothing of rows so new, compares every two of them
    return elm


def _mark(elm: CommunityBuilder, chance: random.Random, held: Held, people: list[str]) -> None:
    on_date = MONDAY
    for number, was_held in enumerate(chance.choice(((), (), (False,), (False, None), (True,))), start=1):
        said = {"session_ref": held.ref, "on_date": on_date, "number": number, "was_held": was_held, "marked_at": NOW}
        elm.db.add(SessionHeld(community_id=elm.id, **said))
    for name in people:
        if chance.random() < (0.8 if name in held.residents else 0.1):
            for number in range(1, chance.randint(2, 4)):
                takes_back = number - 1 if number > 1 and chance.random() < 0.3 else None
                elm.db.add(
                    Attendance(
                        community_id=elm.id,
                        session_ref=held.ref,
                        on_date=on_date,
                        resident_id=elm.residents[name].id,
                        was_invited=name in held.residents,
                        outcome=None if takes_back else chance.choice(OUTCOMES),
                        key=f"{held.ref}-{name}-{number}",
                        number=number,
                        takes_back=takes_back,
                        tapped_at=NOW + timedelta(minutes=chance.randint(0, 2)),
                        marked_at=NOW,
                    )
                )


def recounted(db: DbSession, elm: CommunityBuilder, period: Period, by: str, key: str) -> tuple[int, ...]:
    """The figures of a key as SQL counts them."""
    given = {"community": elm.id, "first": period.first, "last": period.last, "no": False, "key": key}
    where = {
        "all": "1 = 1",
        "part": "CASE WHEN start_minute < 720 THEN 'morning' WHEN start_minute < 1020 THEN 'afternoon'"
        " ELSE 'evening' END = :key",
        "domain": "CAST(domains AS TEXT) LIKE '%\"' || :key || '\"%'" if key else "CAST(domains AS TEXT) = '[]'",
        "unit": "living_group_id = :key",
        "resident": "resident_id = :key",
    }
    weekend = "EXTRACT(ISODOW FROM on_date) >= 6"
    if db.get_bind().dialect.name == "sqlite":
        weekend = "strftime('%w', on_date) IN ('0', '6')"
    where["days"] = f"CASE WHEN {weekend} THEN 'weekend' ELSE 'weekday' END = :key"

    def ask(query: str) -> tuple[int, ...]:
        [row] = db.execute(
            text(RECOUNT + query), {name: value for name, value in given.items() if f":{name}" in RECOUNT + query}
        )
        return tuple(each or 0 for each in row)

    if by in ("unit", "resident"):
        within = f"ref IN (SELECT ref FROM asked WHERE {where[by]})"
        planned, was_held = ask(OF_SESSIONS.format(within))
    else:
        planned, was_held = ask(OF_SESSIONS.format(where[by]))
    invited, asked, unmarked = ask(OF_INVITATIONS.format(where[by]))
    qualified = where[by].replace("living_group_id", "r.living_group_id").replace("resident_id", "l.resident_id")
    [came] = ask(CAME.format(qualified.replace("r.living_group_id", "r.living_group_id")))
    return planned, was_held, invited, asked, came, unmarked


@pytest.mark.parametrize("by", BY)
def test_figures_are_what_sql_counts(by: str, db: DbSession, elm: CommunityBuilder) -> None:
    for period in (PERIOD, Period(MONDAY + timedelta(days=2), MONDAY + timedelta(days=12))):
        lines = lines_of(records_of(db, elm.id, period), by)
        assert lines
        for line in lines:
            assert line.figures == recounted(db, elm, period, by, line.key), (by, line)
        assert sum(line.figures[WHAT.index("came")] for line in lines) > 0


def test_every_figure_is_as_many_as_its_rows(db: DbSession, elm: CommunityBuilder) -> None:
    records: Records = records_of(db, elm.id, PERIOD)
    for by in BY:
        for line in lines_of(records, by):
            for what, figure in zip(WHAT, line.figures, strict=True):
                rows = rows_of(records, by, line.key, what)
                assert len(rows.sessions) + len(rows.entries) == figure, (by, line.key, what)


def test_parts_of_the_day_and_kinds_of_days_add_up(db: DbSession, elm: CommunityBuilder) -> None:
    records = records_of(db, elm.id, PERIOD)
    [everything] = lines_of(records, "all")
    for by in ("part", "days"):
        sums = tuple(map(sum, zip(*(line.figures for line in lines_of(records, by)), strict=True)))
        assert sums == everything.figures


def test_a_community_without_rows_has_figures_of_none(db: DbSession) -> None:
    oak = small_community(db, "oak")
    assert [line.figures for line in lines_of(records_of(db, oak.id, PERIOD), "all")] == [(0,) * len(WHAT)]


def test_there_are_no_other_figures(db: DbSession, elm: CommunityBuilder) -> None:
    records = records_of(db, elm.id, PERIOD)
    for by, key, what in (
        ("age", "all", "came"),
        ("all", "some", "came"),
        ("all", "all", "slept"),
        ("unit", "", "came"),
    ):
        with pytest.raises(NotFound):
            rows_of(records, by, key, what)
    with pytest.raises(NotFound):
        lines_of(records, "age")


@pytest.mark.parametrize("days", [-1, 366])
def test_a_time_is_at_most_a_year_and_not_backwards(days: int) -> None:
    assert len(Period(MONDAY, MONDAY + timedelta(days=365)).days) == 366
    with pytest.raises(Invalid):
        Period(MONDAY, MONDAY + timedelta(days=days))
