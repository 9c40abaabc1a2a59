"""The demo from an empty folder to a planned and published week, each step told as it happens.

Every step looks first at what is there: ended anywhere, the next start goes on where it was.
"""

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial

from sqlalchemy import func, select

from milieu.clock import Clock, local_day, seconds_passed
from milieu.coordination.adoption import adopt
from milieu.coordination.ledger import open_again
from milieu.database import DbSession, Engines, reading, retrying
from milieu.demo.accounts import DemoAccount, director_of, make_accounts
from milieu.demo.agenda import Agenda, Step, Tell
from milieu.demo.folder import DemoFolder
from milieu.demo.history import make_up_history
from milieu.demo.newcomers import move_in_lately
from milieu.demo.weeks import DemoWeek, Planner, interruptible, is_there, weeks_around
from milieu.errors import Unplannable
from milieu.models import Activity, Community, Facilitator, LivingGroup, Note, Publication, Resident, Space
from milieu.queries.demo import ACCOUNTS, read_demo
from milieu.queries.settings import plan_seconds_of
from milieu.settings import Settings
from milieu.solving.process.child import Interrupted
from solver.kernels.compilation import start_compiling

_COMPILE_SECONDS, _DRAFT_SECONDS = 25, 12
_TABLES = (
    (Resident, "residents"),
    (LivingGroup, "living groups"),
    (Facilitator, "people who lead"),
    (Activity, "activities"),
    (Space, "spaces"),
)


