"""Who may be close: often together to the end, on both sides of each edge; a fact only when somebody says so."""

from datetime import timedelta

import pytest

from milieu.database import Engines, unit_of_work
from milieu.queries.ties.answers import NEVER, NOT_NOW, TIE
from milieu.queries.ties.bonds import DIRECTOR
from milieu.queries.ties.likely import often_together
from milieu.queries.ties.living_group import show_living_group
from milieu.queries.ties.together import Meeting
from milieu.services.suggestions import answer
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.milieu.queries.ties.test_living_group import mark

DAY = timedelta(days=1)
BOTH = frozenset(("ada", "ben"))


def meeting(came: str, left: str = "") -> Meeting:
    people = frozenset(came.split())
    return Meeting("cards", MONDAY, people, people - frozenset(left.split()))


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ([meeting("ada ben")] * 4, True),
        ([meeting("ada ben")] * 3, False),
        ([meeting("ada ben")] * 4 + [meeting("ada cleo")] * 4, True),  # half of what either came to
        ([meeting("ada ben")] * 4 + [meeting("ada cleo")] * 3 + [meeting("ben cleo")] * 2, False),
        ([meeting("ada ben")] * 3 + [meeting("ada ben", left="ben")], False),
        ([meeting("ada ben c d e f g h i j")] * 4, True),
        ([meeting("ada ben c d e f g h i j k")] * 4, False),  # eleven people do not meet
    ],
)
def test_often_together_to_the_end_in_small_groups(held: list[Meeting], found: bool) -> None:
    assert (BOTH in {each.pair for each in often_together(held)}) is found


def test_what_is_noted_or_was_answered_is_not_suggested(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        for week in range(4):
            monday = MONDAY - week * 7 * DAY
            ref = f"chess-{week}"
            people = ["ada", "ben", "cleo"]
            elm.publication([Held("chess", "studio", 0, "14:00", ["gita"], people, ref=ref)], week_start=monday)
            for name in people:
                mark(elm, ref, name, monday, "attended")

    assert suggested(engines, elm) == [("Ada", "Cleo", 4, 4), ("Ben", "Cleo", 4, 4)]  # Ada and Ben are friends already
    ada, ben, cleo = (elm.residents[name].id for name in ("ada", "ben", "cleo"))
    for pair, said in (((ada, cleo), NEVER), ((ben, cleo), NOT_NOW)):
        one, other = sorted(pair)
        with unit_of_work(engines) as db:
            answer(db, Teller(elm.id, None, NOW), TIE, said, one, other_id=other)

    assert suggested(engines, elm) == []
    assert suggested(engines, elm, after=27) == []
    assert suggested(engines, elm, after=28) == [("Ben", "Cleo", 4, 4)]


def suggested(engines: Engines, elm: CommunityBuilder, after: int = 0) -> list[tuple[str, str, int, int]]:
    with unit_of_work(engines) as db:
        day = NOW.date() + after * DAY
        shown = show_living_group(db, elm.id, elm.groups["garden"].id, today=day, seen_by=DIRECTOR)
    return [(each.one.called, each.other.called, each.times, each.either) for each in shown.likely]
