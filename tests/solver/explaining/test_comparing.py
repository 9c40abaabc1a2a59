"""What changes between two schedules, by session and by person, and who has to be told."""

from solver.explaining.comparing import PeopleTold, compare, people_told
from solver.model.check import score
from tests.solver.builders import Tree, activity, held, problem, read, session, space
from tests.solver.explaining.cases import legal_case
from tests.solver.strategies import Chance, make_schedule

PLAIN = problem(spaces=[space("lounge"), space("hall")], activities=[activity("choir"), activity("chess")])


def kinds(before: list[Tree], after: list[Tree]) -> list[tuple[str, ...]]:
    return [each.kinds for each in compare(read(PLAIN), held(before), held(after)).sessions]


def people(before: list[Tree], after: list[Tree]) -> dict[str, list[tuple[tuple[str, ...], str | None, str | None]]]:
    found = compare(read(PLAIN), held(before), held(after)).people
    return {
        name: [(each.kinds, each.before and each.before.id, each.after and each.after.id) for each in changes]
        for name, changes in found.items()
    }


def test_what_is_the_same_is_not_told() -> None:
    rows = [session(facilitators=["finn", "gia"], residents=["ada", "ben"])]
    turned = [session(facilitators=["gia", "finn"], residents=["ben", "ada"])]

    assert (kinds(rows, turned), people(rows, turned)) == ([], {})
    assert people_told(held(rows), held(turned)) == PeopleTold()


def test_each_kind_of_change_of_a_session() -> None:
    rows = [session()]

    assert kinds(rows, []) == [("gone",)]
    assert kinds([], rows) == [("new",)]
    assert kinds(rows, [session(day=1)]) == kinds(rows, [session(start="11:00")]) == [("moved",)]
    assert kinds(rows, [session(space="hall")]) == [("relocated",)]
    assert kinds(rows, [session(facilitators=["gia"])]) == [("led",)]
    assert kinds(rows, [session(day=1, space="hall", facilitators=[])]) == [("moved", "relocated", "led")]
    assert kinds(rows, [session(of="chess")]) == [("gone",), ("new",)]


def test_each_kind_of_change_for_a_person() -> None:
    before = [session(residents=["ada", "ben"]), session("s2", "chess", residents=["cem"])]
    after = [session(residents=["ada", "cem"], start="11:00", space="hall")]

    assert people(before, after) == {
        "ada": [(("moved", "relocated"), "s1", "s1")],
        "ben": [(("withdrawn",), "s1", "s1")],
        "cem": [(("invited",), None, "s1"), (("withdrawn",), "s2", None)],
    }


def test_the_newly_invited_count_apart_and_those_who_left_not_at_all() -> None:
    before = [session(residents=["ada", "ben", "gone"])]
    after = [session(residents=["ada", "cem", "ben"], start="11:00"), session("s2", "chess", residents=["ben"])]

    told = people_told(held(before), held(after), ["ada", "ben", "cem"])

    assert told == PeopleTold(moved=frozenset({"ada", "ben"}), invited=frozenset({"ben", "cem"}))
    assert (told.told, told.only_invited) == ({"ada", "ben"}, {"cem"})
    assert people_told(held(before), held(after)).withdrawn == {"gone"}
    assert compare(read(PLAIN), held(before), held(after)).told == told


def test_schedules_that_know_nothing_of_each_other_are_matched_by_what_they_hold() -> None:
    before = [session("s1"), session("s2", day=1)]
    after = [session("s1", day=1), session("s2")]  # the same two, numbered the other way round

    assert (kinds(before, after), people(before, after)) == ([], {})


def test_what_is_told_is_what_the_terms_take_off() -> None:
    """With every weight 1 the four terms count places: those of the people who are told."""
    seen = 0
    for seed in range(300):
        if (made := legal_case(seed)) is None:
            continue
        tree, rows = made
        tree = {**tree, "previous": rows, "weights": dict.fromkeys(("cancel", "move", "relocate", "drop"), 1)}
        tree.pop("frozen_until", None)
        tree.pop("pins", None)
        after = {row["id"]: row for row in make_schedule(Chance(seed), tree)}
        known = {each["id"] for key in ("spaces", "activities") for each in tree[key]}
        now = [row for row in after.values() if {row["space"], row["activity"]} <= known]
        if any(len(set(row["residents"])) < len(row["residents"]) for row in now):
            continue  # a session that names somebody twice is none
        if any(row["activity"] != after.get(row["id"], row)["activity"] for row in rows):
            continue  # no schedule may change an id's activity
        found = compare(read(tree), held(rows), held(now))
        if any(each.before and each.after and each.before.id != each.after.id for each in found.sessions):
            continue  # nor what is alike the id
        changes = [each for row in found.people.values() for each in row]
        terms = score(read(tree), held(now))
        count = {kind: sum(kind in each.kinds for each in changes) for kind in ("withdrawn", "moved", "relocated")}
        seen += bool(changes)

        gone = sum(each.kinds == ("withdrawn",) and each.after is None for each in changes)
        assert (gone, count["withdrawn"] - gone) == (-terms["cancel"], -terms["drop"])
        dropped = [each for each in changes if "withdrawn" in each.kinds and each.after is not None]
        moved = sum((each.before.day, each.before.start) != (each.after.day, each.after.start) for each in dropped)
        assert count["moved"] + moved == -terms["move"]
        assert count["relocated"] + sum(each.before.space != each.after.space for each in dropped) == -terms["relocate"]
    assert seen > 20
