"""Why a publication changed what it did: kept when it is made, and told from there, whatever becomes of the fact."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from milieu import causes
from milieu.causes import CLOSURE_KINDS, KINDS, Cause, as_json, for_family, for_team, read_causes
from milieu.database import Engines, reading, unit_of_work
from milieu.models import Absence, Outbreak, PublishedChange, ResidentBusy, SessionHeld, SpaceClosure, Stay
from milieu.queries.family.changes import FamilyChange, changes_since
from milieu.queries.floor.changes import DayChange, changes_of_day
from milieu.queries.history.issues import issues_of
from milieu.queries.residents.people import units_of
from milieu.services.weeks.editions import REPAIR, Edition, issue
from milieu.services.weeks.told import LastChanges, last_changes
from milieu.solving.answer.checking import check_week
from milieu.solving.contents import SessionContent, read_published
from milieu.solving.problem.document import make_problem
from milieu.solving.repair.mending import mend
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

THURSDAY = MONDAY + timedelta(days=3)
WEEK = [
    Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben", "cleo", "esi"], ref="choir"),
    Held("walk", "studio", 3, "15:00", ["gita"], ["ada", "esi"], ref="walk"),
]
Fact = Callable[[CommunityBuilder], object]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """A week published on the Friday before; it is Wednesday."""
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication(WEEK)
        return made


def closed(kind: str = "other") -> Fact:
    def close(elm: CommunityBuilder) -> None:
        ids = {"community_id": elm.id, "space_id": elm.spaces["lounge"].id}
        elm.add(
            SpaceClosure(**ids, first_date=THURSDAY, last_date=THURSDAY, start_minute=0, end_minute=1440, kind=kind)
        )

    return close


def away(elm: CommunityBuilder) -> None:
    ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
    elm.add(Absence(**ids, first_date=THURSDAY, last_date=THURSDAY))


def shut(elm: CommunityBuilder) -> None:
    garden = elm.groups["garden"].id
    elm.add(Outbreak(community_id=elm.id, living_group_id=garden, valid_from=THURSDAY))


def gone(elm: CommunityBuilder) -> None:
    elm.db.execute(update(Stay).where(Stay.resident_id == elm.residents["ben"].id).values(left_on=THURSDAY))


def apart(elm: CommunityBuilder) -> None:
    elm.tie(elm.residents["ben"], elm.residents["cleo"], None)


def refused(elm: CommunityBuilder) -> None:
    elm.refusal(elm.residents["ben"], activity=elm.activities["choir"])


def limited(elm: CommunityBuilder) -> None:
    elm.limit(elm.residents["ben"], space=elm.spaces["lounge"])


def visited(elm: CommunityBuilder) -> None:
    elm.busy(elm.residents["ben"], "10:15", "11:00", kind="visit", on_date=THURSDAY)


def off(elm: CommunityBuilder) -> None:
    said = {"session_ref": "choir", "on_date": THURSDAY, "was_held": False}
    elm.add(SessionHeld(community_id=elm.id, number=1, marked_at=NOW, **said))


def happens(engines: Engines, elm: CommunityBuilder, *facts: Fact) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        for fact in facts:
            fact(elm)


def repaired(
    engines: Engines, elm: CommunityBuilder, change: Callable[[SessionContent], SessionContent] | None = None
) -> None:
    """The published week mended by simple rules, or changed by hand, and issued as the clock would."""
    with unit_of_work(engines) as db:
        source = make_problem(db, elm.id, MONDAY, NOW, repair=True)
        published = read_published(db, elm.id, MONDAY)
        assert published is not None
        contents = mend(source) if change is None else tuple(map(change, published.sessions))
        assert contents is not None
        checked = check_week(source, contents)
        issue(db, Edition(REPAIR, source, checked.contents, None, None, {}), now=NOW)


def kept(engines: Engines, elm: CommunityBuilder, ref: str = "choir") -> tuple[str, list[Cause]]:
    """The kind of a session's change, and why, without the sentences."""
    with reading(engines) as db:
        row = db.query(PublishedChange).filter_by(community_id=elm.id, session_ref=ref).one()
        return row.kind, [replace(each, said="") for each in read_causes(row.because, {})]


def last(engines: Engines, elm: CommunityBuilder) -> LastChanges | None:
    with reading(engines) as db:
        return last_changes(db, elm.id, MONDAY)


def family(engines: Engines, elm: CommunityBuilder, who: str = "ada") -> list[FamilyChange]:
    days = [MONDAY + timedelta(days=ahead) for ahead in range(7)]
    at = NOW - timedelta(days=1)
    with reading(engines) as db:
        return list(changes_since(db, elm.id, elm.residents[who].id, at, days, lambda day: True).changes)


