"""A published week held against today's facts: each thing that it breaks by now is told once, and of its session."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Absence, Outbreak, SessionHeld, SpaceClosure
from milieu.services.weeks.publishing import Standing, look_at_published
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

THURSDAY = MONDAY + timedelta(days=3)
CHOIR = Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben", "esi"], ref="choir-of-thursday")
WALK = Held("walk", "studio", 1, "15:00", ["gita"], ["ada", "esi"], ref="walk-of-tuesday")
LABEL = "Choir on Thursday at 10:00"

Change = Callable[[CommunityBuilder], object]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """A week published on the Friday before; it is Wednesday."""
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication([CHOIR, WALK])
        return made


def standing(engines: Engines, elm: CommunityBuilder, change: Change | None = None) -> Standing:
    if change is not None:
        with unit_of_work(engines) as db:
            elm.db = db
            change(elm)
            db.flush()
    with reading(engines) as db:
        found = look_at_published(db, elm.id, MONDAY, NOW)
    assert found is not None
    return found


def closed(reason: str, day: date = THURSDAY) -> Change:
    def close(elm: CommunityBuilder) -> None:
        elm.add(
            SpaceClosure(
                community_id=elm.id,
                space_id=elm.spaces["lounge"].id,
                first_date=day,
                last_date=day,
                start_minute=0,
                end_minute=1440,
                reason=reason,
            )
        )

    return close


def absence(elm: CommunityBuilder) -> None:
    ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
    elm.add(Absence(**ids, first_date=THURSDAY, last_date=THURSDAY))


def left(elm: CommunityBuilder) -> None:
    row = elm.db.merge(elm.residents["ben"])
    row.left_on, row.left_reason = MONDAY + timedelta(days=1), "moved"


def outbreak(elm: CommunityBuilder) -> None:
    elm.add(Outbreak(community_id=elm.id, living_group_id=elm.groups["garden"].id, valid_from=THURSDAY))


def called_off(elm: CommunityBuilder) -> None:
    elm.add(
        SessionHeld(
            community_id=elm.id, session_ref=CHOIR.ref, on_date=THURSDAY, was_held=False, number=1, marked_at=NOW
        )
    )


def refusal(elm: CommunityBuilder) -> None:
    elm.refusal(elm.residents["ada"], activity=elm.activities["choir"])


def appointment(elm: CommunityBuilder) -> None:
    elm.busy(elm.residents["esi"], "10:30", "11:30", kind="appointment", on_date=THURSDAY)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (closed(""), f"Lounge is closed during {LABEL}."),
        (closed("The floor is being laid."), f"Lounge is closed during {LABEL}: The floor is being laid."),
        (absence, f"Finn Made-Up is not there for {LABEL}."),
        (refusal, f"Ada Made-Up has said no to Choir and is invited to {LABEL}."),
        (appointment, f"Esi Made-Up has an appointment at the time of {LABEL}."),
        (left, f"Ben Made-Up does not live here on that day and is invited to {LABEL}."),
        (outbreak, f"{LABEL} mixes living groups that are kept apart."),
        (called_off, f"{LABEL} cannot be held, the staff say."),
    ],
    ids=["closed", "why", "away", "refusal", "appointment", "left", "outbreak", "called off"],
)
def test_what_came_up_since_is_told_of_its_session(
    change: Change, told: str, engines: Engines, elm: CommunityBuilder
) -> None:
    assert standing(engines, elm).because == ()

    assert told in standing(engines, elm, change).because


def test_a_fact_is_told_alone_and_once(engines: Engines, elm: CommunityBuilder) -> None:
    assert standing(engines, elm, left).because == (
        f"Ben Made-Up does not live here on that day and is invited to {LABEL}.",
    )


def test_what_has_begun_is_nothing_to_look_at(engines: Engines, elm: CommunityBuilder) -> None:
    def yesterday(elm: CommunityBuilder) -> None:
        elm.refusal(elm.residents["esi"], activity=elm.activities["walk"])
        closed("", MONDAY + timedelta(days=1))(elm)

    assert standing(engines, elm, yesterday).because == ()


def test_a_week_that_is_not_published_stands_nowhere(engines: Engines, elm: CommunityBuilder) -> None:
    with reading(engines) as db:
        assert look_at_published(db, elm.id, MONDAY + timedelta(days=7), NOW) is None
