"""Two directors change one draft at the same time, thousands of times: is anything lost, is what is broken marked?

    python -m bench.two_directors                                      10,000 changes on a SQLite of its own, minutes
    python -m bench.two_directors --database postgresql://…            on an empty database of a server
    python -m bench.two_directors --edits 400 --part 200 --referee FILE

Each of two threads looks at the draft, makes up a change (or an undo), and sends it with the version that it saw,
through the services that the pages use, right beside the other. After each part, what was kept is done again one by one
in the order of the versions: that has to lead to what is stored, and each week on the way is judged. Where a change was
lost, or a broken week was not marked, it ends with status 1.
"""

import argparse
import importlib.util
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from random import Random

from sqlalchemy import update

from milieu.database import DbSession, Engines, make_engines, reading, retrying, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.imports.folder import import_folder
from milieu.installation.revisions import upgrade
from milieu.models import Activity, Plan, PlanEdit, Requirement
from milieu.services.by_hand import edits, trying
from milieu.services.by_hand.beginning import EMPTY, begin_draft
from milieu.services.by_hand.edits import House, Spot
from milieu.services.by_hand.keeping import CHANGED
from milieu.services.by_hand.trying import Asked
from milieu.services.teller import Teller
from milieu.services.weeks.objections import Held, hold
from milieu.services.weeks.publishing import look_ahead
from milieu.solving.contents import SessionContent, read_plan
from milieu.solving.problem.document import ProblemSource
from solver.documents.exchange import ScheduleDocument, write_schedule

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "alder"
UNDO, REDO = "undo", "redo"
MOST_SESSIONS = 16  # a small week: a check of it takes milliseconds
ON_PURPOSE = 0.2  # how often a change is kept that breaks something
NAMELESS = frozenset({"FORM"})  # a session names what has left the week: by what else it is broken nobody can say
LEAST_INVITED = 3  # as many invitations as other changes
THINKING = 0.05  # at most, in seconds, between looking and sending: the other is often first
Sessions = dict[str, SessionContent]
Judge = Callable[[ProblemSource, Held], frozenset[str]]


class Lost(Exception):
    """A change was lost, or a broken week was not marked; the sentence says what."""


@dataclass(frozen=True)
class Kept:
    """A change that was kept: the version it was made from, what was asked (or UNDO, REDO), the score stored then."""

    version: int
    asked: Asked | str
    objective: int | None


