"""The floor on the day that `floor` publishes, and who leads its choir."""

from collections.abc import Callable

import pytest

from milieu.database import Engines
from tests.milieu.builders import CommunityBuilder, FixedClock
from tests.web.conftest import Browser
from tests.web.staff.floor import ASKING, published_day

SignIn = Callable[..., Browser]


@pytest.fixture
def elm(engines: Engines, clock: FixedClock) -> CommunityBuilder:
    clock.present = ASKING
    return published_day(engines)


@pytest.fixture
def joe(elm: CommunityBuilder, sign_in: SignIn) -> Browser:
    """Who leads the choir."""
    return sign_in(elm, "staff", facilitator_id=elm.facilitators["finn"].id)
