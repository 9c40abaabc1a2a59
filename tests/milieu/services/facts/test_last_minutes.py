"""In the last minutes of a Sunday, when nothing of its week can change any more, what is told is still taken."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Refusal
from milieu.queries.open_weeks import open_weeks
from milieu.services.facts.telling import tell_refusal
from milieu.services.house.effects import standing
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, small_community

NEXT = MONDAY + timedelta(days=7)
SUNDAY = MONDAY + timedelta(days=6)
CHOIR = Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben", "cleo"], ref="choir")


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication([Held("choir", "lounge", 6, "10:00", ["finn"], ["ada"], ref="sunday")])
        made.publication([CHOIR], week_start=NEXT)
        return made


@pytest.mark.parametrize(("minute", "open_then"), [(44, [MONDAY, NEXT]), (46, [NEXT]), (59, [NEXT])])
def test_a_no_and_an_edit_are_taken_when_the_week_has_no_moment_left(
    engines: Engines, elm: CommunityBuilder, minute: int, open_then: list[object]
) -> None:
    late = datetime(SUNDAY.year, SUNDAY.month, SUNDAY.day, 23, minute, tzinfo=UTC)
    with unit_of_work(engines) as db:
        tell_refusal(
            db, Teller(elm.id, None, late), elm.residents["ada"].id, "activity", elm.activities["choir"].id, until=None
        )
    with reading(engines) as db:
        assert list(open_weeks(db, elm.id, "Europe/London", late)) == open_then
        assert len(db.scalars(select(Refusal.id)).all()) == 1
        assert standing(db, elm.id, late) == ()