@dataclass
class Race:
    """A draft that two change at once, and all that they kept; `judge` says which rules a week breaks."""

    engines: Engines
    community_id: str
    week: date
    now: datetime
    judge: Judge | None = None
    sessions: Sessions = field(default_factory=dict)  # as the changes that were replayed lead to it
    done: list[tuple[str, SessionContent | None, SessionContent | None]] = field(default_factory=list)
    undone: list[tuple[str, SessionContent | None, SessionContent | None]] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def teller(self) -> Teller:
        return Teller(self.community_id, None, self.now)

    def read(self) -> tuple[int, Sessions]:
        """The draft as it is: its version and its sessions."""
        with reading(self.engines) as db:
            plan = self._plan(db)
            return plan.version, {each.ref: each for each in read_plan(db, plan)}

    def run(self, count: int, seed: int) -> None:
        """Let two make so many changes at once, half each. Raises Lost, and whatever stopped one of them."""
        troubles: list[BaseException] = []

        def work(who: int) -> None:
            try:
                self._edit(who, count // 2, seed)
            except BaseException as trouble:  # a thread's end tells nobody else
                troubles.append(trouble)

        threads = [threading.Thread(target=work, args=(who,)) for who in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if troubles:
            raise troubles[0]
        self._replay()

    def _edit(self, who: int, count: int, seed: int) -> None:
        chance = Random(2 * seed + who)
        with reading(self.engines) as db:
            house = trying.house_of(trying.source_of(db, self.community_id, self.week, self.teller))
        for number in range(count):
            version, there = self.read()
            asked = any_change(chance, house, there, f"{seed}-{who}-{number}")
            time.sleep(chance.random() * THINKING)
            on_purpose = chance.random() < ON_PURPOSE
            try:
                objective = retrying(self.engines, partial(self._make, version, asked, on_purpose))
            except Conflict as refused:
                self.counts["came second" if refused.sentence == CHANGED else "refused"] += 1
            except (Invalid, NotFound):
                self.counts["refused"] += 1
            else:
                self.kept.append(Kept(version, asked, objective))

    def _make(self, version: int, asked: Asked | str, on_purpose: bool, db: DbSession) -> int | None:
        if isinstance(asked, str):
            trying.step(db, self.teller, self.week, version, back=asked == UNDO)
        else:
            trying.change(db, self.teller, self.week, version, asked, on_purpose=on_purpose)
        return self._plan(db).objective

    def _plan(self, db: DbSession) -> Plan:
        mine = Plan.community_id == self.community_id, Plan.week_start == self.week, Plan.state == "draft"
        return db.query(Plan).filter(*mine).one()

    def _replay(self) -> None:
        """Do again what was kept since the last time, one by one, and see that it leads to what is stored."""
        kept, self.kept = sorted(self.kept, key=lambda each: each.version), []
        if len({each.version for each in kept}) < len(kept):
            raise Lost("two changes were kept that were made from the same version")
        with reading(self.engines) as db:
            source = trying.source_of(db, self.community_id, self.week, self.teller)
            house = trying.house_of(source)
            for each in kept:
                self._apply(each.asked, house)
                self._weigh(db, source, each)
            if faces(self.sessions) != faces({each.ref: each for each in read_plan(db, self._plan(db))}):
                raise Lost("what was kept, done again one by one, does not lead to what is stored")
            self._see_marks(db, source)
        self.counts["kept"] += len(kept)

    def _apply(self, asked: Asked | str, house: House) -> None:
        if isinstance(asked, str):
            here, there = (self.done, self.undone) if asked == UNDO else (self.undone, self.done)
            ref, before, after = here.pop()
            there.append((ref, before, after))
            self._put(ref, before if asked == UNDO else after)
            return
        before, after = self.sessions.get(asked.ref), asked.edit(self.sessions, house)
        self.done.append((asked.ref, before, after))
        self.undone.clear()
        self._put(asked.ref, after)

    def _put(self, ref: str, becomes: SessionContent | None) -> None:
        self.sessions.pop(ref, None)
        if becomes is not None:
            self.sessions[ref] = becomes

    def _weigh(self, db: DbSession, source: ProblemSource, kept: Kept) -> None:
        """Judge the week that one change made: its stored score, and that the judge accepts it or it is marked."""
        held = hold(db, source, self.sessions.values())
        if kept.objective != held.checked.objective:
            raise Lost(f"from version {kept.version} on the score is not that of the week")
        self.counts["marked" if held.objections else "whole"] += 1
        if self.judge is not None:
            found, marked = self.judge(source, held), frozenset(each.rule for each in held.checked.breaches)
            self.counts["judged"] += 1
            if found != marked and not found & marked >= NAMELESS:
                raise Lost(f"from version {kept.version} came what breaks {sorted(found)}, marked are {sorted(marked)}")

    def _see_marks(self, db: DbSession, source: ProblemSource) -> None:
        """What publishing would say of the stored draft is what stands against it; undo and redo find their rows."""
        plan, rows = self._plan(db), db.query(PlanEdit).filter(PlanEdit.community_id == self.community_id)
        held = hold(db, source, read_plan(db, plan))
        ahead = look_ahead(db, self.community_id, plan.id, self.now)
        if set(ahead.because) != set(held.sentences):
            raise Lost("publishing says something else than what stands against the draft")
        if ahead.broken != frozenset(ref for each in held.objections for ref in each.refs):
            raise Lost("other sessions are marked than those that something stands against")
        found = tuple(rows.filter(PlanEdit.is_undone.is_(state)).count() for state in (False, True))
        if found != (len(self.done), len(self.undone)):
            raise Lost("there are not as many changes to undo and to do again as were made")


def any_change(chance: Random, house: House, there: Sessions, name: str) -> Asked | str:
    """A change as somebody might make it, of what is there."""
    which = chance.random()
    if which < 0.1:
        return UNDO if which < 0.07 else REDO
    spot = Spot(
        chance.choice(house.days),
        chance.randrange(480, 1200, house.slot_minutes),
        chance.choice(sorted(house.spaces)),
        tuple(each for each in sorted(house.facilitators) if chance.random() < 1.5 / len(house.facilitators)),
    )
    if not there or (which < 0.3 and len(there) < MOST_SESSIONS):
        ref = f"new-{name}"
        return Asked(edits.ADDED, ref, edits.add(ref, chance.choice(sorted(house.activities)), spot))
    one, who = there[chance.choice(sorted(there))], chance.choice(sorted(house.residents))
    making: list[Callable[[], Asked]] = [
        lambda: Asked(edits.PLACED, one.ref, edits.place(one.ref, spot)),
        lambda: Asked(edits.REMOVED, one.ref, edits.remove(one.ref)),
        lambda: Asked(edits.TAKEN_OUT, one.ref, edits.take_out(one.ref, chance.choice(one.residents or (who,)))),
        *[lambda: Asked(edits.INVITED, one.ref, edits.invite(one.ref, who))] * LEAST_INVITED,
    ]
    return chance.choice(making)()


def faces(sessions: Sessions) -> dict[str, tuple[object, ...]]:
    """What sessions are, without the reasons, which tell of the whole week."""
    return {
        ref: (each.activity_id, each.space_id, each.on_date, each.start_minute, each.facilitators, each.residents)
        for ref, each in sessions.items()
    }


def judged_by(referee: Path, folder: Path) -> Judge:
    """A judge that shares no code with the project: a module whose `main` takes a problem's and a schedule's file."""
    spec = importlib.util.spec_from_file_location("judge_of_weeks", referee)
    assert spec is not None, f"{referee} is no module"
    assert spec.loader is not None, f"{referee} cannot be loaded"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    problem, schedule = folder / "problem.json", folder / "schedule.json"

    def judge(source: ProblemSource, held: Held) -> frozenset[str]:
        checked = held.checked
        problem.write_bytes(source.raw)
        schedule.write_bytes(
            write_schedule(
                ScheduleDocument(
                    problem=source.digest,
                    status="feasible",
                    objective=checked.objective,
                    bound=None,
                    sessions=checked.sessions,
                    terms=checked.terms,
                )
            )
        )
        told = StringIO()
        with redirect_stdout(told):
            module.main([str(problem), str(schedule), "--json"])
        answer = json.loads(told.getvalue())
        if checked.terms and answer["terms"] != checked.terms:  # what names somebody unknown has no score
            raise Lost(f"the judge counts {answer['terms']} where {checked.terms} is stored")
        return frozenset(each.partition(":")[0] for each in answer["broken"])

    return judge


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.two_directors", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--part", type=int, default=500, help="changes after which all is looked at")
    parser.add_argument("--database", default="", help="an empty one; else a SQLite that is thrown away")
    parser.add_argument("--referee", type=Path, help="a judge of schedules, for every week on the way")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address = given.database or f"sqlite:///{folder / 'milieu.sqlite'}"
        upgrade(address)
        engines = make_engines(address)
        try:
            race = begin(engines, datetime.now(UTC), judged_by(given.referee, folder) if given.referee else None)
            began, made = time.monotonic(), 0
            while made < given.edits:
                count = min(given.part, given.edits - made)
                race.run(count, seed=1000 * given.seed + made)
                made += count
                counts = ", ".join(f"{count} {what}" for what, count in sorted(race.counts.items()))
                print(f"{made} changes, {time.monotonic() - began:.0f} s: {counts}", flush=True)
        except Lost as lost:
            print(f"LOST: {lost}", flush=True)
            return 1
        finally:
            engines.dispose()
    return 0


def begin(engines: Engines, now: datetime, judge: Judge | None) -> Race:
    """A small community with an empty draft of next week."""
    with unit_of_work(engines) as db:
        community_id = import_folder(db, FIXTURE, now=now).community_id
        db.execute(update(Activity).values(sessions_min=0))  # so that a week with little in it breaks nothing
        db.execute(update(Requirement).values(times_a_week=0))
    week = now.date() - timedelta(days=now.weekday()) + timedelta(days=7)
    race = Race(engines, community_id, week, now, judge)
    with unit_of_work(engines) as db:
        begin_draft(db, race.teller, week, EMPTY)
    race.sessions = race.read()[1]
    return race


if __name__ == "__main__":
    sys.exit(main())
