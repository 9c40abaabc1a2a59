"""What attendance teaches: careful with few answers, of that person and activity alone, changed only by a yes."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Conflict, NotFound
from milieu.models import Attendance, Change, SuggestionAnswer, Wish
from milieu.queries.learnt.estimates import CAME, NO, UPSET, Answer, Estimate, bounds, estimate
from milieu.queries.learnt.suggested import Suggested, suggested_wishes
from milieu.services.residents.learning import answer_suggestion
from milieu.services.teller import Teller
from milieu.solving.problem.document import make_problem
from solver.documents.exchange import ProblemDocument
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

TODAY = NOW.date()
OUTCOMES = ("attended", "declined", "asleep", "unwell", "not invited", "away")
LEVELS = (None, "active", "quiet", "distressed", "left early")


def seen(came: int, said_no: int, *, lively: int = 0, upset: int = 0) -> Estimate:
    levels = ["active"] * lively + ["distressed"] * upset
    answers = [Answer(TODAY, True, levels[place] if place < len(levels) else None) for place in range(came)]
    return estimate([*answers, *(Answer(TODAY, False) for _ in range(said_no))])


@pytest.mark.parametrize(("hits", "of"), [(0, 1), (1, 1), (3, 4), (5, 5), (0, 12), (30, 40)])
def test_bounds_hold_the_share_and_tighten_with_more_answers(hits: int, of: int) -> None:
    low, high = bounds(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    more_low, more_high = bounds(10 * hits, 10 * of)
    assert more_high - more_low < high - low
    # the score interval's own equation: at each end that is not 0 or 1 the share lies 1.645 deviations away
    for end in (low, high):
        if 0 < end < 1:
            assert abs(hits / of - end) / (end * (1 - end) / of) ** 0.5 == pytest.approx(1.645)


@pytest.mark.parametrize(
    ("estimated", "strength", "suggests"),
    [
        (seen(4, 0), 0, None),  # four answers are few, whatever they say
        (seen(5, 0), 0, (CAME, 3)),
        (seen(5, 0), 2, None),  # they are known to like it
        (seen(5, 0), -2, (CAME, 3)),
        (seen(5, 2), 0, None),  # five of seven may be as few as four in ten
        (seen(8, 1, lively=3), 0, (CAME, 3)),
        (seen(8, 1, lively=3, upset=1), 0, None),
        (seen(0, 5), 3, (NO, 0)),
        (seen(0, 5), 0, None),
        (seen(0, 5), -1, None),
        (seen(2, 5), 3, None),
        (seen(1, 6), 5, (NO, 0)),
        (seen(3, 0, upset=2), 4, (UPSET, 0)),
        (seen(3, 0, upset=1), 4, None),
        (seen(9, 0, upset=2), 4, None),
        (seen(3, 0, upset=2), 0, None),
    ],
)
def test_suggests_only_what_is_clear(estimated: Estimate, strength: int, suggests: tuple[str, int] | None) -> None:
    assert estimated.suggests(strength) == suggests


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Six weeks of choir on Tuesdays and chess on Thursdays, held and not yet marked."""
    with unit_of_work(engines) as db:
        made = small_community(db)
        for back in range(6, 0, -1):
            made.publication(
                [
                    Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref=f"choir-{back}"),
                    Held("chess", "studio", 3, "14:00", ["gita"], ["ada", "cleo"], ref=f"chess-{back}"),
                ],
                week_start=MONDAY - timedelta(weeks=back),
            )
        for wish in db.scalars(select(Wish)):
            db.delete(wish)
        return made


@pytest.fixture
def teller(elm: CommunityBuilder) -> Teller:
    return Teller(elm.id, None, NOW)


def mark(
    elm: CommunityBuilder,
    who: str,
    what: str,
    outcomes: Sequence[str],
    levels: Sequence[str | None] = (),
    *,
    number: int = 1,
) -> None:
    """What became of the newest weeks of an activity, the newest first."""
    for back, outcome in enumerate(outcomes, start=1):
        day = MONDAY - timedelta(weeks=back) + timedelta(days=1 if what == "choir" else 3)
        at = datetime.combine(day, time(12, number), tzinfo=UTC)
        elm.add(
            Attendance(
                community_id=elm.id,
                session_ref=f"{what}-{back}",
                on_date=day,
                resident_id=elm.residents[who].id,
                outcome=outcome,
                level=levels[back - 1] if back <= len(levels) and outcome == "attended" else None,
                key=f"{who}-{what}-{back}-{number}",
                number=number,
                tapped_at=at,
                marked_at=at,
            )
        )


def suggested(engines: Engines, elm: CommunityBuilder, today: date = TODAY) -> dict[tuple[str, str], Suggested]:
    with reading(engines) as db:
        found = suggested_wishes(db, elm.id, today=today)
    names = {row.id: name for name, row in elm.residents.items()}
    return {(names[each.person.id], each.activity): each for each in found}


