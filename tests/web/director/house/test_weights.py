"""What counts how much: sliders of a week, and of what it costs to tell people something else than was published."""

import re
from collections.abc import Callable

from milieu.database import Engines, reading
from milieu.models import CommunitySettings
from tests.milieu.builders import CommunityBuilder
from tests.web.conftest import Browser


def test_a_week_and_a_repair_have_a_form_each(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    director, page = sign_in(elm), "/house/weights"
    first = director.get(page).text
    assert "as a place at what is loved most, times 2.2." in first  # a lost place
    assert "as a place at what is loved most, times 0.4." in first  # another space
    version = re.search(r'name="version" value="([0-9]+)"', first)
    assert version

    director.send(page, page, scale="repair", cancel="3", drop="0", version=version[1])
    with reading(engines) as db:
        held = db.get_one(CommunitySettings, elm.id)
        assert (held.weights, held.repair_weights) == (None, {"cancel": 240, "drop": 23})
    assert "times 12." in director.get(page).text
    history = director.get("/house/settings").text
    assert "A session is not called off: as usual → 240" in history
    assert "by how many live here, 15 now." in history

    stale = director.send(page, page, scale="week", interest="4", version=version[1])
    assert stale.status_code == 409
    far = director.send(page, page, scale="repair", cancel="4", version=str(int(version[1]) + 1))
    assert far.status_code == 422
