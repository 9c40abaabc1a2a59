"""A living group's ties: who has none, on whom much hangs, what would help, and who may see what."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from milieu.database import Engines, unit_of_work
from milieu.errors import NotFound
from milieu.models import Attendance, kind_of
from milieu.queries.ties.answers import MEET, NEVER, NOT_NOW
from milieu.queries.ties.bonds import DIRECTOR, TEAM
from milieu.queries.ties.living_group import LivingGroupShown, living_group_lines, show_living_group
from milieu.services.suggestions import answer
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, community

TODAY = NOW.date()
DAY = timedelta(days=1)
NAMES = ("ada", "ben", "cleo", "dov", "esi", "fay", "gus", "hal")


@pytest.fixture
def oak(engines: Engines) -> CommunityBuilder:
    """Eight people of one living group and one of another, without a tie or a wish."""
    with unit_of_work(engines) as db:
        made = community(db, "oak")
        made.group("garden")
        made.group("river", sort=1)
        made.space("lounge")
        made.facilitator("finn")
        for key, size in (("choir", 30), ("cards", 6), ("chess", 6)):
            made.activity(key, max_group=size)
        for number, name in enumerate(NAMES):
            made.resident(name, room=f"A {1 + 4 * number}")
        made.resident("ivy", group="river")
        return made


def show(engines: Engines, oak: CommunityBuilder, *, seen_by: tuple[str, ...] = DIRECTOR) -> LivingGroupShown:
    with unit_of_work(engines) as db:
        return show_living_group(db, oak.id, oak.groups["garden"].id, today=TODAY, seen_by=seen_by)


def tie(engines: Engines, oak: CommunityBuilder, *pairs: str, strength: int | None = 3, **fields: object) -> None:
    with unit_of_work(engines) as db:
        oak.db = db
        for pair in pairs:
            one, other = pair.split("-")
            oak.tie(oak.residents[one], oak.residents[other], strength, **fields)


@pytest.mark.parametrize(
    ("said", "is_apart", "strength", "kind"),
    [
        ("", True, None, "apart"),
        ("", False, -1, "uneasy"),
        ("", False, 19, "friend"),
        ("", False, 20, "couple"),
        ("helps", False, 20, "helps"),
        ("friend", True, None, "apart"),
    ],
)
def test_a_tie_of_which_no_kind_was_said_is_what_its_strength_says(
    said: str, is_apart: bool, strength: int | None, kind: str
) -> None:
    assert kind_of(said, is_apart, strength) == kind


def test_who_has_a_tie_here_and_who_has_none(engines: Engines, oak: CommunityBuilder) -> None:
    tie(engines, oak, "ada-ben", "ben-cleo", "dov-ivy")
    tie(engines, oak, "esi-fay", strength=-2)
    tie(engines, oak, "gus-hal", expires_on=TODAY - DAY)

    shown = show(engines, oak)

    assert [each.person.called for each in shown.alone] == ["Dov", "Esi", "Fay", "Gus", "Hal"]
    assert [person.called for person in shown.outside] == ["Ivy"]
    assert (shown.now.people, shown.now.ties, shown.now.alone) == (8, 2, 5)
    assert shown.now.density == pytest.approx(100 * 2 / 28)


def test_the_list_counts_each_living_group(engines: Engines, oak: CommunityBuilder) -> None:
    tie(engines, oak, "ada-ben", "cleo-ivy")
    with unit_of_work(engines) as db:
        lines = living_group_lines(db, oak.id, today=TODAY, seen_by=DIRECTOR)

    assert [(line.unit.name, line.people, line.alone) for line in lines] == [
        ("Garden wing", 8, 6),
        ("River wing", 1, 1),
    ]


def test_without_a_bridge_three_would_have_no_tie_to_three_others(engines: Engines, oak: CommunityBuilder) -> None:
    tie(engines, oak, "ada-ben", "ben-cleo", "cleo-dov", "dov-esi", "esi-fay", "fay-gus")

    shown = show(engines, oak)

    names = {row.id: name for name, row in oak.residents.items()}
    assert [(names[each.resident_id], sorted(names[who] for who in each.part)) for each in shown.bridges] == [
        ("dov", ["ada", "ben", "cleo"])
    ]


def test_a_group_of_eight_is_measured_week_by_week_and_of_seven_not(engines: Engines, oak: CommunityBuilder) -> None:
    tie(engines, oak, "ada-ben", noted_on=MONDAY - 14 * DAY, named_by="both")
    tie(engines, oak, "ada-cleo", noted_on=TODAY, named_by="one")

    weeks = show(engines, oak).weeks

    assert [(each.on_date, each.ties) for each in weeks[-4:]] == [
        (MONDAY - 14 * DAY, 1),
        (MONDAY - 7 * DAY, 1),
        (MONDAY, 1),
        (TODAY, 2),
    ]
    assert (weeks[-1].named, weeks[-1].known) == (1, 2)
    with unit_of_work(engines) as db:
        db.merge(oak.residents["hal"]).left_on = TODAY - DAY
    assert show(engines, oak).weeks == ()


def test_the_drawing_goes_back_week_by_week_where_something_changed(engines: Engines, oak: CommunityBuilder) -> None:
    tie(engines, oak, "ada-ben", noted_on=MONDAY - 70 * DAY)
    tie(engines, oak, "ada-cleo", noted_on=TODAY)

    drawn = show(engines, oak).drawn

    ada, ben, cleo = (oak.residents[name].id for name in ("ada", "ben", "cleo"))
    assert [week.names for week in drawn] == [(), (ada, ben), (ada, ben, cleo)]
    assert drawn[-1].pairs == {frozenset((ada, ben)), frozenset((ada, cleo))}


def test_what_the_director_alone_knows_is_not_the_teams(engines: Engines, oak: CommunityBuilder) -> None:
    tie(engines, oak, "ada-ben", visibility="director")

    assert [len(show(engines, oak, seen_by=who).bonds) for who in (DIRECTOR, TEAM)] == [1, 0]


def test_who_came_to_one_small_group_was_together(engines: Engines, oak: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        oak.db = db
        oak.publication([Held("cards", "lounge", 0, "10:00", ["finn"], NAMES[:3], ref="cards-1")])
        for who, outcome in (("ada", "attended"), ("ben", "attended"), ("cleo", "declined")):
            mark(oak, "cards-1", who, MONDAY, outcome)

    assert dict(show(engines, oak).together) == {frozenset(oak.residents[name].id for name in ("ada", "ben")): 1}


def test_what_would_help_is_what_most_share_in_a_small_group(engines: Engines, oak: CommunityBuilder) -> None:
    tie(engines, oak, "ben-cleo", "dov-esi", "fay-gus", "gus-hal")
    with unit_of_work(engines) as db:
        oak.db = db
        for name in ("ada", "ben", "cleo"):
            oak.wish(oak.residents[name], oak.activities["cards"], 3)
        for name in ("ada", "dov", "esi", "fay"):
            oak.wish(oak.residents[name], oak.activities["choir"], 5)
        for name in ("ada", "ben", "cleo"):
            db.merge(oak.residents[name]).times = {"morning": 2, "afternoon": -1, "evening": 0}

    (help_,) = show(engines, oak).alone

    assert help_.common is not None
    assert (help_.common.activity, help_.common.part) == ("Cards", "morning")
    assert [other.called for other in help_.common.others] == ["Ben", "Cleo"]


def test_nobody_is_suggested_who_said_no_asks_for_quiet_or_is_uneasy(engines: Engines, oak: CommunityBuilder) -> None:
    tie(engines, oak, "ben-cleo", "dov-esi", "fay-gus", "gus-hal")
    tie(engines, oak, "ada-ben", strength=-3)
    with unit_of_work(engines) as db:
        oak.db = db
        for name in ("ada", "ben", "cleo", "dov", "esi"):
            oak.wish(oak.residents[name], oak.activities["cards"], 3)
        oak.refusal(oak.residents["cleo"], activity=oak.activities["cards"])
        db.merge(oak.residents["dov"]).sessions_max = 0

    (help_,) = show(engines, oak).alone

    assert help_.common is not None
    assert [other.called for other in help_.common.others] == ["Esi"]


def test_where_nothing_is_liked_in_common_there_is_next_door(engines: Engines, oak: CommunityBuilder) -> None:
    tie(engines, oak, "ben-cleo", "dov-esi", "fay-gus", "gus-hal")
    assert [help_.common for help_ in show(engines, oak).alone] == [None]  # four rooms on is not next door
    with unit_of_work(engines) as db:
        db.merge(oak.residents["cleo"]).room = "A 3"

    (help_,) = show(engines, oak).alone

    assert help_.common is not None
    assert ([other.called for other in help_.common.next_door], help_.common.activity) == (["Cleo"], "")


def test_a_past_that_few_have_brings_people_together_and_the_usual_one_does_not(
    engines: Engines, oak: CommunityBuilder
) -> None:
    tie(engines, oak, "ben-cleo", "dov-esi", "fay-gus", "gus-hal")
    with unit_of_work(engines) as db:
        people = {name: db.merge(oak.residents[name]) for name in NAMES}
        for person in people.values():
            person.languages = ["English"]
        people["ada"].languages, people["ada"].trades = ["English", "Twi"], ["Baker"]
        people["esi"].languages, people["hal"].trades = ["twi", "English"], ["baker"]

    (help_,) = show(engines, oak).alone

    assert help_.common is not None
    shared = [(other.called, help_.common.pasts[other.id].word) for other in help_.common.others]
    assert sorted(shared) == [("Esi", "Twi"), ("Hal", "Baker")]


def test_who_asked_for_quiet_or_is_new_is_said_so(engines: Engines, oak: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        db.merge(oak.residents["ada"]).sessions_max = 0
        db.merge(oak.residents["ben"]).arrived_on = date(2026, 11, 20)

    ada, ben, *_others = show(engines, oak).alone

    assert (ada.by_choice, ada.common, ben.by_choice, ben.came_on) == (True, None, False, date(2026, 11, 20))


@pytest.mark.parametrize(("said", "after", "asks"), [(NOT_NOW, 27, False), (NOT_NOW, 28, True), (NEVER, 400, False)])
def test_not_now_asks_again_in_four_weeks_and_never_never(
    engines: Engines, oak: CommunityBuilder, said: str, after: int, asks: bool
) -> None:
    tie(engines, oak, "ben-cleo", "dov-esi", "fay-gus", "gus-hal")
    with unit_of_work(engines) as db:
        oak.db = db
        for name in ("ada", "ben"):
            oak.wish(oak.residents[name], oak.activities["cards"], 3)
        answer(db, Teller(oak.id, None, NOW), MEET, said, oak.residents["ada"].id)
    with unit_of_work(engines) as db:
        day = TODAY + after * DAY
        shown = show_living_group(db, oak.id, oak.groups["garden"].id, today=day, seen_by=DIRECTOR)

    assert [help_.common is not None for help_ in shown.alone] == [asks]


def test_a_living_group_of_another_community_is_none(engines: Engines, oak: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm = community(db, "elm")
        foreign = elm.group("hill").id
        with pytest.raises(NotFound):
            show_living_group(db, oak.id, foreign, today=TODAY, seen_by=DIRECTOR)


def mark(made: CommunityBuilder, ref: str, who: str, day: date, outcome: str, level: str | None = None) -> None:
    at = datetime.combine(day, time(12), tzinfo=UTC)
    made.add(
        Attendance(
            community_id=made.id,
            session_ref=ref,
            on_date=day,
            resident_id=made.residents[who].id,
            outcome=outcome,
            level=level,
            key=f"{ref}-{who}",
            number=1,
            tapped_at=at,
            marked_at=at,
        )
    )
