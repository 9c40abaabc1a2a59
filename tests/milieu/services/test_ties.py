"""Ties as they are told: noted, changed, asked again, ended; what each weighs in the plan, and who sees it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import Change, Invitation, Tie
from milieu.queries.ties.questions import questions
from milieu.services.suggestions import hope_to_meet
from milieu.services.teller import Teller
from milieu.services.ties import KINDS, STRENGTHS, Told, change_tie, end_tie, note_tie, still_holds
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, community, small_community

TODAY, DAY = NOW.date(), timedelta(days=1)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


def note(
    engines: Engines, elm: CommunityBuilder, kind: str, *, visibility: str = "team", until: date | None = None
) -> str:
    """A tie of esi and cleo; its id."""
    with unit_of_work(engines) as db:
        one, other = (elm.residents[name].id for name in ("esi", "cleo"))
        return note_tie(db, teller_of(elm), one, other, Told(kind, visibility=visibility), until=until)


def teller_of(elm: CommunityBuilder, after: int = 0) -> Teller:
    return Teller(elm.id, None, NOW + after * DAY)


def row_of(engines: Engines, tie_id: str) -> Tie | None:
    with unit_of_work(engines) as db:
        row = db.scalars(select(Tie).where(Tie.id == tie_id)).one_or_none()
        if row is not None:
            db.expunge(row)
        return row


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_weighs_in_the_plan_what_it_says(kind: str, engines: Engines, elm: CommunityBuilder) -> None:
    note(engines, elm, kind)

    with unit_of_work(engines) as db:
        document = make_problem(db, elm.id, MONDAY, NOW, repair=False).document
    pair = {elm.residents["esi"].id, elm.residents["cleo"].id}
    (tie,) = [each for each in document.ties if {each.a, each.b} == pair]
    assert (tie.apart, tie.strength) == ((True, None) if kind == "apart" else (False, STRENGTHS[kind]))


@pytest.mark.parametrize(
    ("kind", "asks_on"), [("friend", None), ("uneasy", date(2027, 3, 2)), ("apart", date(2027, 3, 2))]
)
def test_unease_is_asked_about_again_and_holds_until_somebody_answers(
    kind: str, asks_on: date | None, engines: Engines, elm: CommunityBuilder
) -> None:
    row = row_of(engines, note(engines, elm, kind))

    assert row is not None
    assert (row.asks_on, row.expires_on, row.noted_on) == (asks_on, None, TODAY)
    with unit_of_work(engines) as db:
        asked = [len(questions(db, elm.id, today=TODAY + after * DAY)) for after in (89, 90, 400)]
    assert asked == ([0, 1, 1] if asks_on else [0, 0, 0])


def test_still_so_asks_again_in_90_days_and_no_longer_ends_it(engines: Engines, elm: CommunityBuilder) -> None:
    tie_id = note(engines, elm, "uneasy")
    with unit_of_work(engines) as db:
        still_holds(db, teller_of(elm, 95), tie_id, 1)
        assert [len(questions(db, elm.id, today=TODAY + after * DAY)) for after in (95, 184, 185)] == [0, 0, 1]
    with unit_of_work(engines) as db:
        assert not end_tie(db, teller_of(elm, 190), tie_id, 2)

    row = row_of(engines, tie_id)
    assert row is not None
    assert (row.expires_on, row.asks_on) == (TODAY + 189 * DAY, None)
    with unit_of_work(engines) as db:
        assert questions(db, elm.id, today=TODAY + 500 * DAY) == ()
        verbs = db.scalars(select(Change.verb).where(Change.row_id == tie_id).order_by(Change.at)).all()
    assert verbs == ["told", "confirmed", "ended"]


def test_nothing_is_asked_of_somebody_who_left(engines: Engines, elm: CommunityBuilder) -> None:
    note(engines, elm, "uneasy")
    with unit_of_work(engines) as db:
        db.merge(elm.residents["esi"]).left_on = TODAY

    with unit_of_work(engines) as db:
        assert questions(db, elm.id, today=TODAY + 100 * DAY) == ()


def test_a_slip_of_today_is_as_if_it_had_never_been(engines: Engines, elm: CommunityBuilder) -> None:
    tie_id = note(engines, elm, "couple")

    with unit_of_work(engines) as db:
        assert end_tie(db, teller_of(elm), tie_id, 1)

    assert row_of(engines, tie_id) is None
    with unit_of_work(engines) as db, pytest.raises(NotFound):
        end_tie(db, teller_of(elm), tie_id, 1)


def test_two_who_are_kept_apart_are_so_at_once(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 4, "10:00", ["finn"], ["cleo", "esi"], ref="friday")])

    note(engines, elm, "apart", visibility="director")

    with unit_of_work(engines) as db:
        newest = db.scalars(select(Invitation.resident_id).order_by(Invitation.published_session_id)).all()
        row = db.scalars(select(Tie).where(Tie.is_apart, Tie.source == "told")).one()
        assert newest.count(elm.residents["esi"].id) > newest.count(elm.residents["cleo"].id)
        assert (row.kind, row.visibility) == ("apart", "director")


def test_a_change_keeps_what_was_before_and_refuses_what_was_seen_too_long_ago(
    engines: Engines, elm: CommunityBuilder
) -> None:
    tie_id = note(engines, elm, "friend")
    with unit_of_work(engines) as db:
        change_tie(db, teller_of(elm), tie_id, 1, Told("uneasy", visibility="director"))
    with unit_of_work(engines) as db, pytest.raises(Conflict):
        change_tie(db, teller_of(elm), tie_id, 1, Told("couple"))
    with unit_of_work(engines) as db, pytest.raises(Invalid):
        change_tie(db, teller_of(elm), tie_id, 2, Told("apart"))

    row = row_of(engines, tie_id)
    assert row is not None
    assert (row.kind, row.strength, row.visibility, row.asks_on) == ("uneasy", -3, "director", TODAY + 90 * DAY)
    with unit_of_work(engines) as db:
        line = db.scalars(select(Change).where(Change.verb == "changed")).one()
        assert line.before == {"kind": "friend", "visibility": "team"}


def test_what_was_hoped_for_ends_when_it_came_to_be(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        hope_to_meet(db, teller_of(elm), elm.residents["cleo"].id, [elm.residents["esi"].id])

    note(engines, elm, "friend")

    with unit_of_work(engines) as db:
        assert db.scalars(select(Tie).where(Tie.kind == "meet")).all() == []


def test_what_cannot_be_is_refused_at_its_field(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        stranger = community(db, "oak").resident("zoe").id
    cleo, esi = elm.residents["cleo"].id, elm.residents["esi"].id
    note(engines, elm, "friend")
    cases = [
        (stranger, esi, Told("friend"), None, "one"),
        (cleo, stranger, Told("friend"), None, "other"),
        (cleo, cleo, Told("friend"), None, "other"),
        (cleo, esi, Told("love"), None, "kind"),
        (cleo, esi, Told("meet"), None, "kind"),
        (cleo, esi, Told("friend", visibility="family"), None, "seen_by"),
        (cleo, esi, Told("friend", named_by="three"), None, "seen_by"),
        (cleo, esi, Told("helps"), TODAY - DAY, "until"),
        (cleo, esi, Told("friend"), None, "kind"),  # noted already
    ]
    for one, other, told, until, at in cases:
        with unit_of_work(engines) as db, pytest.raises((Invalid, Conflict)) as refused:
            note_tie(db, teller_of(elm), one, other, told, until=until)
        assert refused.value.at == at
