"""A published day on the floor, and the tablet of who leads its choir."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from milieu.database import Engines
from tests.journeys.conftest import TickingClock
from tests.journeys.staff.tablet import RECEPTION, TIME
from tests.milieu.builders import CommunityBuilder
from tests.web.staff.floor import ASKING, published_day


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(ASKING)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    return published_day(engines)


@pytest.fixture
def joe(enter: Callable[..., Page], elm: CommunityBuilder) -> Page:
    """The tablet of who leads the choir, on today's page."""
    page = enter(elm, "staff", facilitator_id=elm.facilitators["finn"].id)
    page.context.add_init_script(RECEPTION)
    page.context.add_init_script(TIME)
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto("/today")
    return page
