"""What an edit does to published weeks is said before it holds; the same on both databases."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.errors import Conflict, NotFound
from milieu.models import Facilitator, Roster, Space
from milieu.services.house import effects
from milieu.services.house.effects import BY_RULE
from milieu.services.house.things import keeping, showing
from milieu.services.house.things.kinds import ACTIVITIES, KINDS, SPACES, TEAM
from milieu.services.house.things.naming import key_like
from milieu.services.house.things.uses import uses_of
from milieu.services.teller import Teller
from solver.model.wording.words import OF_RULES
from tests.milieu.builders import NOW, CommunityBuilder, Held, small_community

Do = Callable[[Callable[[DbSession], Any]], Any]
TODAY = NOW.date()


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication(
            [
                Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday"),
                Held("chess", "studio", 4, "14:00", ["gita"], ["ada", "cleo"], ref="friday"),
                Held("walk", "studio", 0, "14:00", ["gita"], ["ada", "cleo"], ref="over"),
            ]
        )
        return made


@pytest.fixture
def teller(elm: CommunityBuilder) -> Teller:
    return Teller(elm.id, None, NOW)


@pytest.fixture
def do(engines: Engines) -> Do:
    def done(work: Callable[[DbSession], Any]) -> Any:
        with unit_of_work(engines) as db:
            return work(db)

    return done


@pytest.mark.parametrize(
    ("edit", "needs"),
    [
        (lambda elm: ("space", "lounge", {"capacity": 1}), [(effects.PLACE, date(2026, 12, 3), 1)]),
        (lambda elm: ("facilitator", "gita", {"ended_on": TODAY}), [(effects.LEADER, date(2026, 12, 4), 1)]),
        (lambda elm: ("activity", "choir", {"min_group": 3}), [(effects.PEOPLE, date(2026, 12, 3), 1)]),
        (lambda elm: ("activity", "walk", {"min_group": 3}), []),  # what is over is not told otherwise
        (lambda elm: ("activity", "choir", {"months": [1]}), [(effects.OFFER, date(2026, 12, 3), 1)]),
        (lambda elm: ("facilitator", "finn", {"max_sessions_per_day": 1}), []),
        (lambda elm: ("facilitator", "gita", {"max_sessions_per_day": 0}), [(effects.LEADER, date(2026, 12, 4), 1)]),
        (lambda elm: ("space", "lounge", {"name": "Salon"}), []),
        (lambda elm: ("space", "lounge", {"capacity": 2}), []),
        (
            lambda elm: ("activity", "chess", {"needs_features": ["organ"], "needs_skills": ["organ"]}),
            [(effects.LEADER, date(2026, 12, 4), 1), (effects.PLACE, date(2026, 12, 4), 1)],
        ),
    ],
)
def test_each_edit_says_which_sessions_need_what(
    engines: Engines, elm: CommunityBuilder, do: Do, edit: Callable[..., Any], needs: list[Any]
) -> None:
    kind, key, values = edit(elm)
    row = {"space": elm.spaces, "facilitator": elm.facilitators, "activity": elm.activities}[kind][key]
    with reading(engines) as db:
        before = effects.standing(db, elm.id, NOW)

    def change(db: DbSession) -> Any:
        changed = db.get_one(type(row), (elm.id, row.id))
        for name, value in values.items():
            setattr(changed, name, value)
        db.flush()
        return effects.standing(db, elm.id, NOW)

    found = effects.counted(effects.news(do(change), before))

    assert [(each.needs, each.on_date, each.sessions) for each in found] == needs


def test_a_leader_of_too_many_is_counted_by_the_sessions_that_are_too_many(
    engines: Engines, elm: CommunityBuilder, do: Do
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        times, people = (13, 14, 15), ["ada", "cleo"]
        held = [Held("chess", "studio", 4, f"{hour}:00", ["gita"], people, ref=f"chess-{hour}") for hour in times]
        elm.publication(held)

    def change(db: DbSession) -> Any:
        db.get_one(Facilitator, (elm.id, elm.facilitators["gita"].id)).max_sessions_per_day = 1
        db.flush()
        return effects.standing(db, elm.id, NOW)

    found = [each for each in do(change) if "would lead" in each.said]

    assert [each.said for each in found] == ["Gita Made-Up would lead 3 sessions on Friday; at most 1 was agreed."]
    assert effects.counted(found) == (effects.Needs(effects.LEADER, date(2026, 12, 4), 2),)


def test_nothing_is_saved_until_just_that_was_read(engines: Engines, elm: CommunityBuilder, do: Do) -> None:
    lounge = elm.spaces["lounge"].id

    def shrink(db: DbSession, read: str = "") -> None:
        db.get_one(Space, (elm.id, lounge)).capacity = 1
        db.flush()
        effects.check(db, elm.id, NOW, before=lambda: (), read=read)

    with pytest.raises(effects.Touched) as touched:
        do(shrink)
    with reading(engines) as db:
        assert db.get_one(Space, (elm.id, lounge)).capacity == 12
    with pytest.raises(effects.Touched):
        do(lambda db: shrink(db, "another seal"))
    do(lambda db: shrink(db, touched.value.seal))
    with reading(engines) as db:
        assert db.get_one(Space, (elm.id, lounge)).capacity == 1


def test_what_stood_against_a_week_before_is_in_nobodys_way(engines: Engines, elm: CommunityBuilder, do: Do) -> None:
    """Two are told of a lounge for one: whatever else is saved now is not asked about that again."""
    do(lambda db: setattr(db.get_one(Space, (elm.id, elm.spaces["lounge"].id)), "capacity", 1))

    def edit(db: DbSession, values: dict[str, Any]) -> None:
        for name, value in values.items():
            setattr(db.get_one(Facilitator, (elm.id, elm.facilitators["gita"].id)), name, value)
        db.flush()
        with reading(engines) as other:
            before = effects.standing(other, elm.id, NOW)
        effects.check(db, elm.id, NOW, before=lambda: before)

    do(lambda db: edit(db, {"name": "Gita the Elder"}))
    with pytest.raises(effects.Touched) as touched:
        do(lambda db: edit(db, {"ended_on": TODAY}))

    assert [each.needs for each in touched.value.new] == [effects.LEADER]
    assert {each.needs for each in touched.value.standing} == {effects.LEADER, effects.PLACE}


def test_what_was_read_before_is_known(engines: Engines, elm: CommunityBuilder, do: Do) -> None:
    """What stands after an edit is what stands before the next: each published week is read once for each."""
    do(lambda db: setattr(db.get_one(Space, (elm.id, elm.spaces["lounge"].id)), "capacity", 1))
    first = _statements(engines, elm)

    again = _statements(engines, elm)

    assert again < first / 3


def test_a_check_of_a_week_reads_as_much_whatever_its_size(engines: Engines, elm: CommunityBuilder) -> None:
    """Each published week is read once: a number of statements that does not grow with sessions or people."""
    counts = [_statements(engines, elm)]
    with unit_of_work(engines) as db:
        elm.db = db
        for number in range(4):
            elm.resident(f"more{number}", group="garden")

    counts.append(_statements(engines, elm))

    assert counts[0] == counts[1]


def _statements(engines: Engines, elm: CommunityBuilder) -> int:
    """How many statements a check takes."""
    heard: list[str] = []

    def note(*given: Any) -> None:
        heard.append(given[2])

    with reading(engines) as db:
        event.listen(db.get_bind(), "before_cursor_execute", note)
        effects.standing(db, elm.id, NOW)
        event.remove(db.get_bind(), "before_cursor_execute", note)
    return len(heard)


def test_what_is_made_is_found_with_what_belongs_to_it_and_its_history(
    engines: Engines, elm: CommunityBuilder, teller: Teller, do: Do
) -> None:
    typed = {"name": "Rosa Delgado", "kind": "volunteer", "skills": "music;dog", "leads_alone": "choir"}
    made = do(lambda db: keeping.make_thing(db, teller, TEAM, typed))
    hours = {"days": "Mon;Tue", "from": "09:00", "to": "12:00", "valid_from": "2026-12-07"}
    do(lambda db: keeping.add_piece(db, teller, TEAM, made.row_id, TEAM.piece("roster"), hours))
    familiar = {"resident": elm.residents["ada"].id}
    do(lambda db: keeping.add_piece(db, teller, TEAM, made.row_id, TEAM.piece("familiar"), familiar))

    with reading(engines) as db:
        shown = showing.thing_of(db, elm.id, TEAM, made.row_id, TODAY)
        past = showing.history_of_thing(db, elm.id, TEAM, made.row_id)
        row = db.get_one(Facilitator, (elm.id, made.row_id))
    assert (shown.key, shown.texts["leads_alone"], row.kind) == ("rosa-delgado", "choir", "volunteer")
    assert [(each.texts["days"], each.texts["from"]) for each in shown.pieces["roster"]] == [
        ("Mon", "09:00"),
        ("Tue", "09:00"),
    ]
    assert [each.texts["resident"] for each in shown.pieces["familiar"]] == ["Ada Made-Up"]
    assert sorted((each.of, each.verb, each.may_undo) for each in past) == [
        ("familiar", "added", True),
        ("roster", "added", True),
        ("roster", "added", True),
        ("team", "added", False),
    ]
    first = next(each.id for each in past if each.of == "team")
    with pytest.raises(Conflict, match="is ended, not undone"):
        do(lambda db: keeping.undo_change(db, teller, (TEAM.part,), first))
    parts = tuple(each.part for each in TEAM.pieces)
    for line in past:
        if line.may_undo:
            do(lambda db, line=line: keeping.undo_change(db, teller, parts, line.id))
    with reading(engines) as db:
        assert db.query(Roster).filter_by(facilitator_id=made.row_id).count() == 0
        assert showing.thing_of(db, elm.id, TEAM, made.row_id, TODAY).pieces["familiar"] == ()


def test_of_another_community_there_is_nothing(engines: Engines, elm: CommunityBuilder, do: Do) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    stranger = Teller(oak.id, None, NOW)

    for kind, row in ((SPACES, elm.spaces["lounge"]), (ACTIVITIES, elm.activities["choir"])):
        with reading(engines) as db, pytest.raises(NotFound):
            showing.thing_of(db, oak.id, kind, row.id, TODAY)
        with pytest.raises(NotFound):
            do(lambda db, kind=kind, row=row: keeping.end_thing(db, stranger, kind, row.id, 1))
        for piece in kind.pieces:
            with pytest.raises(NotFound):
                do(lambda db, kind=kind, row=row, piece=piece: keeping.add_piece(db, stranger, kind, row.id, piece, {}))


def test_what_names_a_thing_is_counted(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.wish(elm.residents["ada"], elm.activities["choir"])
        db.get_one(Facilitator, (elm.id, elm.facilitators["gita"].id)).leads_alone = ["choir"]

    with reading(engines) as db:
        found = {
            kind.name: {
                each.what: (each.count, each.names) for each in uses_of(db, elm.id, kind, row.id, today=TODAY, now=NOW)
            }
            for kind, row in ((ACTIVITIES, elm.activities["choir"]), (TEAM, elm.facilitators["finn"]))
        }
    assert found["activities"]["sessions"] == (1, ())
    assert found["activities"]["alone"] == (1, ("Gita Made-Up",))
    assert found["activities"]["wishes"][0] >= 1
    assert found["team"]["duties"] == (1, ())
    assert set(KINDS) >= set(found)


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [
        ("Morning Stretch!", set(), "morning-stretch"),
        ("Morning  stretch", {"morning-stretch"}, "morning-stretch-2"),
        ("Hof Süd", {"hof-süd", "hof-süd-2"}, "hof-süd-3"),
        ("…", set(), "new"),
        ("x" * 120, set(), "x" * 75),
    ],
)
def test_a_key_is_made_of_a_name(name: str, taken: set[str], key: str) -> None:
    assert key_like(name, taken) == key


def test_every_rule_says_what_a_session_needs_instead() -> None:
    assert BY_RULE.keys() == OF_RULES.keys()
