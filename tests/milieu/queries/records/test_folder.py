"""The inspector's folder, row by row and figure by figure, held against a recount by plain SQL."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from milieu.database import DbSession, Engines, unit_of_work
from milieu.models import Publication, PublishedChange, PublishedSession
from milieu.prints.folders import folder_sheets
from milieu.queries.records.entries import Period
from milieu.queries.records.figures import BY
from milieu.queries.records.folder import folder_of
from tests.milieu.builders import MONDAY, CommunityBuilder
from tests.milieu.queries.records.test_figures import PERIOD, RECOUNT, four_weeks, recounted

WHO = ("ada", "ben", "cleo", "dov", "esi", "fay")
OF_A_PERSON = """
SELECT h.on_date, h.start_minute, h.title, CASE WHEN a.resident_id IS NULL THEN 'no' ELSE 'yes' END,
  CASE WHEN h.ref IN (SELECT session_ref FROM off) THEN 'not held' ELSE coalesce(l.outcome, 'not marked') END
FROM holds h
LEFT JOIN asked a ON a.ref = h.ref AND a.resident_id = :who
LEFT JOIN last l ON l.session_ref = h.ref AND l.resident_id = :who
WHERE (a.resident_id IS NOT NULL OR l.outcome IS NOT NULL) AND h.is_visit = :is_visit
"""
OF_WHAT_IS_WISHED = """
SELECT count(a.resident_id),
  sum(CASE WHEN l.outcome = 'attended' AND h.ref NOT IN (SELECT session_ref FROM off) THEN 1 ELSE 0 END)
FROM holds h
LEFT JOIN asked a ON a.ref = h.ref AND a.resident_id = :who
LEFT JOIN last l ON l.session_ref = h.ref AND l.resident_id = :who
WHERE {}
"""
OF_AN_ACTIVITY = "h.activity_id = :of"
OF_A_DOMAIN = "CAST(h.domains AS TEXT) LIKE '%\"' || :of || '\"%'"
CHANGES = """
SELECT c.kind, count(*) FROM published_change c
JOIN publication p ON p.community_id = c.community_id AND p.id = c.publication_id
WHERE c.community_id = :community AND p.previous_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM published_session s WHERE s.community_id = :community AND s.ref = c.session_ref
    AND s.on_date BETWEEN :first AND :last AND s.is_visit = :is_visit)
GROUP BY c.kind
"""
SAID = {"led": "led by somebody else", "cancelled": "taken out", "moved": "moved"}


@pytest.fixture
def db(engines: Engines) -> Iterator[DbSession]:
    with unit_of_work(engines) as session:
        yield session


@pytest.fixture
def elm(db: DbSession) -> CommunityBuilder:
    """The four weeks of the figures, with wishes, aims, and changes that a second publication made."""
    elm = four_weeks(db)
    for name in WHO:
        elm.wish(elm.residents[name], elm.activities["choir"], 5)
        elm.wish(elm.residents[name], elm.activities["walk"], -2)
        elm.wish(elm.residents[name], elm.activities["chess"], 2)
        elm.target(elm.residents[name], "social", 2)
    first, second = db.query(Publication).order_by(Publication.number).limit(2)
    second.previous_id = first.id
    there = db.query(PublishedSession).filter_by(publication_id=second.id, is_visit=False)
    latest = there.order_by(PublishedSession.on_date.desc(), PublishedSession.ref).limit(3)
    for row, kind in zip(latest, SAID, strict=True):
        of = {"publication_id": second.id, "session_ref": row.ref, "kind": kind, "because": []}
        elm.add(PublishedChange(community_id=elm.id, **of))
    return elm


def ask(db: DbSession, query: str, elm: CommunityBuilder, period: Period, **more: Any) -> list[Any]:
    given = {"community": elm.id, "first": period.first, "last": period.last, "no": False, **more}
    whole = query if "FROM published_change" in query else RECOUNT + query
    return list(db.execute(text(whole), {name: value for name, value in given.items() if f":{name}" in whole}))


@pytest.mark.parametrize("period", [PERIOD, Period(MONDAY + timedelta(days=2), MONDAY + timedelta(days=12))])
def test_every_row_and_figure_is_what_sql_counts(db: DbSession, elm: CommunityBuilder, period: Period) -> None:
    folder = folder_of(db, elm.id, [elm.residents[name].id for name in WHO], period)
    rows = {sheet.name: sheet.rows for sheet in folder_sheets(folder)}
    weeks = len(period.days) / 7
    named = {pages.name: pages.resident_id for pages in folder.people}
    assert len(named) == len(WHO)

    for name, who in named.items():
        for sheet, is_visit in (("attendance", False), ("visits", True)):
            counted = Counter(map(_line, ask(db, OF_A_PERSON, elm, period, who=who, is_visit=is_visit)))
            assert Counter((row[1], row[2], row[3], row[5], row[6]) for row in rows[sheet] if row[0] == name) == counted
        for row in (row for row in rows["wishes"] if row[0] == name):
            of = elm.activities[row[1].lower()].id
            [counts] = ask(db, OF_WHAT_IS_WISHED.format(OF_AN_ACTIVITY), elm, period, who=who, of=of)
            assert row[-2:] == tuple(str(each or 0) for each in counts), row
        [aim] = [row for row in rows["aims"] if row[0] == name]
        [counts] = ask(db, OF_WHAT_IS_WISHED.format(OF_A_DOMAIN), elm, period, who=who, of="social")
        assert aim[-2:] == tuple(f"{(each or 0) / weeks:.1f}" for each in counts)
    changes = ask(db, CHANGES, elm, period, is_visit=False)
    assert Counter(row[-1] for row in rows["changes"]) == {SAID[kind]: count for kind, count in changes}
    assert changes
    on = "SELECT on_date, start_minute, title, CASE WHEN ref IN (SELECT session_ref FROM off) THEN 'no' ELSE 'yes' END"
    held = ask(db, f"{on} FROM holds WHERE is_visit = :no", elm, period)
    assert Counter((row[0], row[1], row[3], row[5]) for row in rows["calendar"]) == Counter(map(_line, held))
    [everything] = [row for row in rows["figures"] if row[0] == "In all"]
    assert everything[2:] == tuple(map(str, recounted(db, elm, period, BY[0], "all")))


def _line(row: Any) -> tuple[str, ...]:
    """A row as SQL gives it, as the workbook writes it."""
    day, minute, *rest = row
    return date.fromisoformat(str(day)).isoformat(), f"{minute // 60:02}:{minute % 60:02}", *rest
