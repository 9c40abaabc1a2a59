"""What is told of ties, and what a hoped-for one does to the plan: a little weight, and nothing else."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from milieu.database import DbSession, Engines, unit_of_work
from milieu.errors import Invalid, NotFound
from milieu.models import Change, SuggestionAnswer, Tie
from milieu.queries.ties.answers import MEET, NEVER
from milieu.services.suggestions import answer, hope_no_more, hope_to_meet
from milieu.services.teller import Teller
from milieu.solving.answer.answers import private_pairs
from milieu.solving.problem.document import make_problem
from solver.documents import exchange
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, community, small_community


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


def told(engines: Engines, elm: CommunityBuilder, tell: Callable[[DbSession, Teller], object]) -> object:
    with unit_of_work(engines) as db:
        return tell(db, Teller(elm.id, None, NOW))


def ids(elm: CommunityBuilder, *names: str) -> list[str]:
    return [elm.residents[name].id for name in names]


def test_a_wish_to_meet_weighs_a_little_in_the_plan_and_no_reason_tells_of_it(
    engines: Engines, elm: CommunityBuilder
) -> None:
    cleo, ada, esi = ids(elm, "cleo", "ada", "esi")

    told(engines, elm, lambda db, teller: hope_to_meet(db, teller, cleo, [ada, esi]))

    with unit_of_work(engines) as db:
        source = make_problem(db, elm.id, MONDAY, NOW, repair=False)
        rows = db.scalars(select(Tie).where(Tie.kind == MEET)).all()
    hoped = [tie for tie in source.document.ties if cleo in (tie.a, tie.b)]
    pairs = [sorted((cleo, other)) for other in (ada, esi)]
    assert sorted(hoped, key=lambda tie: (tie.a, tie.b)) == [
        exchange.Tie(a=a, b=b, strength=2, cap=1) for a, b in sorted(pairs)
    ]
    assert {frozenset(pair) for pair in pairs} <= private_pairs(source)
    assert {(row.visibility, row.source, row.named_by) for row in rows} == {("director", "suggested", "")}


def test_a_wish_to_meet_lasts_eight_weeks_and_is_taken_back(engines: Engines, elm: CommunityBuilder) -> None:
    cleo, ada = ids(elm, "cleo", "ada")
    told(engines, elm, lambda db, teller: hope_to_meet(db, teller, cleo, [ada]))
    with unit_of_work(engines) as db:
        row = db.scalars(select(Tie).where(Tie.kind == MEET)).one()
        assert row.expires_on is not None
        assert (row.expires_on - row.noted_on).days == 56

    assert told(engines, elm, lambda db, teller: hope_no_more(db, teller, cleo)) == 1

    with unit_of_work(engines) as db:
        assert db.scalars(select(Tie).where(Tie.kind == MEET)).all() == []
        lines = db.execute(select(Change.verb, Change.noun).order_by(Change.at, Change.id)).all()
        assert sorted(tuple(line) for line in lines) == [
            ("answered", "suggestion"),
            ("told", "hope"),
            ("took back", "hope"),
        ]


def test_whom_a_tie_joins_already_is_left_as_they_are(engines: Engines, elm: CommunityBuilder) -> None:
    ada, ben, dov, fay = ids(elm, "ada", "ben", "dov", "fay")

    assert told(engines, elm, lambda db, teller: hope_to_meet(db, teller, ada, [ben])) == ()
    assert told(engines, elm, lambda db, teller: hope_to_meet(db, teller, dov, [fay])) == ()


def test_who_needs_somebody_familiar_has_nobody_in_a_wish_to_meet(engines: Engines, elm: CommunityBuilder) -> None:
    cleo, ada = ids(elm, "cleo", "ada")
    told(engines, elm, lambda db, teller: hope_to_meet(db, teller, cleo, [ada]))
    with unit_of_work(engines) as db:
        db.merge(elm.residents["cleo"]).needs_familiar = True
    with unit_of_work(engines) as db:
        document = make_problem(db, elm.id, MONDAY, NOW, repair=False).document

    assert [tie for tie in document.ties if cleo in (tie.a, tie.b)] == []


def test_any_other_tie_outranks_a_wish_to_meet(engines: Engines, elm: CommunityBuilder) -> None:
    cleo, ada = ids(elm, "cleo", "ada")
    with unit_of_work(engines) as db:
        elm.db = db
        elm.tie(elm.residents["cleo"], elm.residents["ada"], 5)
        elm.tie(elm.residents["cleo"], elm.residents["ada"], 2, kind=MEET, cap=1, noted_on=NOW.date())
    with unit_of_work(engines) as db:
        document = make_problem(db, elm.id, MONDAY, NOW, repair=False).document

    assert [tie.strength for tie in document.ties if {cleo, ada} == {tie.a, tie.b}] == [5]


def test_nonsense_is_refused(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        stranger = community(db, "oak").resident("zoe").id
    ada, *others = ids(elm, "ada", "ben", "cleo", "dov", "esi")
    for chosen in ([], [ada], others, [stranger]):
        with pytest.raises(Invalid):
            told(engines, elm, lambda db, teller, chosen=chosen: hope_to_meet(db, teller, ada, chosen))
    with pytest.raises(NotFound):
        told(engines, elm, lambda db, teller: answer(db, teller, MEET, NEVER, stranger))
    for kind, said in (("love", NEVER), (MEET, "perhaps")):
        with pytest.raises(Invalid):
            told(engines, elm, lambda db, teller, kind=kind, said=said: answer(db, teller, kind, said, ada))
    with unit_of_work(engines) as db:
        assert db.scalars(select(SuggestionAnswer)).all() == []