def floor(engines: Engines, elm: CommunityBuilder, day: date = THURSDAY) -> Sequence[DayChange]:
    with reading(engines) as db:
        newest = read_published(db, elm.id, MONDAY)
        assert newest is not None
        units = units_of(db, elm.id)
        # It is published on the Wednesday; for the floor of Thursday what counts is the day's own midnight.
        found = changes_of_day(db, elm.id, NOW.date(), "Europe/London", newest.publication.id, units)
        return [each for each in found if (each.now or each.was).on_date == day]  # type: ignore[union-attr]


def test_history_tells_what_was_behind_it_in_the_order_of_the_week(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.publication([replace(WEEK[0], ref="z"), replace(WEEK[1], ref="a")])
    happens(engines, elm, away, lambda elm: elm.refusal(elm.residents["esi"], activity=elm.activities["walk"]))
    repaired(engines, elm)

    with reading(engines) as db:
        newest = issues_of(db, elm.id, MONDAY)[0]
    assert [each.kind for each in newest.causes] == ["staff", "refusal"]


@pytest.mark.parametrize(
    ("fact", "kind", "cause", "about", "people", "detail"),
    [
        (closed("weather"), "cancelled", "weather", "lounge", [], "weather"),
        (closed("repairs"), "cancelled", "space", "lounge", [], "repairs"),
        (away, "cancelled", "staff", "finn", [], ""),
        (shut, "invited", "outbreak", "garden", [], ""),
        (gone, "invited", "left", "", ["ben"], ""),
        (apart, "invited", "apart", "", ["ben", "cleo"], ""),
        (refused, "invited", "refusal", "", ["ben"], ""),
        (limited, "invited", "limit", "", ["ben"], ""),
        (visited, "invited", "busy", "", ["ben"], "visit"),
        (off, "cancelled", "not held", "", [], ""),
    ],
    ids=["weather", "repairs", "absence", "outbreak", "left", "apart", "refusal", "limit", "visit", "not held"],
)
def test_a_repair_keeps_the_fact_behind_each_change(
    engines: Engines,
    elm: CommunityBuilder,
    fact: Fact,
    kind: str,
    cause: str,
    about: str,
    people: list[str],
    detail: str,
) -> None:
    happens(engines, elm, fact)
    if fact is off:  # the mender does not know of it: what is off stays, as something that is off
        repaired(engines, elm, lambda each: replace(each, places=each.places[:2]) if each.ref == "choir" else each)
        kind = "invited"
    else:
        repaired(engines, elm)
    things = {**elm.spaces, **elm.facilitators, **elm.groups}

    [found] = kept(engines, elm)[1]

    assert kept(engines, elm)[0] == kind
    assert (found.kind, found.id, found.detail) == (cause, things[about].id if about else "", detail)
    assert set(found.people) == {elm.residents[each].id for each in people}


def test_the_last_changes_say_why_in_the_words_of_the_day_they_were_made(
    engines: Engines, elm: CommunityBuilder
) -> None:
    happens(engines, elm, away, refused)
    repaired(engines, elm)
    happens(engines, elm, lambda elm: elm.db.execute(delete(Absence)))

    found = last(engines, elm)

    assert found is not None
    assert (found.is_repair, found.is_kept) == (True, True)
    [change] = found.changes.sessions
    assert (change.ref, change.kind, set(change.left)) == (
        "choir",
        "cancelled",
        {"Ada Made-Up", "Ben Made-Up", "Cleo Made-Up", "Esi Made-Up"},
    )
    assert set(change.reasons) == {
        "Finn Made-Up is not there for Choir on Thursday at 10:00.",
        "Ben Made-Up has said no to Choir and is invited to Choir on Thursday at 10:00.",
    }
    assert change.about == {elm.residents["ben"].id}


def test_what_was_published_before_reasons_were_kept_is_told_without(engines: Engines, elm: CommunityBuilder) -> None:
    assert last(engines, elm) is None
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(WEEK[1:], kind="repair", published_at=NOW)

    found = last(engines, elm)

    assert found is not None
    assert (found.is_kept, [(each.ref, each.because) for each in found.changes.sessions]) == (False, [("choir", ())])


def test_a_family_is_told_the_reason_of_the_day_it_was_changed(engines: Engines, elm: CommunityBuilder) -> None:
    happens(engines, elm, closed("weather"))
    repaired(engines, elm)
    happens(engines, elm, lambda elm: elm.db.execute(delete(SpaceClosure)), away)  # neither is why it was taken out

    [change] = family(engines, elm)

    assert (change.kind, change.cause) == ("cancelled", Cause("weather", elm.spaces["lounge"].id, "Lounge"))


def test_a_reason_speaks_of_the_place_that_was_left_first(engines: Engines, elm: CommunityBuilder) -> None:
    """Moved for no reason, then again because the room is closed: of the place that she knew nothing was closed."""
    studio = elm.spaces["studio"].id
    repaired(
        engines,
        elm,
        lambda each: (
            replace(each, start_minute=each.start_minute + 60, end_minute=each.end_minute + 60)
            if each.ref == "choir"
            else each
        ),
    )
    happens(engines, elm, closed())
    repaired(
        engines,
        elm,
        lambda each: replace(each, space_id=studio, space_name="Studio") if each.ref == "choir" else each,
    )

    [change] = family(engines, elm)

    assert (change.kind, change.cause) == ("moved", None)


@pytest.mark.parametrize("fact", [refused, limited, apart, gone, shut])
def test_of_another_resident_or_of_health_a_family_hears_nothing(
    engines: Engines, elm: CommunityBuilder, fact: Fact
) -> None:
    happens(engines, elm, fact)
    repaired(engines, elm)

    assert all(each.cause is None for who in ("ada", "ben", "cleo", "esi") for each in family(engines, elm, who))


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (away, [("staff", "Finn Made-Up")]),
        (closed("weather"), [("weather", "Lounge")]),
        (refused, [("refusal", "Ben Made-Up")]),
        (visited, [("busy", "Ben Made-Up")]),
        (limited, []),
        (apart, []),
    ],
    ids=["absence", "weather", "refusal", "visit", "limit", "apart"],
)
def test_the_floor_hears_what_it_works_with(
    engines: Engines, elm: CommunityBuilder, fact: Fact, told: list[tuple[str, str]]
) -> None:
    wednesday = [replace(each, day=2, start="14:00") if each.ref == "choir" else each for each in WEEK]
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(wednesday, published_at=NOW - timedelta(days=1))
    moved = {"first_date": NOW.date(), "last_date": NOW.date(), "on_date": NOW.date()}
    happens(engines, elm, fact, lambda elm: _on_wednesday(elm, moved))
    repaired(engines, elm)

    found = [each for each in floor(engines, elm, NOW.date()) if each.ref == "choir"]

    assert [[(cause.kind, cause.name) for cause in each.because] for each in found] == [told]


