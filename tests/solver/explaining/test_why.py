"""Why somebody is invited, and why not: planted cases with the sums in sight, and what a family may read of them."""

from collections.abc import Iterable

import pytest

from solver.explaining.why import Case, why_invited, why_not
from solver.model.reasons import Weighed
from solver.model.wording.audiences import audience_of, for_family
from solver.model.wording.words import Words
from tests.solver.builders import Tree, activity, facilitator, held, problem, read, resident, session, space, window
from tests.solver.explaining.cases import case, document, some_case


def told(reasons: Iterable[Weighed]) -> list[tuple[str, int]]:
    return [(each.code, each.amount) for each in reasons]


def test_why_somebody_is_invited_is_what_would_be_lost_without_them() -> None:
    tree = problem(
        activities=[activity("choir", domains=["social"])],
        residents=[
            resident(
                "ada",
                interests={"choir": 3},
                times={"morning": 2},
                zone="east",
                sessions={"min": 1},
                targets=[{"domain": "social", "min": 1, "weight": 2}],
            ),
            resident("ben"),
        ],
        ties=[{"a": "ada", "b": "ben", "strength": 4}],
        travel={"east": {"": 5}},
    )

    asked = case(tree, [session(residents=["ada", "ben"])])
    reasons = asked.why_invited("ada", "s1")

    assert told(reasons) == [
        ("why_wish", 40),  # her least number is 1
        ("why_only_liked", 30),
        ("why_aim", 20),  # 10 x weight 2
        ("why_warm", 15),
        ("why_warms", 15),  # Ben meets nobody else either
        ("why_knows", 12),  # 3 x 4
        ("why_likes", 12),  # 4 x 3
        ("why_little", 12),  # the first session
        ("why_time", 4),  # 2 x 2
        ("why_walk", -5),
    ]
    assert sum(each.amount for each in reasons) == -asked.ledger.gain("ada", asked.session("s1"))
    assert reasons[5].reason.fact("others") == ("ben",)


def test_a_private_tie_counts_and_no_reason_speaks_of_it() -> None:
    tree = problem(
        residents=[resident("ada"), resident("ben"), resident("cem")],
        ties=[{"a": "ada", "b": "ben", "strength": 4}, {"a": "ada", "b": "cem", "strength": -1}],
    )
    rows = [session(residents=["ada", "ben", "cem"])]
    private = {frozenset(("ada", "ben")), frozenset(("ada", "cem"))}

    asked = Case(read(tree), held(rows), private=private)

    assert {name: told(asked.why_invited(name, "s1")) for name in ("ada", "ben", "cem")} == {
        name: [("why_little", 12)] for name in ("ada", "ben", "cem")
    }
    assert asked.ledger.gain("ada", asked.session("s1")) == -(12 + 3 * 4 + 15 + 15 - 3)


def test_what_they_like_is_told_of_a_third_time_which_is_worth_nothing() -> None:
    tree = problem(residents=[resident("ada", interests={"choir": 3})], weights={"engagement": []})
    rows = [session(f"s{day}", day=day) for day in range(3)]

    assert [told(case(tree, rows).why_invited("ada", f"s{day}")) for day in range(3)] == [[("why_likes", 0)]] * 3


def test_of_more_than_an_aim_asks_for_the_first_serve_it() -> None:
    tree = problem(
        activities=[activity("choir", domains=["social"])],
        residents=[resident("ada", targets=[{"domain": "social", "min": 2}])],
        weights={"engagement": []},
    )
    rows = [session(f"s{day}", day=day) for day in range(3)]

    assert [told(case(tree, rows).why_invited("ada", f"s{day}")) for day in range(3)] == [
        [("why_aim", 0)],
        [("why_aim", 0)],
        [("why_free", 0)],
    ]


def test_demands_come_first() -> None:
    tree = problem(
        activities=[activity("choir", min_group=2)],
        residents=[resident("ada", required={"choir": 1}), resident("ben", needs_familiar=True)],
        facilitators=[facilitator("finn", familiar_to=["ada"])],
        ties=[{"a": "ada", "b": "ben", "strength": 1}],
        pins=[{"attend": "ada", "session": "s1"}],
        previous=[session(residents=["ada"])],
    )

    codes = [each.code for each in case(tree, [session(residents=["ada", "ben"])]).why_invited("ada", "s1")]

    assert codes[:5] == ["why_pinned", "why_required", "why_needed", "why_face", "why_familiar"]
    assert "why_published" in codes


def test_the_aim_of_a_living_group_is_one_reason() -> None:
    tree = problem(
        groups=[{"id": "east", "members": ["ada", "ben"], "targets": [{"domain": "", "members": 2, "min": 1}]}]
    )
    rows = [session(residents=["ada", "ben"])]

    [aim] = [each for each in case(tree, rows).why_invited("ada", "s1") if each.code == "why_group_aim"]

    assert (aim.amount, aim.reason.fact("group"), audience_of(aim.code)) == (10, "east", "team")


def test_what_has_happened_has_happened() -> None:
    tree = problem(previous=[session()], frozen_until={"day": 1, "time": "00:00"})

    assert case(tree, [session()]).why_invited("ada", "s1")[0].code == "why_happened"


