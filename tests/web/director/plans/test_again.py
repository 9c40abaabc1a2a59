"""The form of planning again says how much may change and where; the run is asked exactly that."""

from collections.abc import Callable

import pytest

from milieu.database import Engines, reading
from milieu.models import Run
from tests.milieu.builders import CommunityBuilder
from tests.web.builders import NEXT_MONDAY, draft
from tests.web.conftest import Browser

PATH = f"/week/{NEXT_MONDAY}/plan"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def test_what_may_change_goes_with_the_run(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    plan_id, ada, lounge = draft(engines, elm), elm.residents["ada"].id, elm.spaces["lounge"].id
    page = director.get(PATH).text
    assert 'name="nearness" type="range"' in page
    assert ada in page
    assert lounge in page
    part = {"day": str(NEXT_MONDAY), "space": lounge, "who": ada}

    answer = director.send(PATH, PATH, beside=plan_id, nearness="3", **part)

    assert answer.status_code == 303
    only = {"days": [str(NEXT_MONDAY)], "spaces": [lounge], "people": [ada]}
    with reading(engines) as db:
        assert db.query(Run).one().asked == {"nearness": 3, "only": only}


def test_what_cannot_be_asked_is_refused(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    plan_id = draft(engines, elm)

    for fields in ({"nearness": "9"}, {"nearness": "0", "day": "someday"}):
        assert director.send(PATH, PATH, beside=plan_id, **fields).status_code == 422
    with reading(engines) as db:
        assert db.query(Run).count() == 0


def test_the_best_of_everything_asks_nothing_besides(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    director.send(PATH, PATH, beside=draft(engines, elm), nearness="0")

    with reading(engines) as db:
        assert db.query(Run).one().asked is None
