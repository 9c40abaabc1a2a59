"""A told fact corrected as it stands: one row, every version in the list, what it did since, and nobody's save lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import Absence, Change, Outbreak, ResidentBusy
from milieu.queries.facts.by_day import facts_told
from milieu.queries.facts.kinds import CORRECTABLE, Done, FactTold
from milieu.queries.person.rows import as_of, lines_about, read_rows
from milieu.services.facts import correcting, telling
from milieu.services.facts.correcting import as_correction, find_standing
from milieu.services.facts.stretch import Stretch, stretch_of
from milieu.services.facts.taking_back import take_back
from milieu.services.teller import Teller
from milieu.services.weeks.editions import REPAIR, Edition, issue
from milieu.solving.answer.checking import check_week
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.milieu.services.facts.published import FRIDAY, THURSDAY, TODAY


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication(
            [
                Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday"),
                Held("chess", "studio", 4, "14:00", ["gita"], ["ada", "cleo"], ref="friday"),
            ]
        )
        return made


@pytest.fixture
def line(engines: Engines, elm: CommunityBuilder, teller: Teller) -> str:
    """Finn is away on Thursday, it was said; the journal's line."""
    with unit_of_work(engines) as db:
        row_id = telling.tell_absence(db, teller, elm.facilitators["finn"].id, Stretch(THURSDAY, THURSDAY), "a cold")
        return db.scalars(select(Change.id).where(Change.row_id == row_id)).one()


def told(engines: Engines, elm: CommunityBuilder) -> FactTold:
    with reading(engines) as db:
        (fact,) = facts_told(db, elm.id, TODAY, timezone="UTC", now=NOW)
    return fact


def test_it_stays_one_row_and_one_fact_that_says_how_it_was_told_before(
    engines: Engines, elm: CommunityBuilder, teller: Teller, line: str
) -> None:
    later = replace(teller, now=NOW + timedelta(hours=1))
    with unit_of_work(engines) as db:
        gita = elm.facilitators["gita"].id
        telling.tell_absence(db, as_correction(db, later, line, 1), gita, Stretch(FRIDAY, FRIDAY), "a cold")

    with reading(engines) as db:
        row = db.scalars(select(Absence)).one()
        assert (row.facilitator_id, row.first_date, row.last_date, row.reason) == (gita, FRIDAY, FRIDAY, "a cold")
        standing = find_standing(db, elm.id, line)
    assert (standing.who_id, standing.first, standing.version) == (gita, FRIDAY, 2)
    fact = told(engines, elm)
    assert (fact.who, fact.first, fact.at, fact.corrected_at) == ("Gita Made-Up", FRIDAY, NOW, later.now)
    assert [each.ref for each in fact.touches] == ["friday"]
    assert [(each.who, each.first) for each in fact.earlier] == [("Finn Made-Up", THURSDAY)]


def test_who_saw_an_older_version_is_refused_and_nothing_is_lost(
    engines: Engines, elm: CommunityBuilder, teller: Teller, line: str
) -> None:
    finn = elm.facilitators["finn"].id
    with unit_of_work(engines) as db:
        telling.tell_absence(db, as_correction(db, teller, line, 1), finn, Stretch(THURSDAY, FRIDAY), "a cold")
    with unit_of_work(engines) as db, pytest.raises(Conflict, match="while you were writing"):
        as_correction(db, teller, line, 1)
    with unit_of_work(engines) as db:
        telling.tell_absence(db, as_correction(db, teller, line, 2), finn, Stretch(THURSDAY, FRIDAY), "a cold")
    assert len(told(engines, elm).earlier) == 1  # the second said nothing new


def test_what_was_taken_back_or_is_a_right_is_not_corrected(
    engines: Engines, elm: CommunityBuilder, teller: Teller, line: str
) -> None:
    with unit_of_work(engines) as db:
        take_back(db, teller, line)
        with pytest.raises(Conflict, match="taken back already"):
            find_standing(db, elm.id, line)
        no = telling.tell_refusal(
            db, teller, elm.residents["ada"].id, "activity", elm.activities["walk"].id, until=None
        )
        said = db.scalars(select(Change.id).where(Change.row_id == no)).one()
        with pytest.raises(NotFound):
            find_standing(db, elm.id, said)
    assert set(correcting._ROWS) == set(correcting._WHO) == CORRECTABLE


def test_an_outbreak_does_not_stand_in_its_own_way_and_another_does(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    river = elm.groups["river"].id
    with unit_of_work(engines) as db:
        row_id = telling.tell_outbreak(db, teller, river, Stretch(TODAY, FRIDAY))
        said = db.scalars(select(Change.id).where(Change.row_id == row_id)).one()
        telling.tell_outbreak(db, as_correction(db, teller, said, 1), river, Stretch(TODAY, THURSDAY))
        assert db.scalars(select(Outbreak.valid_until)).one() == THURSDAY
        telling.tell_outbreak(db, teller, elm.groups["garden"].id, Stretch(TODAY, FRIDAY))
        with pytest.raises(Conflict, match="known already"):
            telling.tell_outbreak(
                db, as_correction(db, teller, said, 2), elm.groups["garden"].id, Stretch(TODAY, FRIDAY)
            )


def test_a_fact_that_began_long_ago_is_corrected_too(elm: CommunityBuilder) -> None:
    long_ago = TODAY - timedelta(days=20)
    assert stretch_of(long_ago, FRIDAY, "", today=TODAY, since=long_ago) == Stretch(long_ago, FRIDAY)
    with pytest.raises(Invalid, match="more than a week ago"):
        stretch_of(long_ago - timedelta(days=1), FRIDAY, "", today=TODAY, since=long_ago)


def test_a_page_as_of_a_day_shows_it_as_it_was_told_then_at_whom_it_was_told_of(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada, ben = elm.residents["ada"].id, elm.residents["ben"].id
    tomorrow = replace(teller, now=NOW + timedelta(days=1))
    with unit_of_work(engines) as db:
        before = {row.id for row in db.scalars(select(ResidentBusy))}
        row_id = telling.tell_busy(db, teller, ada, Stretch(FRIDAY, FRIDAY), "outing")
        said = db.scalars(select(Change.id).where(Change.row_id == row_id)).one()
        telling.tell_busy(db, as_correction(db, tomorrow, said, 1), ben, Stretch(THURSDAY, THURSDAY), "outing")
    for who, day, days in ((ada, TODAY, [FRIDAY]), (ada, THURSDAY, []), (ben, TODAY, []), (ben, THURSDAY, [THURSDAY])):
        with reading(engines) as db:
            rows = read_rows(db, elm.id, who)
            then = as_of(rows, lines_about(db, elm.id, rows), day, "UTC")
        busy = then.of["resident_busy"]
        assert [row["valid_from"] for key, row in busy.items() if key not in before] == days


def test_it_says_how_much_was_published_otherwise_because_of_it(
    engines: Engines, elm: CommunityBuilder, teller: Teller, line: str
) -> None:
    assert told(engines, elm).did == ()
    with unit_of_work(engines) as db:
        later = NOW + timedelta(minutes=5)
        source = make_problem(db, elm.id, MONDAY, later, repair=True)
        assert source.past.published is not None
        kept = [each for each in source.past.published.sessions if each.ref != "thursday"]
        checked = check_week(source, kept)
        week = Edition(
            kind=REPAIR,
            source=source,
            contents=checked.contents,
            objective=checked.objective,
            bound=None,
            terms=checked.terms,
            by=None,
            label="",
        )
        issue(db, week, now=later)
    assert told(engines, elm).did == (Done(MONDAY, 1),)
