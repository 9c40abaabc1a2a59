"""What a demo has to do: told, kept for its pages, and gone on with after what could not be done."""

import threading
from collections.abc import Callable

import pytest

from milieu.database import Engines, make_engines, reading
from milieu.demo.agenda import Agenda, Step
from milieu.errors import Unplannable
from milieu.models import Note
from milieu.queries.demo import AGENDA
from milieu.solving.process.child import Interrupted
from tests.milieu.builders import MONDAY, NOW, FixedClock


@pytest.fixture
def sqlite(sqlite_url: str) -> Engines:
    return make_engines(sqlite_url)


class Begun:
    """An agenda and all that it says."""

    def __init__(self, engines: Engines) -> None:
        self.engines, self.said, self.ending = engines, list[str](), threading.Event()
        self.agenda = Agenda(engines, FixedClock(NOW), self.said.append, self.ending)

    def kept(self) -> list[tuple[str, bool, bool, str]]:
        """Of each step that the pages know: its kind, whether it began and ended, and its fault."""
        with reading(self.engines) as db:
            note = db.get(Note, AGENDA)
        rows = note.value if note is not None else ()
        return [(row["kind"], bool(row["began"]), bool(row["ended"]), row["fault"]) for row in rows]


def step(do: Callable[[], None], kind: str = "plan") -> Step:
    return Step(kind, f"Doing what is {kind}", do, (MONDAY,), 14)


def test_each_step_is_known_before_while_and_after_it_is_done(sqlite: Engines) -> None:
    begun = Begun(sqlite)
    seen: list[object] = []
    steps = [step(lambda: seen.append(begun.kept()), "compile"), step(lambda: seen.append(begun.kept()))]

    begun.agenda.write(steps)
    assert begun.kept() == [("compile", False, False, ""), ("plan", False, False, "")]
    begun.agenda.work(steps)

    assert seen == [
        [("compile", True, False, ""), ("plan", False, False, "")],
        [("compile", True, True, ""), ("plan", True, False, "")],
    ]
    assert begun.said[::2] == ["Doing what is compile ...", "Doing what is plan ..."]


def test_what_could_not_be_done_is_told_and_the_next_is_done(sqlite: Engines) -> None:
    def fail() -> None:
        raise Unplannable("Tea has no room.")

    def break_down() -> None:
        raise RuntimeError("Ada Made-Up")

    begun, done = Begun(sqlite), list[int]()
    steps = [step(fail), step(break_down), step(lambda: done.append(1))]
    begun.agenda.write(steps)

    begun.agenda.work(steps, goes_on=True)

    assert done == [1]
    assert [fault for *_, fault in begun.kept()] == ["Tea has no room.", "This could not be done.", ""]
    with pytest.raises(Unplannable, match="Tea has no room"):
        begun.agenda.work(steps)


def test_an_interrupt_ends_it_and_leaves_nothing_to_the_pages_of_the_next_start(sqlite: Engines) -> None:
    begun, done = Begun(sqlite), list[int]()

    def interrupted() -> None:
        begun.ending.set()
        raise Interrupted

    steps = [step(interrupted), step(lambda: done.append(1))]
    begun.agenda.write(steps)

    with pytest.raises(Interrupted):
        begun.agenda.work(steps, goes_on=True)

    assert done == []
    begun.agenda.forget()
    assert begun.kept() == []
