"""How a published week stands is worked out once for each state of things: never told of another, on both databases."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date, Integer, Table, delete, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from milieu.database import DbSession, Engines, make_engines, reading, unit_of_work
from milieu.ids import new_id
from milieu.models import (
    FACTS,
    Absence,
    ActivityHours,
    ActivityMember,
    Attendance,
    BaseSession,
    BaseWeek,
    BaseWeekChoice,
    FactRevision,
    FamiliarFace,
    GroupAim,
    Move,
    Outbreak,
    Pin,
    ProgrammeAim,
    SessionHeld,
    ShortHanded,
    SpaceClosure,
    SpaceHours,
    SpaceRelation,
    WishedAgain,
)
from milieu.services.weeks import publishing
from milieu.services.weeks.publishing import Standing, look_at_published
from milieu.solving.problem import known
from milieu.solving.problem.known import facts_of, source_of
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

pytestmark = pytest.mark.slow(0.2)

THURSDAY = MONDAY + timedelta(days=3)
WEEK = [
    Held("chess", "studio", 2, "10:00", ["gita"], ["cleo", "dov"], ref="chess-of-wednesday"),
    Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben", "esi"], ref="choir-of-thursday"),
]
TABLES = sorted(each.__tablename__ for each in FACTS)
NOT_FACTS = {
    "publication",
    "published_session",
    "published_leader",
    "published_day",
    "invitation",
    "attendance",
    "session_held",
}
"""Tables that are asked for by themselves: rows of them are only ever added, and the days' pointers move with them."""
UNTOLD = {"account"}  # by whom something was marked: read with the mark, told nowhere here


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """A published week, and a row of every kind of fact."""
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication(WEEK)
        furnish(made)
        return made


def furnish(elm: CommunityBuilder) -> None:
    ada, ids = elm.residents["ada"], {"community_id": elm.id}
    lounge, studio, finn = elm.spaces["lounge"], elm.spaces["studio"], elm.facilitators["finn"]
    walk, away = elm.activities["walk"], {"first_date": MONDAY, "last_date": MONDAY}
    elm.refusal(ada, activity=walk)
    elm.limit(ada, space=studio)
    elm.busy(ada, "07:00", "08:00")
    elm.calm(ada, "12:00", "13:00", 3)
    elm.target(ada)
    elm.requirement(ada, elm.activities["choir"])
    group = {**ids, "living_group_id": elm.groups["garden"].id}
    hours = {**ids, "start_minute": 0, "end_minute": 1440}
    summer = elm.add(BaseWeek(**ids, key="summer", name="Summer"))
    for row in (
        BaseWeekChoice(**ids, base_week_id=summer.id, chosen_at=NOW, valid_from=MONDAY + timedelta(days=90)),
        Absence(**ids, **away, facilitator_id=finn.id),
        ShortHanded(**ids, **away, helpers=2),
        Move(
            **ids,
            resident_id=elm.residents["fay"].id,
            living_group_id=elm.groups["river"].id,
            room="30",
            on_date=MONDAY + timedelta(days=60),
        ),
        SpaceClosure(**ids, **away, space_id=lounge.id),
        SpaceHours(**hours, space_id=lounge.id),
        SpaceRelation(**ids, kind="adjacent", space_id=lounge.id, other_id=studio.id),
        ActivityHours(**hours, activity_id=walk.id),
        ActivityMember(**ids, activity_id=walk.id, resident_id=ada.id),
        FamiliarFace(**ids, facilitator_id=finn.id, resident_id=ada.id),
        GroupAim(**group, members=1, min_sessions=1),
        Outbreak(**group, valid_from=MONDAY + timedelta(days=90)),
        WishedAgain(**ids, resident_id=ada.id, activity_id=walk.id, on_date=MONDAY, noted_at=NOW),
        BaseSession(**ids, activity_id=walk.id, weekday=1, start_minute=600),
        ProgrammeAim(**hours, living_group_id=group["living_group_id"], min_sessions=1),
        Pin(**ids, week_start=MONDAY, kind="absent", session_ref="x", resident_id=ada.id, made_at=NOW),
    ):
        elm.add(row)


