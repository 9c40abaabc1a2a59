"""The demo from an empty folder to a planned and published week, each step told as it happens.

Every step looks first at what is there: ended anywhere, the next start goes on where it was.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial

import structlog
from sqlalchemy import delete, func, select

from milieu.clock import Clock, local_day, seconds_passed
from milieu.coordination.adoption import adopt
from milieu.database import DbSession, Engines, reading, retrying, unit_of_work
from milieu.demo.accounts import DemoAccount, director_of, make_accounts
from milieu.demo.folder import DemoFolder
from milieu.demo.history import make_up_history
from milieu.demo.weeks import DemoWeek, Planner, is_drafted, is_there, side_by_side, weeks_around
from milieu.errors import MilieuError
from milieu.faults import trace_of
from milieu.models import Activity, Community, Facilitator, LivingGroup, Note, Publication, Resident, Space
from milieu.queries.demo import ACCOUNTS, CATCHING_UP, read_demo
from milieu.settings import Settings
from milieu.solving.process.child import Interrupted

_log = structlog.get_logger(__name__)
_SIDE_BY_SIDE_SECONDS, _DRAFT_SECONDS = 14, 12
_TABLES = (
    (Resident, "residents"),
    (LivingGroup, "living groups"),
    (Facilitator, "people who lead"),
    (Activity, "activities"),
    (Space, "spaces"),
)

Tell = Callable[[str], None]


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

    def prepare(self) -> None:
        """Do what has to be done before the first page: all of it at the first start, next to nothing later.

        Raises KeyboardInterrupt and MilieuError; what was done stays done.
        """
        self._read_lists()
        with reading(self._engines) as db:
            self._timezone = db.get_one(Community, self._community_id).timezone
            today = local_day(self._clock.now(), self._timezone)
            self._weeks = weeks_around(today, self._timezone, past=self._past_weeks)
            is_new = db.scalar(select(Publication.id).limit(1)) is None
        if self._past_weeks > 1:
            self.plan_in_turn()
        elif is_new:
            self._plan_everything()
        self._make_up_history()

    def plan_in_turn(self) -> None:
        """Plan what is missing, the oldest week first, each one knowing who came to those before it.

        Raises KeyboardInterrupt and MilieuError; what was done stays done, and the next start goes on after it.
        """
        with reading(self._engines) as db:
            missing = [week for week in self._weeks if not is_there(db, self._community_id, week)]
        seconds = self._seconds or _DRAFT_SECONDS
        workers = self._settings.solver_workers
        for number, week in enumerate(missing, 1):
            self._make_up_history(before=week.start)
            with self._step(f"Planning {week.name}, {number} of {len(missing)}, {seconds} s"):
                side_by_side([partial(self._planner().make, week, workers=workers, seconds=seconds)], self.ending)

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

    def catch_up(self) -> None:
        """Begin to plan what is missing while the pages are already there; the pages and the console say so."""
        self._note_missing()
        if missing := self.missing():
            names = _listed([week.name for week in missing])
            self._tell(f"Some time has gone by: planning {names} in the background. The pages say when it is there.")
            self._background = threading.Thread(target=self._catch_up, args=(missing,), daemon=True)
            self._background.start()

    def end(self) -> None:
        """End what is being planned; it is planned again at the next start."""
        self.ending.set()
        if self._background is not None:
            self._background.join(10)

    def _read_lists(self) -> None:
        now = self._clock.now()
        with reading(self._engines) as db:
            known = db.scalar(select(Community.id).limit(1))
            note = db.get(Note, ACCOUNTS)
        if known is None or note is None:
            with self._step(f"Reading the made-up lists of {self._folder.name}"):
                known = retrying(self._engines, self._import)
        else:
            # nobody else is on this database: whatever still says that it runs was ended with the last server
            retrying(self._engines, lambda db: adopt(db, now, silence=None))
        self._community_id = known
        with reading(self._engines) as db:
            counts = [f"{db.scalar(select(func.count()).select_from(table))} {words}" for table, words in _TABLES]
        self._tell(f"{self._folder.name} is made up: {_listed(counts)}.")

    def _import(self, db: DbSession) -> str:
        from milieu.imports.folder import import_folder  # brings pandas along, which later starts need not wait for

        now = self._clock.now()
        community_id = import_folder(db, self._folder.lists, now=now).community_id
        timezone = db.get_one(Community, community_id).timezone
        make_accounts(db, community_id, today=local_day(now, timezone), now=now)
        return community_id

    def _plan_everything(self) -> None:
        planner, (last, this, following) = self._planner(), self._weeks[-3:]
        seconds = self._seconds or _SIDE_BY_SIDE_SECONDS
        with self._step(
            f"Planning last week and this week side by side, {seconds} s each: "
            "who is invited to what, with whom, where and when"
        ):
            with reading(self._engines) as db:
                unplanned = [week for week in (last, this) if not is_drafted(db, self._community_id, week)]
            side_by_side([partial(planner.plan, week, workers=1, seconds=seconds) for week in unplanned], self.ending)
        with self._step("Publishing both, as their director would have on the Friday before"):
            planner.publish(last)
            planner.publish(this)
        seconds = self._seconds or _DRAFT_SECONDS
        with self._step(f"Planning next week as a draft, {seconds} s: a person looks at it and publishes it"):
            workers = self._settings.solver_workers
            side_by_side([partial(planner.make, following, workers=workers, seconds=seconds)], self.ending)

    def _make_up_history(self, before: date | None = None) -> None:
        """Say what became of the invitations of the days that are over, or of those before a day, where nobody has."""
        today = local_day(self._clock.now(), self._timezone)
        until = today if before is None else min(before, today)

        def make_up(db: DbSession) -> int:
            by = director_of(db, self._community_id)
            return make_up_history(db, self._community_id, since=self._weeks[0].start, until=until, by=by)

        if count := retrying(self._engines, make_up):
            self._tell(f"Who came on the days that are over is made up: {count:,} marks.")

    def _catch_up(self, missing: list[DemoWeek]) -> None:
        for week in missing:
            try:
                self._planner().make(week, workers=1, seconds=self._seconds)
                self._tell(f"{week.name.capitalize()} is planned" + (" and published." if week.published_at else "."))
                self._make_up_history()
            except Interrupted:
                return
            except MilieuError as error:
                self._tell(f"{week.name.capitalize()} could not be planned: {error.sentence}")
            except Exception as error:  # the outermost loop of this thread: the other weeks are still wanted
                _log.error("demo.week_failed", week=week.start.isoformat(), **trace_of(error))
        self._note_missing()

    def _note_missing(self) -> None:
        """Let the pages say what is being planned."""
        names = [week.name for week in self.missing()]
        with unit_of_work(self._engines) as db:
            db.execute(delete(Note).where(Note.name == CATCHING_UP))
            if names and not self.ending.is_set():
                db.add(Note(name=CATCHING_UP, value=names))

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