def _on_wednesday(elm: CommunityBuilder, dates: dict[str, date]) -> None:
    """What the facts of this page say of Thursday, on the Wednesday."""
    for table in (Absence, SpaceClosure):
        elm.db.execute(update(table).values(first_date=dates["first_date"], last_date=dates["last_date"]))
    busy = {"on_date": dates["on_date"], "start_minute": 14 * 60, "end_minute": 15 * 60}
    elm.db.execute(update(ResidentBusy).values(**busy))


def test_every_kind_goes_there_and_back_and_is_told_to_nobody_who_may_not_hear_it() -> None:
    every = [Cause(kind, "x", people=("a", "b"), detail="d", said="It is so.") for kind in KINDS]

    assert read_causes(as_json(every), {"x": "X"}) == tuple(replace(each, name="X") for each in every)
    assert {each.kind for each in for_team(every)} == set(KINDS) - {
        causes.LIMIT,
        causes.APART,
        causes.LEFT_OUT,
        causes.RULE,
    }
    assert {told.kind for each in every if (told := for_family([each]))} == {"space", "weather", "staff", "made way"}
    assert read_causes({"causes": [{"kind": "of a later version"}]}, {}) == ()
    assert [causes.of_closure(kind, "x").kind for kind in CLOSURE_KINDS] == ["weather", *["space"] * 4]


def test_what_makes_way_for_another_change_says_so_to_everybody(engines: Engines, elm: CommunityBuilder) -> None:
    """The studio is closed to the walk, which takes the lounge and its time from the choir."""
    studio = {"community_id": elm.id, "space_id": elm.spaces["studio"].id, "start_minute": 0, "end_minute": 1440}
    wednesday = [replace(each, day=2, start="16:00" if each.ref == "choir" else "15:00") for each in WEEK]
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(wednesday, published_at=NOW - timedelta(days=1))
    happens(engines, elm, lambda elm: elm.add(SpaceClosure(**studio, first_date=NOW.date(), last_date=NOW.date())))
    repaired(engines, elm, lambda each: _after_a_closure(each, elm))

    found = last(engines, elm)

    assert found is not None
    reasons = {each.ref: each.reasons for each in found.changes.sessions}
    assert reasons["walk"] == ("Studio is closed during Walk on Wednesday at 15:00.",)
    assert reasons["choir"] == ("It makes way for Walk on Wednesday at 16:00.",)
    [change] = [each for each in family(engines, elm) if each.title == "Choir"]
    assert (change.kind, change.cause) == ("moved", Cause("made way"))
    [told] = [each for each in floor(engines, elm, NOW.date()) if each.ref == "choir"]
    assert [(each.kind, each.name) for each in told.because] == [("made way", "")]


def _after_a_closure(each: SessionContent, elm: CommunityBuilder) -> SessionContent:
    if each.ref == "choir":
        return replace(each, start_minute=each.start_minute + 60, end_minute=each.end_minute + 60)
    lounge = {"space_id": elm.spaces["lounge"].id, "space_name": "Lounge"}
    return replace(each, start_minute=each.start_minute + 60, end_minute=each.end_minute + 60, **lounge)
