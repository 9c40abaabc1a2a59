"""Why somebody is not in a session of a draft, what would bring them in, and how they are kept out of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Conflict, NotFound
from milieu.models import Pin, Plan, SessionHeld
from milieu.services.by_hand import edits, trying
from milieu.services.by_hand.beginning import LAST_WEEK, begin_draft
from milieu.services.by_hand.fixed import fixed_in
from milieu.services.by_hand.pins import fix, keep_out, let_in
from milieu.services.by_hand.trying import Asked
from milieu.services.by_hand.ways import CALLED_OFF, JOINS, LEAVES, Way, Ways, WhyNot, changes_of
from milieu.services.teller import Teller
from milieu.solving.answer.joining import ASIDE, JOINING
from milieu.solving.contents import SessionContent, read_plan
from solver.documents import exchange
from solver.model.wording.words import OF_RULES
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

NEXT = MONDAY + timedelta(days=7)
HELD = [
    Held("choir", "lounge", 0, "10:00", ["finn"], ["ada", "ben"], ref="choir"),
    Held("chess", "studio", 2, "14:00", ["gita"], ["ada", "ben", "cleo", "dov"], ref="chess"),
    Held("walk", "lounge", 4, "15:00", ["finn"], ["esi"], ref="walk"),
]
OF_A_WHOLE_SESSION = {
    *("outside_horizon", "off_grid", "outside_windows", "not_open", "features", "space_taken", "shared_space"),
    *("facilitator_taken", "facilitator_day", "team_size", "not_available", "skills", "too_few", "too_many"),
    *("twice_a_day", "bleed"),
}


class Draft:
    """A draft of next week like this one's, and what is done and asked of it."""

    def __init__(self, engines: Engines, elm: CommunityBuilder) -> None:
        self.engines, self.elm, self.teller = engines, elm, Teller(elm.id, None, NOW)
        with unit_of_work(engines) as db:
            begin_draft(db, self.teller, NEXT, LAST_WEEK)

    def who(self, name: str) -> str:
        return self.elm.residents[name].id

    @property
    def sessions(self) -> dict[str, SessionContent]:
        """By what they are called, in small letters."""
        with reading(self.engines) as db:
            plan = db.query(Plan).filter(Plan.week_start == NEXT, Plan.state == "draft").one()
            return {each.title.lower(): each for each in read_plan(db, plan)}

    def names(self, title: str) -> list[str]:
        return sorted(name for name, row in self.elm.residents.items() if row.id in self.sessions[title].residents)

    def ways(self, ask: Callable[[Ways], tuple[Way, ...] | WhyNot]) -> tuple[Way, ...] | WhyNot:
        with reading(self.engines) as db:
            source = trying.source_of(db, self.elm.id, NEXT, self.teller)
            return ask(Ways(db, source, list(self.sessions.values())))

    def why_not(self, name: str, title: str) -> WhyNot:
        found = self.ways(lambda ways: ways.why_not(self.who(name), self.sessions[title].ref))
        assert isinstance(found, WhyNot)
        return found

    def where_else(self, name: str) -> tuple[Way, ...]:
        found = self.ways(lambda ways: ways.where_else(self.who(name)))
        assert isinstance(found, tuple)
        return found

    def make(self, *asked: Asked) -> None:
        with unit_of_work(self.engines) as db:
            trying.change(db, self.teller, NEXT, self.version, *asked, on_purpose=False)

    def step(self, *, back: bool) -> None:
        with unit_of_work(self.engines) as db:
            trying.step(db, self.teller, NEXT, self.version, back=back)

    @property
    def version(self) -> int:
        with reading(self.engines) as db:
            return db.query(Plan).filter(Plan.week_start == NEXT, Plan.state == "draft").one().version

    def fix(self, title: str, name: str = "", *, is_fixed: bool = True) -> None:
        with unit_of_work(self.engines) as db:
            ref, who = self.sessions[title].ref, self.who(name) if name else ""
            fix(db, self.teller, NEXT, self.version, ref, is_fixed=is_fixed, resident_id=who)

    def keep_out(self, title: str, name: str) -> None:
        with unit_of_work(self.engines) as db:
            keep_out(db, self.teller, NEXT, self.version, self.sessions[title].ref, self.who(name))

    def pins(self) -> list[tuple[str, str]]:
        called = {row.id: name for name, row in self.elm.residents.items()}
        with reading(self.engines) as db:
            return sorted((row.kind, called.get(row.resident_id or "", "")) for row in db.query(Pin))


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.tie(made.residents["cleo"], made.residents["ada"], 4, visibility="director")
        made.tie(made.residents["cleo"], made.residents["ben"], 4)
        made.publication(HELD, week_start=MONDAY)
        return made


