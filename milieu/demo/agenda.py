"""What a demo has still to do before all its weeks are there, each step told as it happens and kept for its pages."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from sqlalchemy import delete

from milieu.clock import Clock, seconds_passed
from milieu.database import Engines, unit_of_work
from milieu.errors import MilieuError
from milieu.machine.faults import trace_of
from milieu.models import Note
from milieu.queries.demo import AGENDA
from milieu.solving.process.child import Interrupted

_log = structlog.get_logger(__name__)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """A piece of work: `kind` is compile or plan, `weeks` are the Mondays of those it makes.

    `seconds` is about how long it takes, `sentence` what the console says when it begins.
    """

    kind: str
    sentence: str
    do: Callable[[], None]
    weeks: tuple[date, ...] = ()
    seconds: int = 1


class Agenda:
    """Steps that are done one after another; `ending`, once set, ends what is being done."""

    def __init__(self, engines: Engines, clock: Clock, tell: Tell, ending: threading.Event) -> None:
        self._engines, self._clock, self._tell, self._ending = engines, clock, tell, ending
        self._rows: list[dict[str, object]] = []

    def write(self, steps: Sequence[Step]) -> None:
        """Let the pages say what there is to do."""
        self._rows = [
            {
                "kind": step.kind,
                "weeks": [week.isoformat() for week in step.weeks],
                "seconds": step.seconds,
                "began": "",
                "ended": "",
                "fault": "",
            }
            for step in steps
        ]
        self._keep()

    def forget(self) -> None:
        """Let the pages say nothing: what an earlier demo had to do has ended with it."""
        self._rows = []
        self._keep()

    def work(self, steps: Sequence[Step], *, goes_on: bool = False) -> None:
        """Do the steps in turn; who `goes_on` tells what could not be done and does the next.

        Raises KeyboardInterrupt, Interrupted and, unless it `goes_on`, MilieuError; what was done stays done.
        """
        for number, step in enumerate(steps):
            try:
                self._do(number, step)
            except Interrupted:
                raise
            except MilieuError as error:
                if not goes_on:
                    raise
                self._tell(f"  this could not be done: {error.sentence}")
                self._mark(number, fault=error.sentence)
            except Exception as error:  # the other weeks are still wanted
                if not goes_on:
                    raise
                _log.error("demo.step_failed", step=step.kind, **trace_of(error))
                self._mark(number, fault="This could not be done.")

    def _do(self, number: int, step: Step) -> None:
        self._tell(f"{step.sentence} ...")
        self._mark(number, began=self._clock.now())
        started = seconds_passed()
        step.do()
        self._tell(f"  done in {seconds_passed() - started:.0f} s")
        self._mark(number, ended=self._clock.now())

    def _mark(self, number: int, **changed: datetime | str) -> None:
        if self._rows:
            texts = {name: value if isinstance(value, str) else value.isoformat() for name, value in changed.items()}
            self._rows[number].update(texts)
            self._keep()

    def _keep(self) -> None:
        with unit_of_work(self._engines) as db:
            db.execute(delete(Note).where(Note.name == AGENDA))
            if self._rows and not self._ending.is_set():
                db.add(Note(name=AGENDA, value=list(self._rows)))
