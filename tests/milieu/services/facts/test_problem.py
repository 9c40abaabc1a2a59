"""The problem holds exactly what was told, and nothing of it once that is taken back."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.models import Activity, Change
from milieu.queries.facts.guests import guests_to_come
from milieu.queries.facts.kinds import KINDS, TOLD
from milieu.services.facts import telling
from milieu.services.facts.cancelling import tell_cancelled
from milieu.services.facts.living import tell_death, tell_departure, tell_move
from milieu.services.facts.outdoors import tell_weather
from milieu.services.facts.short_handed import tell_short_handed
from milieu.services.facts.stretch import Stretch
from milieu.services.facts.taking_back import take_back
from milieu.services.facts.unwell import tell_hospital, tell_in_bed
from milieu.services.facts.visiting import Visit, tell_visit
from milieu.services.residents.arriving import Arrival, tell_arrival
from milieu.services.teller import Teller
from milieu.solving.problem.document import canonical, read_facts
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, small_community

TODAY = NOW.date()  # a Wednesday
THURSDAY, FRIDAY = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
MORNING = Stretch(THURSDAY, THURSDAY, 0, 720)
KEYED = ("residents", "spaces", "facilitators", "activities")
Elm = CommunityBuilder
Tell = Callable[[DbSession, Teller, Elm], object]


@pytest.fixture
def elm(engines: Engines) -> Elm:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.space("garden", features=["garden"])
        made.activity("skittles")
        made.activity("bowls", needs_features=["garden"], wet_twin="skittles", domains=["outdoor"])
        return made


def document(engines: Engines, elm: Elm) -> dict[str, Any]:
    with reading(engines) as db:
        facts = read_facts(db, elm.id, MONDAY, NOW).facts
    tree = facts.model_dump(mode="json", by_alias=True)
    assert canonical(facts)
    return {
        **tree,
        **{
            name: {row["id"]: row for row in tree[name]}
            for name in ("residents", "spaces", "facilitators", "activities")
        },
    }


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Where two trees differ, as paths; a whole branch that came or went is one."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from differences(before.get(key), after.get(key), f"{path}/{key}")
    elif before != after:
        yield path


def absence(db: DbSession, teller: Teller, elm: Elm) -> object:
    return telling.tell_absence(db, teller, elm.facilitators["finn"].id, MORNING)


def closure(db: DbSession, teller: Teller, elm: Elm) -> object:
    return telling.tell_closure(db, teller, elm.spaces["studio"].id, MORNING, "repairs")


def weather(db: DbSession, teller: Teller, elm: Elm) -> object:
    return tell_weather(db, teller, [elm.spaces["garden"].id], Stretch(THURSDAY, THURSDAY))


def busy(db: DbSession, teller: Teller, elm: Elm) -> object:
    return telling.tell_busy(db, teller, elm.residents["ada"].id, MORNING, "outing")


def outbreak(db: DbSession, teller: Teller, elm: Elm) -> object:
    return telling.tell_outbreak(db, teller, elm.groups["garden"].id, Stretch(THURSDAY, FRIDAY))


def refusal(db: DbSession, teller: Teller, elm: Elm) -> object:
    return telling.tell_refusal(db, teller, elm.residents["ada"].id, "activity", elm.activities["walk"].id, until=None)


def apart(db: DbSession, teller: Teller, elm: Elm) -> object:
    return telling.tell_apart(db, teller, elm.residents["cleo"].id, elm.residents["esi"].id, until=None)


def arrival(db: DbSession, teller: Teller, elm: Elm) -> object:
    return tell_arrival(db, teller, Arrival("Gus", "Made-Up", elm.groups["river"].id, "9", THURSDAY))


def move(db: DbSession, teller: Teller, elm: Elm) -> object:
    return tell_move(db, teller, elm.residents["ada"].id, elm.groups["river"].id, "9")


def departure(db: DbSession, teller: Teller, elm: Elm) -> object:
    return tell_departure(db, teller, elm.residents["cleo"].id, FRIDAY, "moved")


def death(db: DbSession, teller: Teller, elm: Elm) -> object:
    return tell_death(db, teller, elm.residents["cleo"].id, TODAY)


def guest(db: DbSession, teller: Teller, elm: Elm) -> object:
    visit = Visit(elm.activities["choir"].id, elm.spaces["lounge"].id, FRIDAY, 900, guest="Ida Fiddler")
    return tell_visit(db, teller, visit)


def hospital(db: DbSession, teller: Teller, elm: Elm) -> object:
    return tell_hospital(db, teller, elm.residents["ada"].id, THURSDAY, None)


def bed(db: DbSession, teller: Teller, elm: Elm) -> object:
    return tell_in_bed(db, teller, elm.residents["ada"].id, THURSDAY, FRIDAY, "")


def hands(db: DbSession, teller: Teller, elm: Elm) -> object:
    return tell_short_handed(db, teller, MORNING, [elm.facilitators["finn"].id], 1)


def cancelled(db: DbSession, teller: Teller, elm: Elm) -> object:
    (coming,) = guests_to_come(db, elm.id, TODAY)
    return tell_cancelled(db, teller, coming.id)


COHORTS = {f"/residents/{{{name}}}/cohort" for name in ("ada", "ben", "cleo")}
SMALL = {f"/activities/{{{name}}}/domains" for name in ("chess", "walk")}  # small groups, which a newcomer is asked to

# What each fact changes of the document: everything else is as it was. {ada} and so on are ids.
TOUCHES: dict[str, tuple[Tell, set[str]]] = {
    "absence": (absence, {"/facilitators/{finn}/available"}),
    "closure": (closure, {"/spaces/{studio}/open"}),
    "weather": (weather, {"/spaces/{garden}/open", "/activities/{skittles}"}),
    "busy": (busy, {"/residents/{ada}/busy"}),
    "outbreak": (outbreak, {"/groups", "/separate_cohorts", *COHORTS}),
    "refusal": (refusal, {"/residents/{ada}/refuses/activities"}),
    "apart": (apart, {"/ties"}),
    "arrival": (arrival, {"/residents/{new}", "/ties", "/groups", *SMALL}),
    "move": (move, {"/residents/{ada}/zone", "/groups"}),
    "departure": (departure, {"/residents/{cleo}/busy"}),
    "death": (death, {"/residents/{cleo}/busy"}),
    "guest": (guest, {"/facilitators/{new}", "/pins"}),
    "hospital": (hospital, {"/residents/{ada}/busy"}),
    "bed": (bed, {"/residents/{ada}/busy"}),
    "hands": (hands, {"/facilitators/{finn}/available", "/escorts"}),
    "cancelled": (cancelled, {"/facilitators/{new}/available", "/pins"}),
}
BEFORE: dict[str, Tell] = {"cancelled": guest}
"""What is told before a fact of a kind can be."""


def test_every_kind_of_fact_is_in_the_table() -> None:
    assert set(TOUCHES) == set(KINDS)


@pytest.mark.parametrize("kind", TOUCHES)
def test_the_problem_holds_what_was_told_and_no_more_until_it_is_taken_back(
    engines: Engines, elm: Elm, kind: str
) -> None:
    tell, expected = TOUCHES[kind]
    teller = Teller(elm.id, None, NOW)
    if kind in BEFORE:
        with unit_of_work(engines) as db:
            BEFORE[kind](db, teller, elm)
    before = document(engines, elm)
    with unit_of_work(engines) as db:
        tell(db, teller, elm)

    told = document(engines, elm)
    known = {
        row.id: key
        for rows in (elm.residents, elm.spaces, elm.facilitators, elm.activities)
        for key, row in rows.items()
    }
    paths = set(differences(before, told))
    named = {"/".join(_named(part, known) for part in path.split("/")) for path in paths}
    assert named, "nothing of it is in the problem"
    assert named == expected

    with unit_of_work(engines) as db:
        line = db.scalars(select(Change).where(Change.verb == TOLD, Change.noun == kind)).one()
        take_back(db, teller, line.id)
    after = document(engines, elm)
    left = {path for path in differences(before, after) if not (kind == "guest" and path.startswith("/facilitators/"))}
    assert left == set()


def _named(part: str, known: dict[str, str]) -> str:
    """A part of a path with the key of a test for an id; who is new is "new"."""
    if part in known:
        return f"{{{known[part]}}}"
    return "{new}" if len(part) == 26 else part


def test_a_guest_is_fixed_where_and_when_and_leads_alone(engines: Engines, elm: Elm) -> None:
    with unit_of_work(engines) as db:
        guest(db, Teller(elm.id, None, NOW), elm)

    (pin,) = document(engines, elm)["pins"]
    fixed = pin["session"]
    assert (fixed["activity"], fixed["space"]) == (elm.activities["choir"].id, elm.spaces["lounge"].id)
    assert (fixed["day"], fixed["start"]) == (4, "15:00")
    (leader,) = fixed["facilitators"]
    told = document(engines, elm)["facilitators"][leader]
    assert [(each["day"], each["from"], each["to"]) for each in told["available"]] == [(4, "15:00", "15:45")]


def test_rain_takes_the_garden_and_offers_what_takes_its_place(engines: Engines, elm: Elm) -> None:
    with unit_of_work(engines) as db:
        weather(db, Teller(elm.id, None, NOW), elm)

    with reading(engines) as db:
        assert db.scalar(select(Activity.wet_twin).where(Activity.key == "bowls")) == "skittles"
    windows = document(engines, elm)["activities"][elm.activities["skittles"].id]["windows"]
    assert {each["day"] for each in windows} == {3}
