"""Who stays in bed is in no group and can be visited; who is in hospital is in nothing, until the day they are back."""

from datetime import timedelta

import pytest

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.errors import Invalid
from milieu.models import Change
from milieu.queries.facts.by_day import fact_told
from milieu.queries.family.times import busy_of, busy_rows
from milieu.services.facts.correcting import as_correction, find_standing
from milieu.services.facts.unwell import tell_hospital, tell_in_bed
from milieu.services.teller import Teller
from milieu.services.weeks.publishing import look_at_published
from milieu.solving.problem.document import make_problem
from solver.documents.exchange import ProblemDocument
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.milieu.services.facts.published import FRIDAY, THURSDAY, TODAY

CHOIR = Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="choir")
LATE = Held("sitting", "bedside", 4, "14:15", ["finn"], ["ada"], ref="late")


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Ada has a visit at her bedside on Thursday and on Friday, and the choir on Thursday; it is Wednesday."""
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.space("bedside", capacity=1, features=["bedside"])
        made.activity("sitting", minutes=15, min_group=1, max_group=1, needs_features=["bedside"])
        made.publication([CHOIR, LATE])
        return made


def in_bed(engines: Engines, elm: CommunityBuilder, teller: Teller) -> str:
    with unit_of_work(engines) as db:
        return tell_in_bed(db, teller, elm.residents["ada"].id, THURSDAY, FRIDAY, "")


def is_free(document: ProblemDocument, resident_id: str, day: int, start: int, minutes: int) -> bool:
    row = next(each for each in document.residents if each.id == resident_id)
    return not any(window.touches(day, start, start + minutes) for window in row.busy)


def test_in_bed_nobody_has_time_for_a_group_and_everybody_for_a_visit(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada = elm.residents["ada"].id
    in_bed(engines, elm, teller)

    with reading(engines) as db:
        document = make_problem(db, elm.id, MONDAY, NOW, repair=True).document
    starts = range(0, 1440 - 30, 15)
    for day in (3, 4):
        assert [start for start in starts if is_free(document, ada, day, start, 30)] == []
        visits = [start for start in starts if is_free(document, ada, day, start, 15)]
        assert len(visits) > 40  # every half an hour, but for what is published
    late = 14 * 60 + 15
    assert [is_free(document, ada, 4, start, 15) for start in (late - 15, late, late + 15)] == [False, True, False]
    assert is_free(document, ada, 5, 600, 120)


def test_a_group_stands_against_it_and_a_visit_at_any_time_does_not(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    row_id = in_bed(engines, elm, teller)

    with reading(engines) as db:
        standing = look_at_published(db, elm.id, MONDAY, NOW)
        fact = fact_told(db, elm.id, row_id, timezone="Europe/London", now=NOW)
        ada = elm.residents["ada"].id
        taken = busy_of(busy_rows(db, elm.id, [ada]), [ada], [THURSDAY])[ada][THURSDAY]
    assert standing is not None
    assert list(standing.because) == ["Ada Made-Up stays in bed at the time of Choir on Thursday at 10:00."]
    assert [each.ref for each in fact.touches] == ["choir"]
    assert taken == (), "the family may come to the bedside"


def test_a_stay_in_hospital_is_open_until_the_day_back_is_known(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada = elm.residents["ada"].id
    with unit_of_work(engines) as db:
        row_id = tell_hospital(db, teller, ada, TODAY, None)
    with reading(engines) as db:
        fact = fact_told(db, elm.id, row_id, timezone="Europe/London", now=NOW)
        document = make_problem(db, elm.id, MONDAY, NOW, repair=True).document
    assert (fact.first, fact.last) == (TODAY, None)
    assert [each.ref for each in fact.touches] == ["choir", "late"]
    assert not any(is_free(document, ada, day, 600, 15) for day in range(2, 7))

    with unit_of_work(engines) as db:
        line = _line(db, elm, row_id)
        by = as_correction(db, teller, line, find_standing(db, elm.id, line).version)
        tell_hospital(db, by, ada, TODAY, FRIDAY)
    with reading(engines) as db:
        fact = fact_told(db, elm.id, row_id, timezone="Europe/London", now=NOW)
        document = make_problem(db, elm.id, MONDAY, NOW, repair=True).document
    assert (fact.first, fact.last) == (TODAY, THURSDAY)
    assert [each.ref for each in fact.touches] == ["choir"]
    assert [is_free(document, ada, day, 600, 15) for day in (3, 4)] == [False, True]


def test_nobody_is_back_before_they_went(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    with unit_of_work(engines) as db, pytest.raises(Invalid) as refused:
        tell_hospital(db, teller, elm.residents["ada"].id, TODAY, TODAY)
    assert refused.value.at == "back"
    with unit_of_work(engines) as db, pytest.raises(Invalid) as refused:
        tell_in_bed(db, teller, elm.residents["ada"].id, TODAY, TODAY - timedelta(days=1), "")
    assert refused.value.at == "last"


def _line(db: DbSession, elm: CommunityBuilder, row_id: str) -> str:
    return db.query(Change.id).filter(Change.community_id == elm.id, Change.row_id == row_id).one()[0]
