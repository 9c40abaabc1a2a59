"""Two directors change one draft at the same time: nothing of either is lost, and what is broken is marked."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from milieu.database import DbSession, Engines, reading, retrying, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import Plan, PlanEdit
from milieu.services.by_hand import edits, trying
from milieu.services.by_hand.beginning import LAST_WEEK, begin_draft
from milieu.services.by_hand.edits import Spot
from milieu.services.by_hand.keeping import CHANGED
from milieu.services.by_hand.trying import Asked
from milieu.services.teller import Teller
from milieu.services.weeks.objections import hold
from milieu.services.weeks.publishing import look_ahead
from milieu.solving.contents import SessionContent, read_plan
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

NEXT = MONDAY + timedelta(days=7)
HELD = [
    Held("choir", "lounge", 0, "10:00", ["finn"], ["ada", "ben"], ref="choir"),
    Held("chess", "studio", 2, "14:00", ["gita"], ["cleo", "dov"], ref="chess"),
    Held("walk", "lounge", 4, "15:00", ["finn"], ["esi"], ref="walk"),
]


@dataclass
class Race:
    """A draft of next week, and every change that was kept, with the version that it was made from."""

    engines: Engines
    elm: CommunityBuilder
    kept: list[tuple[int, Asked]] = field(default_factory=list)
    refused: int = 0

    @property
    def teller(self) -> Teller:
        return Teller(self.elm.id, None, NOW)

    def read(self) -> tuple[int, dict[str, SessionContent]]:
        with reading(self.engines) as db:
            plan = db.query(Plan).filter(Plan.week_start == NEXT, Plan.state == "draft").one()
            return plan.version, {each.ref: each for each in read_plan(db, plan)}

    def run(self, who: int, count: int, seed: int) -> None:
        """Make so many changes, each from the draft as it was last looked at."""
        chance, number = Random(seed * 2 + who), 0
        while number < count:
            version, there = self.read()
            asked = self.any_change(chance, there, f"{who}-{number}")
            try:
                retrying(self.engines, partial(self.make, version, asked))
            except Conflict as refused:
                self.refused += refused.sentence == CHANGED
            except (Invalid, NotFound):
                pass
            else:
                self.kept.append((version, asked))
            number += 1

    def make(self, version: int, asked: Asked, db: DbSession) -> None:
        trying.change(db, self.teller, NEXT, version, asked, on_purpose=True)

    def any_change(self, chance: Random, there: dict[str, SessionContent], name: str) -> Asked:
        elm = self.elm
        spot = Spot(
            NEXT + timedelta(days=chance.randrange(7)),
            chance.randrange(480, 1200, 15),
            chance.choice(list(elm.spaces.values())).id,
            tuple(row.id for row in elm.facilitators.values() if chance.random() < 0.5),
        )
        who = chance.choice(list(elm.residents.values())).id
        if not there or chance.random() < 0.2:
            ref = f"new-{name}"
            return Asked(edits.ADDED, ref, edits.add(ref, chance.choice(list(elm.activities.values())).id, spot))
        one = there[chance.choice(sorted(there))]
        making: list[Callable[[], Asked]] = [
            lambda: Asked(edits.PLACED, one.ref, edits.place(one.ref, spot)),
            lambda: Asked(edits.REMOVED, one.ref, edits.remove(one.ref)),
            lambda: Asked(edits.INVITED, one.ref, edits.invite(one.ref, who)),
            lambda: Asked(edits.TAKEN_OUT, one.ref, edits.take_out(one.ref, who)),
        ]
        return chance.choice(making)()


def faces(sessions: dict[str, SessionContent]) -> dict[str, tuple[object, ...]]:
    return {
        ref: (each.activity_id, each.space_id, each.on_date, each.start_minute, each.facilitators, each.residents)
        for ref, each in sessions.items()
    }


@pytest.fixture
def race(engines: Engines) -> Race:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.publication(HELD, week_start=MONDAY)
    made = Race(engines, elm)
    with unit_of_work(engines) as db:
        begin_draft(db, made.teller, NEXT, LAST_WEEK)
    return made


def see_that_nothing_is_lost(race: Race, begun: dict[str, SessionContent]) -> None:
    """The kept changes, one after the other in the order of their versions, lead to what is stored; it is marked."""
    with reading(race.engines) as db:
        source = trying.source_of(db, race.elm.id, NEXT, race.teller)
        house, sessions = trying.house_of(source), dict(begun)
        for _, asked in sorted(race.kept, key=lambda each: each[0]):
            after = asked.edit(sessions, house)
            sessions = {ref: each for ref, each in sessions.items() if ref != asked.ref}
            if after is not None:
                sessions[asked.ref] = after
        assert faces(sessions) == faces(race.read()[1])
        assert len({version for version, _ in race.kept}) == len(race.kept) == db.query(PlanEdit).count()
        plan = db.query(Plan).filter(Plan.week_start == NEXT, Plan.state == "draft").one()
        held = hold(db, source, read_plan(db, plan))
        assert (plan.objective, plan.terms) == (held.checked.objective, held.checked.terms)
        ahead = look_ahead(db, race.elm.id, plan.id, NOW)
        assert set(ahead.because) == set(held.sentences)
        assert {ref for each in held.objections for ref in each.refs} == ahead.broken


def run_at_once(race: Race, count: int, seed: int) -> None:
    begun = race.read()[1]
    threads = [threading.Thread(target=race.run, args=(who, count, seed)) for who in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    see_that_nothing_is_lost(race, begun)


@pytest.mark.slow(0.7)
def test_nothing_of_two_who_change_a_draft_at_once_is_lost(race: Race) -> None:
    run_at_once(race, 20, seed=1)

    assert race.kept