@contextmanager
def counted(engines: Engines) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engines.read, "before_cursor_execute", note)
    yield sent
    event.remove(engines.read, "before_cursor_execute", note)


def told(engines: Engines, elm: CommunityBuilder, now: datetime = NOW) -> Standing | None:
    with reading(engines) as db:
        return look_at_published(db, elm.id, MONDAY, now)


def worked_out(db: DbSession, elm: CommunityBuilder, now: datetime = NOW) -> Standing | str | None:
    """The answer without any memory, or the kind of error that facts make that no import lets in."""
    for memory in (known._FACTS, known._SOURCES):
        memory._known.clear()
    try:
        against = publishing._against(db, elm.id, MONDAY, now)
        return None if against is None else against.standing
    except Exception as error:
        return type(error).__name__


def token(engines: Engines, community_id: str) -> str | None:
    with reading(engines) as db:
        return db.scalar(select(FactRevision.token).where(FactRevision.community_id == community_id))


def table_of(name: str) -> Table:
    found = next(each.__table__ for each in FACTS if each.__tablename__ == name)
    assert isinstance(found, Table)
    return found


def test_a_second_look_asks_one_thing(engines: Engines, elm: CommunityBuilder) -> None:
    with counted(engines) as first:
        before = told(engines, elm)
    with counted(engines) as second:
        after = told(engines, elm)

    assert (before, len(first) > 30) == (after, True)
    assert [each for each in second if each.startswith("SELECT")][1:] == [], second


def test_all_that_a_week_is_read_from_renews_the_token(engines: Engines, elm: CommunityBuilder) -> None:
    """Also what is added to the problem one day: a table that is read is a fact, or is asked for by itself."""
    with counted(engines) as sent, reading(engines) as db:
        worked_out(db, elm)
    read = {name for statement in sent for name in re.findall(r"(?:FROM|JOIN) (\w+)", statement)}
    read -= {name for statement in sent for name in re.findall(r"(\w+) AS\s+\(SELECT", statement)}  # tables of its own

    assert read - NOT_FACTS - UNTOLD - {FactRevision.__tablename__} <= {each.__tablename__ for each in FACTS}
    assert {"tie", "wish", "space_closure"} <= read


def test_week_to_come_is_read_anew_the_next_day(engines: Engines, elm: CommunityBuilder) -> None:
    """Whether people come, and of what they rest, is counted up to the day on which it is asked."""
    monday, evening = MONDAY + timedelta(weeks=1), datetime(2026, 12, 1, 23, 59, 30, tzinfo=UTC)
    with reading(engines) as db:
        first = facts_of(db, elm.id, monday, evening)
        same = facts_of(db, elm.id, monday, evening - timedelta(hours=1))
        later = facts_of(db, elm.id, monday, evening + timedelta(minutes=1))

    assert (same is first, later is first) == (True, False)


def test_what_a_unit_of_work_reads_stays_its_own(engines: Engines, elm: CommunityBuilder) -> None:
    """It may be taken back, with the rows that were changed in it; what was read before it is known in it."""
    with unit_of_work(engines) as db:
        own = source_of(db, elm.id, MONDAY, NOW, repair=True)
        again = source_of(db, elm.id, MONDAY, NOW, repair=True)
    with reading(engines) as db:
        seen = source_of(db, elm.id, MONDAY, NOW, repair=True)
    with unit_of_work(engines) as db:
        before = source_of(db, elm.id, MONDAY, NOW, repair=True)
        db.execute(delete(Absence))
        after = source_of(db, elm.id, MONDAY, NOW, repair=True)
        db.rollback()

    assert (again is own, seen is own, before is seen, after is seen) == (True, False, True, False)
    assert (seen.raw, seen.facts_digest == after.facts_digest) == (own.raw, False)