class Demo:
    """A demo whose folder is held and whose database is open. `ending`, once set, ends what is being planned.

    `seconds` is how long each week is searched for, None the demo's own measure; `past_weeks` how many weeks it holds
    before this one, each planned after who came to those before it is known.
    """

    def __init__(
        self,
        folder: DemoFolder,
        settings: Settings,
        engines: Engines,
        clock: Clock,
        tell: Tell,
        seconds: int | None = None,
        past_weeks: int = 1,
    ) -> None:
        self._folder, self._settings, self._engines, self._clock = folder, settings, engines, clock
        self._tell, self._seconds, self._past_weeks = tell, seconds, past_weeks
        self.ending = threading.Event()
        self._community_id, self._timezone = "", "UTC"
        self._weeks: tuple[DemoWeek, ...] = ()
        self._background: threading.Thread | None = None
        self._compiling: subprocess.Popen[bytes] | None = None
        self._agenda = Agenda(engines, clock, tell, self.ending)

    def prepare(self) -> None:
        """Do what has to be done before the first page, in seconds: all else is `catch_up`'s, while pages are served.

        Raises KeyboardInterrupt and MilieuError; what was done stays done.
        """
        self._compiling = start_compiling()  # on the other core, while the lists are read
        self._read_lists()
        self._agenda.forget()
        with reading(self._engines) as db:
            self._timezone = db.get_one(Community, self._community_id).timezone
            today = local_day(self._clock.now(), self._timezone)
            self._weeks = weeks_around(today, self._timezone, past=self._past_weeks)
        self._make_up_history()

    def plan_in_turn(self) -> None:
        """Plan what is missing, the oldest week first, each one knowing who came to those before it.

        Raises KeyboardInterrupt and MilieuError; what was done stays done, and the next start goes on after it.
        """
        self._agenda.work([*self._first_steps(), *self._steps_in_turn()])

    def missing(self) -> list[DemoWeek]:
        """The weeks that the demo should hold and does not, this week first: it is the one that people look at."""
        *past, this, following = self._weeks
        with reading(self._engines) as db:
            return [week for week in (this, *past, following) if not is_there(db, self._community_id, week)]

    def accounts(self) -> Sequence[DemoAccount]:
        """The accounts to try."""
        with reading(self._engines) as db:
            shown = read_demo(db)
        return [DemoAccount(each.email, each.about) for each in shown.accounts] if shown else []

    def catch_up(self) -> bool:
        """Begin to make what is missing while the pages, already there, say how far it is; False where nothing is."""
        if self._past_weeks > 1 or self._is_new():
            steps = self._steps_in_turn()
        else:
            steps = [self._making(week, workers=1) for week in self.missing()]
        if steps:
            steps = [*self._first_steps(), *steps]
            self._agenda.write(steps)
            self._background = threading.Thread(target=self._catch_up, args=(steps,), daemon=True)
            self._background.start()
        return bool(steps)

    def end(self) -> None:
        """End what is being planned; it is planned again at the next start."""
        self.ending.set()
        if self._compiling is not None:
            self._compiling.kill()
        if self._background is not None:
            self._background.join(10)

    def _read_lists(self) -> None:
        now = self._clock.now()
        with reading(self._engines) as db:
            known = db.scalar(select(Community.id).limit(1))
            note = db.get(Note, ACCOUNTS)
        if known is None or note is None:
            from milieu.imports.folder import import_folder  # brings pandas along, which later starts need not wait for

            def read(db: DbSession) -> str:
                community_id = import_folder(db, self._folder.lists, now=now).community_id
                timezone = db.get_one(Community, community_id).timezone
                today = local_day(now, timezone)
                make_accounts(db, community_id, today=today, now=now)
                move_in_lately(db, community_id, today=today)
                return community_id

            with self._step(f"Reading the made-up lists of {self._folder.name}"):
                known = retrying(self._engines, read)
        else:
            # nobody else is on this database: whatever still says that it runs was ended with the last server
            retrying(self._engines, lambda db: adopt(db, now, silence=None))
        self._community_id = known
        with reading(self._engines) as db:
            counts = [f"{db.scalar(select(func.count()).select_from(table))} {words}" for table, words in _TABLES]
        self._tell(f"{self._folder.name} is made up: {_listed(counts)}.")

    def _is_new(self) -> bool:
        with reading(self._engines) as db:
            return db.scalar(select(Publication.id).limit(1)) is None

    def _first_steps(self) -> list[Step]:
        if self._compiling is None:
            return []
        return [Step("compile", "Compiling the search, once", self._wait_for_compiling, seconds=_COMPILE_SECONDS)]

    def _wait_for_compiling(self) -> None:
        assert self._compiling is not None
        while (status := self._compiling.poll()) is None:
            if self.ending.wait(0.1):
                raise Interrupted
        if status:
            raise Unplannable("The search could not be compiled; plans take longer until it is.")

    def _steps_in_turn(self) -> list[Step]:
        with reading(self._engines) as db:
            missing = [week for week in self._weeks if not is_there(db, self._community_id, week)]
        workers, count = self._settings.solver_workers, len(missing)
        return [
            self._making(week, workers=workers, counted=f", {number} of {count}")
            for number, week in enumerate(missing, 1)
        ]

    def _seconds_a_week(self) -> int:
        """Half of what a community of its size is given: a demo is watched."""
        with reading(self._engines) as db:
            own = plan_seconds_of(db, self._community_id, local_day(self._clock.now(), self._timezone))
        return max(_DRAFT_SECONDS, own // 2)

    def _making(self, week: DemoWeek, *, workers: int, counted: str = "") -> Step:
        """Plan a week, knowing who came to those before it, and publish it where it should be."""
        seconds = self._seconds or self._seconds_a_week()

        def make() -> None:
            self._make_up_history(before=week.start)
            interruptible(partial(self._planner().make, week, workers=workers, seconds=seconds), self.ending)
            self._make_up_history()

        as_draft = "" if week.published_at else " as a draft, which a person looks at and publishes"
        return Step("plan", f"Planning {week.name}{counted}, {seconds} s{as_draft}", make, (week.start,), seconds)

    def _make_up_history(self, before: date | None = None) -> None:
        """Say what became of the invitations of the days that are over, or of those before a day, where nobody has."""
        today = local_day(self._clock.now(), self._timezone)
        until = today if before is None else min(before, today)

        def make_up(db: DbSession) -> int:
            by = director_of(db, self._community_id)
            return make_up_history(db, self._community_id, since=self._weeks[0].start, until=until, by=by)

        if count := retrying(self._engines, make_up):
            self._tell(f"Who came on the days that are over is made up: {count:,} marks.")

    def _catch_up(self, steps: Sequence[Step]) -> None:
        with suppress(Interrupted):
            self._agenda.work(steps, goes_on=True)
            if missing := self.missing():  # something stood in their way, which may have gone by now
                again = [self._making(week, workers=1) for week in missing]
                self._agenda.write(again)
                self._agenda.work(again, goes_on=True)
            lacking = len(self.missing())
            if not lacking:  # the clock looked for something published before there was anything
                today = local_day(self._clock.now(), self._timezone)
                retrying(self._engines, lambda db: open_again(db, self._community_id, today))
            self._tell(f"{lacking} of the weeks could not be made." if lacking else "All weeks are there.")

    def _planner(self) -> Planner:
        return Planner(self._engines, self._settings, self._clock, self._community_id, self.ending)

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        self._tell(f"{what} ...")
        began = seconds_passed()
        yield
        self._tell(f"  done in {seconds_passed() - began:.0f} s")


def _listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence: "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