def test_where_nothing_speaks_for_it_there_was_a_place() -> None:
    tree = problem(weights={"engagement": []})

    assert told(case(tree, [session()]).why_invited("ada", "s1")) == [("why_free", 0)]


def test_a_session_that_is_full_says_who_is_in_it_to_the_team_alone() -> None:
    tree = problem(
        spaces=[space(capacity=1, comfort=9)], residents=[resident("ada"), resident("ben", interests={"choir": 2})]
    )

    found = case(tree, [session()]).why_not("ben", "s1")

    assert told(found.against) == [("seats", 0), ("taken_by", 0)]
    assert found.against[1].reason.fact("others") == ("ada",)
    assert (found.gain, told(found.reasons)) == (20, [("why_little", 12), ("why_likes", 8)])
    assert told(for_family([*found.against, *found.reasons])) == [("no_place", 0), ("why_likes", 8)]


AWAY = {"escort": True, "zone": "east"}


@pytest.mark.parametrize(
    ("fields", "codes", "family"),
    [
        ({"residents": [resident("ada"), resident("ben", busy=[window("10:30", "11:00")])]}, ["busy"], ["busy"]),
        (
            {"residents": [resident("ada"), resident("ben", refuses={"activities": ["choir"]})]},
            ["refuses_activity"],
            ["refuses_activity"],
        ),
        ({"residents": [resident("ada"), resident("ben", avoids={"spaces": ["lounge"]})]}, ["avoids_space"], []),
        (
            {"residents": [resident("ada"), resident("ben", noise_max=0)], "activities": [activity("choir", noise=2)]},
            ["loud"],
            ["loud"],
        ),
        ({"ties": [{"a": "ada", "b": "ben", "apart": True}]}, ["apart"], []),
        (
            {
                "residents": [resident("ada", support=1), resident("ben", support=2)],
                "facilitators": [facilitator(support=2)],
            },
            ["support", "helped_there"],
            ["no_hands"],
        ),
        (
            {"residents": [resident("ada", **AWAY), resident("ben", **AWAY)], "escorts": {"default": 1}},
            ["escorts", "walked_then", "escorts", "walked_then"],  # there and back
            ["no_hands"],
        ),
        (
            {"residents": [resident("ada", cohort="red"), resident("ben")], "separate_cohorts": True},
            ["cohorts", "taken_by"],
            [],
        ),
        ({"residents": [resident("ada"), resident("ben", needs_familiar=True)]}, ["familiar"], []),
    ],
)
def test_what_forbids_it_and_what_a_family_reads_of_that(fields: Tree, codes: list[str], family: list[str]) -> None:
    found = case(problem(**fields), [session()]).why_not("ben", "s1")

    assert [each.code for each in found.against] == codes
    assert [each.code for each in for_family(found.against)] == family


def test_what_others_would_lose_is_told_by_person() -> None:
    tree = problem(ties=[{"a": "ada", "b": "ben", "strength": -5}])

    found = case(tree, [session()]).why_not("ben", "s1")

    assert told(found.reasons) == [("why_little", 12), ("why_tension", -15)]
    assert found.reasons[1].reason.fact("others") == ("ada",)


def test_it_may_be_asked_of_documents_and_of_whom_it_is_not_about() -> None:
    tree, rows = problem(), [session()]

    assert told(why_invited(read(tree), document(tree, rows), "ada", "s1")) == [("why_little", 12)]
    assert why_not(read(tree), document(tree, rows), "ben", "s1").gain == 12
    for ask, who in ((why_invited, "ben"), (why_not, "ada")):
        with pytest.raises(KeyError):
            ask(read(tree), document(tree, rows), who, "s1")


@pytest.mark.slow(0.9)
def test_no_family_reads_of_anybody_else_and_every_reason_has_words() -> None:
    """Whatever the case: no fact names another resident, no code speaks of company, and amounts of company are gone."""
    hints = {
        "why_knows",
        "why_warm",
        "why_warms",
        "why_tension",
        "why_face",
        "why_needed",
        "why_group_aim",
        "why_crowd",
        "taken_by",
        "helped_there",
        "walked_then",
        "apart",
        "cohorts",
        "familiar",
    }
    seen: set[str] = set()
    for seed in range(150):
        tree, rows, relaxed = some_case(seed)
        asked, words = case(tree, rows, relaxed), Words(read(tree))
        people = {each["id"] for each in tree["residents"]}
        for one in asked.ledger.reading.held:
            for who in people:
                if asked.ledger.is_in(who, one):
                    reasons = asked.why_invited(who, one.id)
                else:
                    found = asked.why_not(who, one.id)
                    reasons = (*found.against, *found.reasons)
                seen |= {each.code for each in reasons}
                assert all("{" not in words.sentence(each.reason) for each in reasons)
                for each in for_family(reasons, may_read_care=True):
                    assert each.code not in hints
                    named = {
                        part for _, fact in each.reason.facts for part in (fact if isinstance(fact, tuple) else [fact])
                    }
                    assert named & people <= {who}
                    assert words.sentence(each.reason)
    assert hints <= seen