@pytest.mark.parametrize("happening", ["insert", "update", "delete"])
def test_every_table_of_facts_has_its_triggers(engines: Engines, happening: str) -> None:
    """A migration that makes a table anew loses those of SQLite: it has to make them again."""
    with engines.read.connect() as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engines.dialect == "postgresql":
            names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
        found = set(connection.execute(text(names)).scalars())

    assert {f"{each.__tablename__}_{happening}_revision" for each in FACTS} <= found


@pytest.mark.parametrize("name", TABLES)
def test_a_change_of_a_row_renews_the_token_of_its_community_alone(
    engines: Engines, elm: CommunityBuilder, name: str
) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    table, seen = table_of(name), [token(engines, elm.id), token(engines, oak.id)]
    own = table.c.id if name == "community" else table.c.community_id
    with unit_of_work(engines) as db:
        db.execute(update(table).where(own == elm.id).values({own.name: own}))

    assert None not in seen
    assert token(engines, oak.id) == seen[1]
    assert token(engines, elm.id) != seen[0]


def test_nothing_else_renews_it(engines: Engines, elm: CommunityBuilder) -> None:
    before = token(engines, elm.id)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.account()
        elm.publication(WEEK)

    assert token(engines, elm.id) == before


def _change_and_fail(db: DbSession) -> None:
    db.execute(delete(Absence))
    raise ZeroDivisionError


def test_what_was_rolled_back_is_no_change(engines: Engines, elm: CommunityBuilder) -> None:
    before = token(engines, elm.id)
    with pytest.raises(ZeroDivisionError), unit_of_work(engines) as db:
        _change_and_fail(db)

    assert token(engines, elm.id) == before


def mutate(db: DbSession, name: str, happening: str, rng: random.Random) -> None:
    """Insert, change or delete a row of a table as a query would, past everything that knows of rows in memory."""
    table = table_of(name)
    rows = db.execute(select(table)).mappings().all()
    if not rows:
        return
    row: dict[str, Any] = dict(rng.choice(rows))
    key = [column == row[column.name] for column in table.primary_key]
    if happening == "delete":
        db.execute(delete(table).where(*key))
    elif happening == "insert":
        fresh = {"id": new_id(), **({"key": new_id()} if "key" in row else {})} if "id" in row else {}
        db.execute(insert(table).values({**row, **fresh}))
    else:
        column = rng.choice([each for each in table.c if not (each.primary_key or each.foreign_keys)] or [*table.c])
        db.execute(update(table).where(*key).values({column.name: _other(column.type, row[column.name], rng)}))


def _other(kind: object, value: Any, rng: random.Random) -> Any:
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, Integer):
        return max(0, (value or 0) + rng.choice([-600, -60, -1, 1, 2, 60, 600]))
    if isinstance(kind, Date):
        return (value or MONDAY) + timedelta(days=rng.choice([-60, -1, 1, 2, 60]))
    return value


@settings(max_examples=12)
@given(
    seed=st.integers(0, 2**32),
    steps=st.lists(
        st.tuples(
            st.sampled_from(sorted(each.__tablename__ for each in FACTS)),
            st.sampled_from(["insert", "update", "delete"]),
        ),
        min_size=1,
        max_size=12,
    ),
)
def check_any_changes(engines: Engines, elm: CommunityBuilder, seed: int, steps: list[tuple[str, str]]) -> None:
    rng = random.Random(seed)
    for name, happening in steps:
        try:
            with unit_of_work(engines) as db:
                mutate(db, name, happening, rng)
        except (DBAPIError, ValueError):  # a key or a check of the table's refuses it: nothing has changed
            continue
        with reading(engines) as db:
            expected = worked_out(db, elm)
        for _again in range(2):
            try:
                found: object = told(engines, elm)
            except Exception as error:
                found = type(error).__name__
            assert found == expected, (name, happening)