@pytest.fixture
def draft(engines: Engines, elm: CommunityBuilder) -> Draft:
    return Draft(engines, elm)


def test_there_is_a_sentence_for_every_rule_that_keeps_somebody_out() -> None:
    assert JOINING.keys() - {"dislikes_activity"} | ASIDE | OF_A_WHOLE_SESSION == OF_RULES.keys()


def test_what_nothing_stands_against_is_told_with_what_speaks_for_it(draft: Draft) -> None:
    found = draft.why_not("cleo", "choir")

    assert (found.against, found.moves, found.has_place) == ((), (), True)
    assert found.speaks.company == ("Ben Made-Up",)  # of Ada only the director knows, and no reason tells it


def test_a_no_is_told_as_a_rule_and_a_fact_and_no_change_of_others_helps(
    engines: Engines, elm: CommunityBuilder, draft: Draft
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.refusal(db.merge(elm.residents["cleo"]), activity=elm.activities["choir"])

    found = draft.why_not("cleo", "choir")

    assert [(each.code, each.said, each.is_own) for each in found.against] == [
        ("refuses_activity", "Cleo Made-Up has said no to Choir.", True)
    ]
    assert found.moves == ()
    assert found.for_family == ("Cleo Made-Up has said no to Choir.",)


def test_who_is_kept_out_by_a_full_group_is_brought_in_and_that_is_undone_together(draft: Draft) -> None:
    before = draft.names("chess")
    found = draft.why_not("esi", "chess")

    assert [each.said for each in found.against] == [
        "Chess on Wednesday at 14:00 takes at most 4; with Esi Made-Up there would be 5."
    ]
    assert found.for_family == ("There is no place for one more.",)
    assert (found.moves[0].kind, found.moves[0].name) == (JOINS, "Esi Made-Up")
    assert LEAVES in {each.kind for each in found.moves}

    draft.make(*changes_of((each.kind, each.session.ref, each.resident_id) for each in found.moves))

    assert "esi" in draft.names("chess")
    assert len(draft.names("chess")) == 4
    draft.step(back=True)
    assert draft.names("chess") == before
    with pytest.raises(Conflict, match="nothing to undo"):
        draft.step(back=True)
    draft.step(back=False)
    assert "esi" in draft.names("chess")
    with pytest.raises(Conflict, match="nothing to do again"):
        draft.step(back=False)


def test_where_else_somebody_could_go_breaks_nothing(draft: Draft) -> None:
    for name in draft.elm.residents:
        for way in draft.where_else(name):
            asked = [(JOINS, way.session.ref, way.resident_id)]
            if way.leaves:
                asked.append((LEAVES, way.leaves.ref, way.resident_id))
            if way.instead_id:
                asked.append((LEAVES, way.session.ref, way.instead_id))
            draft.make(*changes_of(asked))
            draft.step(back=True)
    assert {way.session.title for way in draft.where_else("esi")} >= {"Choir", "Chess"}


def test_who_likes_it_and_could_come_if_something_changed(draft: Draft) -> None:
    found = draft.ways(lambda ways: ways.who_would_like(draft.sessions["chess"].ref))
    assert isinstance(found, tuple)

    assert {each.name for each in found} == {"Esi Made-Up", "Fay Made-Up"}
    assert all(each.instead for each in found)


def test_nobody_and_nothing_else_is_asked_about(draft: Draft) -> None:
    choir = draft.sessions["choir"].ref
    with pytest.raises(NotFound):
        draft.ways(lambda ways: ways.why_not("nobody", choir))
    with pytest.raises(NotFound):
        draft.ways(lambda ways: ways.why_not(draft.who("cleo"), "nothing"))
    with pytest.raises(Conflict, match="are invited"):
        draft.why_not("ada", "choir")
    assert changes_of([("dances", choir, draft.who("ada"))]) == []
    assert [each.kind for each in changes_of([(CALLED_OFF, choir, "")])] == [edits.REMOVED]


def test_who_is_kept_out_stays_out_until_that_is_undone_or_let_go(engines: Engines, draft: Draft) -> None:
    chess, ada = draft.sessions["chess"].ref, draft.who("ada")
    draft.make(Asked(edits.TAKEN_OUT, chess, edits.take_out(chess, ada), keeps_out=ada))

    assert draft.pins() == [("absent", "ada")]
    with reading(engines) as db:
        problem = trying.source_of(db, draft.elm.id, NEXT, draft.teller).document
    assert [pin for pin in problem.pins if isinstance(pin, exchange.AbsentPin)] == [
        exchange.AbsentPin(absent=ada, session=chess)
    ]
    found = draft.why_not("ada", "chess")
    assert found.is_kept_out
    assert found.against[0].said == "Somebody fixed Ada Made-Up out of Chess on Wednesday at 14:00."
    with pytest.raises(trying.Breaks):
        draft.make(Asked(edits.INVITED, chess, edits.invite(chess, ada)))

    draft.step(back=True)
    assert (draft.pins(), draft.names("chess")) == ([], ["ada", "ben", "cleo", "dov"])
    draft.step(back=False)
    assert (draft.pins(), draft.names("chess")) == ([("absent", "ada")], ["ben", "cleo", "dov"])

    with unit_of_work(engines) as db:
        let_in(db, draft.teller, NEXT, draft.version, chess, ada)
    draft.make(Asked(edits.INVITED, chess, edits.invite(chess, ada)))
    assert (draft.pins(), draft.names("chess")) == ([], ["ada", "ben", "cleo", "dov"])


def test_who_is_not_invited_is_kept_out_and_letting_the_session_go_leaves_that(draft: Draft) -> None:
    draft.keep_out("choir", "cleo")
    draft.fix("choir", "ada")
    assert draft.pins() == [("absent", "cleo"), ("attend", "ada"), ("session", "")]
    draft.fix("choir", is_fixed=False)

    assert draft.pins() == [("absent", "cleo")]
    with pytest.raises(Conflict):
        draft.keep_out("choir", "ada")


def test_undoing_a_removal_brings_back_what_was_fixed(engines: Engines, draft: Draft) -> None:
    walk = draft.sessions["walk"].ref
    draft.fix("walk", "esi")
    draft.keep_out("walk", "cleo")
    stood = draft.pins()

    draft.make(Asked(edits.REMOVED, walk, edits.remove(walk)))
    assert draft.pins() == []
    draft.step(back=True)

    assert draft.pins() == stood
    with reading(engines) as db:
        assert fixed_in(db, draft.elm.id, NEXT, walk).people == {draft.who("esi")}


def test_nobody_is_led_to_what_the_staff_called_off(engines: Engines, elm: CommunityBuilder, draft: Draft) -> None:
    choir = draft.sessions["choir"].ref
    assert choir in {each.session.ref for each in draft.where_else("cleo")}
    with unit_of_work(engines) as db:
        said = {"session_ref": choir, "on_date": NEXT + timedelta(days=0), "was_held": False, "marked_at": NOW}
        db.add(SessionHeld(community_id=elm.id, number=1, **said))

    assert choir not in {each.session.ref for each in draft.where_else("cleo")}
    assert draft.ways(lambda ways: ways.who_would_like(choir)) == ()
    assert draft.why_not("cleo", "choir").moves == ()
