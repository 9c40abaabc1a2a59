"""While hands are short fewer people are walked at once, and who is needed on the floor leads nothing."""

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Invalid
from milieu.models import Absence, Change, CommunitySettings
from milieu.queries.facts.by_day import fact_told
from milieu.services.facts.correcting import as_correction, find_standing
from milieu.services.facts.short_handed import tell_short_handed
from milieu.services.facts.stretch import Stretch
from milieu.services.facts.taking_back import take_back
from milieu.services.teller import Teller
from milieu.services.weeks.publishing import look_at_published
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.milieu.services.facts.published import FRIDAY, THURSDAY

CHOIR = Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben", "cleo"], ref="choir")
WALK = Held("walk", "studio", 3, "15:00", ["gita"], ["dov", "esi"], ref="walk")
MORNING = Stretch(THURSDAY, THURSDAY, 0, 720)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Three who are walked to the choir on Thursday morning, when five can be; it is Wednesday."""
    with unit_of_work(engines) as db:
        made = small_community(db)
        for name in ("ada", "ben", "cleo"):
            made.residents[name].escort = True
        settings = db.get_one(CommunitySettings, made.id)
        settings.escorts = {"default": 5, "windows": [{"day": 3, "from": "10:30", "to": "11:00", "capacity": 1}]}
        made.publication([CHOIR, WALK])
        return made


def test_the_fewer_helpers_count_in_their_time_and_never_more_than_usual(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    with unit_of_work(engines) as db:
        tell_short_handed(db, teller, MORNING, [], 2)

    with reading(engines) as db:
        escorts = make_problem(db, elm.id, MONDAY, NOW, repair=True).document.escorts
    assert escorts is not None
    at = {minute: escorts.available(3, minute) for minute in (0, 600, 629, 630, 645, 660, 719, 720, 1425)}
    assert at == {0: 2, 600: 2, 629: 2, 630: 1, 645: 1, 660: 2, 719: 2, 720: 5, 1425: 5}
    assert escorts.available(4, 600) == 5


def test_what_needs_more_hands_stands_against_it_with_its_reason(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    with unit_of_work(engines) as db:
        row_id = tell_short_handed(db, teller, MORNING, [], 2)

    with reading(engines) as db:
        fact = fact_told(db, elm.id, row_id, timezone="Europe/London", now=NOW)
        standing = look_at_published(db, elm.id, MONDAY, NOW)
    assert [each.ref for each in fact.touches] == ["choir"]
    assert fact.weeks == (MONDAY,)
    assert standing is not None
    assert any("2 can" in sentence for sentence in standing.because)


def test_who_is_needed_on_the_floor_leads_nothing_and_a_correction_keeps_to_that(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    finn, gita = elm.facilitators["finn"].id, elm.facilitators["gita"].id
    with unit_of_work(engines) as db:
        row_id = tell_short_handed(db, teller, MORNING, [finn], None, "Flu")
    with unit_of_work(engines) as db:
        line = db.scalars(select(Change.id).where(Change.row_id == row_id)).one()
        standing = find_standing(db, elm.id, line)
        assert standing.leaders == (finn,)
        tell_short_handed(db, as_correction(db, teller, line, standing.version), MORNING, [finn, gita], None, "Flu")
    with reading(engines) as db:
        fact = fact_told(db, elm.id, row_id, timezone="Europe/London", now=NOW)
        away = set(db.scalars(select(Absence.facilitator_id)))
        assert find_standing(db, elm.id, line).version > standing.version
    assert away == {finn, gita}
    assert [each.ref for each in fact.touches] == ["choir"]
    assert len(fact.earlier) == 1

    with unit_of_work(engines) as db:
        take_back(db, teller, line)
        assert db.scalars(select(Absence.id)).all() == []


@pytest.mark.parametrize(("helpers", "at"), [(None, "leaders"), (1001, "helpers")])
def test_it_says_whose_hands_are_missing(
    engines: Engines, elm: CommunityBuilder, teller: Teller, helpers: int | None, at: str
) -> None:
    with unit_of_work(engines) as db, pytest.raises(Invalid) as refused:
        tell_short_handed(db, teller, Stretch(THURSDAY, FRIDAY), [], helpers)
    assert refused.value.at == at