def test_no_change_of_any_fact_is_missed(engines: Engines, elm: CommunityBuilder) -> None:
    check_any_changes(engines, elm)


@pytest.mark.parametrize("is_again", [False, True])
def test_another_process_sees_it(engines: Engines, database_url: str, elm: CommunityBuilder, is_again: bool) -> None:
    """What one process has worked out says nothing to another; each holds its own against what it reads."""
    other = make_engines(database_url)
    before = told(engines, elm)
    with unit_of_work(other) as db:
        db.execute(update(Absence).values(first_date=THURSDAY, last_date=THURSDAY))
    after = told(engines, elm)
    if is_again:
        with unit_of_work(other) as db:
            db.execute(update(Absence).values(first_date=MONDAY, last_date=MONDAY))
        after, before = told(engines, elm), after
    other.dispose()

    assert before is not None
    assert after is not None
    assert ("Finn Made-Up is not there" in " ".join(after.because)) is not is_again
    assert ("Finn Made-Up is not there" in " ".join(before.because)) is is_again


def test_what_time_makes_of_it_is_seen(engines: Engines, elm: CommunityBuilder) -> None:
    """A session that has begun is past: nothing stands against it any more."""
    with unit_of_work(engines) as db:
        db.execute(update(Absence).values(first_date=THURSDAY, last_date=THURSDAY))
    tuesday, thursday, noon = (datetime(2026, 12, day, hour, tzinfo=UTC) for day, hour in ((1, 9), (3, 9), (3, 12)))

    said = [told(engines, elm, now) for now in (tuesday, thursday, noon, tuesday)]

    assert [bool(each and each.because) for each in said] == [True, True, False, True]


def test_what_the_floor_says_is_seen(engines: Engines, elm: CommunityBuilder) -> None:
    before = told(engines, elm)
    with unit_of_work(engines) as db:
        off = {"session_ref": "choir-of-thursday", "on_date": THURSDAY, "was_held": False}
        db.add(SessionHeld(community_id=elm.id, number=1, marked_at=NOW, **off))
    after = told(engines, elm)

    assert before is not None
    assert after is not None
    assert set(after.because) - set(before.because) == {"Choir on Thursday at 10:00 cannot be held, the staff say."}


def test_what_was_marked_weeks_ago_is_seen(engines: Engines, elm: CommunityBuilder) -> None:
    """Two noes rest an activity for weeks: marks of days before the week are among what it is read from."""
    choir = Held("choir", "lounge", 3, "10:00", ["finn"], ["ada"])
    with unit_of_work(engines) as db:
        elm.db = db
        for week, ref in ((1, "before"), (2, "long before")):
            elm.publication([replace(choir, ref=ref)], week_start=MONDAY - timedelta(weeks=week))
    said = [told(engines, elm)]
    for number, ref in enumerate(("before", "long before"), 1):
        with unit_of_work(engines) as db:
            given = {"session_ref": ref, "on_date": THURSDAY - timedelta(weeks=number), "outcome": "declined"}
            ids = {"community_id": elm.id, "resident_id": elm.residents["ada"].id}
            db.add(Attendance(**ids, **given, key=ref, number=1, tapped_at=NOW, marked_at=NOW))
        with reading(engines) as db:
            expected = worked_out(db, elm)
        said.append(told(engines, elm))
        assert said[-1] == expected

    assert said[0] == said[1] != said[2]


def test_a_new_publication_is_another_week(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        db.execute(update(Absence).values(first_date=THURSDAY, last_date=THURSDAY))
    before = told(engines, elm)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(WEEK[:1], kind="repair")
    after = told(engines, elm)

    said = [" ".join(each.because) if each else "" for each in (before, after)]
    assert ["Finn Made-Up is not there" in each for each in said] == [True, False]
