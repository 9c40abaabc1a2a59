import pytest

from milieu.services.teller import Teller
from tests.milieu.builders import NOW, CommunityBuilder


@pytest.fixture
def teller(elm: CommunityBuilder) -> Teller:
    return Teller(elm.id, None, NOW)