def test_says_what_was_seen_and_asks_nothing_of_what_answers_nothing(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        mark(elm, "ada", "choir", ["attended"] * 5 + ["asleep"], ["active", "active", "quiet"])
        mark(elm, "ben", "choir", ["attended", "attended", "asleep", "unwell", "attended", "attended"])
        elm.wish(elm.residents["cleo"], elm.activities["chess"], 4)
        mark(elm, "cleo", "chess", ["declined"] * 6)

    found = suggested(engines, elm)

    assert set(found) == {("ada", "Choir"), ("cleo", "Chess")}
    choir, chess = found["ada", "Choir"], found["cleo", "Chess"]
    assert (choir.why, choir.strength, choir.estimate.answers, choir.estimate.lively) == (CAME, 3, 5, 2)
    assert (chess.why, chess.strength, chess.held.strength, chess.estimate.said_no) == (NO, 0, 4, 6)
    assert chess.is_theirs_to_say
    assert not choir.is_theirs_to_say


def test_what_was_said_since_outweighs_what_was_marked_before(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        mark(elm, "cleo", "chess", ["declined"] * 6)
        elm.wish(elm.residents["cleo"], elm.activities["chess"], 4, said_on=TODAY - timedelta(days=1))
        mark(elm, "ada", "choir", ["attended"] * 6)
        elm.refusal(elm.residents["ada"], activity=elm.activities["choir"], valid_from=TODAY)

    assert suggested(engines, elm) == {}


def test_a_yes_changes_that_wish_and_is_asked_no_more_and_a_no_changes_nothing(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada, cleo = elm.residents["ada"].id, elm.residents["cleo"].id
    choir, chess = elm.activities["choir"].id, elm.activities["chess"].id
    with unit_of_work(engines) as db:
        elm.db = db
        mark(elm, "ada", "choir", ["attended"] * 6)
        elm.wish(elm.residents["cleo"], elm.activities["chess"], 4)
        mark(elm, "cleo", "chess", ["declined"] * 6)
    with unit_of_work(engines) as db:
        with pytest.raises(Conflict):
            answer_suggestion(db, teller, ada, choir, "yes", strength=5)
        with pytest.raises(NotFound):
            answer_suggestion(db, teller, ada, choir, "perhaps", strength=3)
        answer_suggestion(db, teller, ada, choir, "yes", strength=3)
        answer_suggestion(db, teller, cleo, chess, "not now", strength=0)

    with reading(engines) as db:
        wishes = {(row.resident_id, row.activity_id): (row.strength, row.said_by) for row in db.scalars(select(Wish))}
        assert wishes == {(ada, choir): (3, "observed"), (cleo, chess): (4, "resident")}
        assert {row.kind for row in db.scalars(select(SuggestionAnswer))} == {"wish"}
        assert db.scalars(select(Change.verb).where(Change.noun == "wish")).all() == ["added"]
    assert suggested(engines, elm) == {}
    with unit_of_work(engines) as db, pytest.raises(Conflict):
        answer_suggestion(db, teller, ada, choir, "yes", strength=3)
    later = TODAY + timedelta(weeks=4)
    assert set(suggested(engines, elm, later)) == {("cleo", "Chess")}
    with unit_of_work(engines) as db:
        answer_suggestion(db, Teller(elm.id, None, NOW + timedelta(weeks=4)), cleo, chess, "yes", strength=0)
    with reading(engines) as db:
        changed = db.scalars(select(Wish).where(Wish.resident_id == cleo)).one()
        assert (changed.strength, changed.said_by, changed.said_on) == (0, "resident", later)


def problem(engines: Engines, elm: CommunityBuilder) -> ProblemDocument:
    with reading(engines) as db:
        return make_problem(db, elm.id, MONDAY, NOW, repair=False).document


@pytest.mark.slow(0.5)
@pytest.mark.parametrize(("liked", "first"), [(2, "declined"), (0, "attended")])
def test_no_mark_and_no_yes_lowers_another_activity_or_another_person(
    engines: Engines, elm: CommunityBuilder, teller: Teller, liked: int, first: str
) -> None:
    """Whatever is marked of one person in one activity, and whatever is answered: only that pair changes."""
    generator = random.Random(15)
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    with unit_of_work(engines) as db:
        elm.db = db
        elm.wish(elm.residents["ada"], elm.activities["choir"], liked, said_by="observed")
        for name in ("ada", "ben", "cleo", "dov"):
            for activity in ("chess", "walk"):
                elm.wish(elm.residents[name], elm.activities[activity], 3)
    before, answered = problem(engines, elm), 0
    for number in range(1, 9):
        outcomes = [first] * 6 if number == 1 else generator.choices(OUTCOMES, k=6)
        with unit_of_work(engines) as db:
            elm.db = db
            levels = generator.choices(LEVELS[:2] if number == 1 else LEVELS, k=6)
            mark(elm, "ada", "choir", outcomes, levels, number=number)
            for each in suggested_wishes(db, elm.id, today=TODAY):
                assert (each.person.id, each.activity_id) == (ada, choir)
                answer_suggestion(db, teller, ada, choir, "yes", strength=each.strength)
                answered += 1
        after = problem(engines, elm)
        for one, other in zip(before.residents, after.residents, strict=True):
            if one.id != ada:
                assert one == other
                continue
            assert _without(one.interests, choir) == _without(other.interests, choir)
            assert _without(one.waiting, choir) == _without(other.waiting, choir)
            assert set(one.refuses.activities) - {choir} == set(other.refuses.activities) - {choir}
            same = {"interests": {}, "waiting": {}, "refuses": one.refuses}
            assert one.model_copy(update=same) == other.model_copy(update=same)
            assert other.interests.get(choir, 0) >= 0
        # how many are asked goes by how many come, whoever they are: never fewer than it is meant for
        size = {row.id: 0 for row in after.activities}
        assert [row.model_copy(update={"max_group": size[row.id]}) for row in before.activities] == [
            row.model_copy(update={"max_group": size[row.id]}) for row in after.activities
        ]
        assert all(row.max_group >= elm.activities[_name(elm, row.id)].max_group for row in after.activities)
        assert (before.ties, before.groups, before.spaces) == (after.ties, after.groups, after.spaces)
    assert answered == 1


def _without(counts: dict[str, int], activity: str) -> dict[str, int]:
    return {name: count for name, count in counts.items() if name != activity}


def _name(elm: CommunityBuilder, activity_id: str) -> str:
    return next(name for name, row in elm.activities.items() if row.id == activity_id)
