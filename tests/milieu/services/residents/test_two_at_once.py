"""Two people edit one thing again and again, at the same moment: no change is lost, none is taken for another's."""

import threading
from dataclasses import dataclass, field

import pytest

from milieu.database import Engines, reading, retrying, unit_of_work
from milieu.errors import Busy
from milieu.models import Change, Resident
from milieu.services.editing.saving import Stale
from milieu.services.residents.forms import own_form, save_part
from milieu.services.residents.parts import ASKING
from milieu.services.teller import Teller
from tests.milieu.builders import NOW, CommunityBuilder, small_community
from tests.patience import PATIENCE

TIMES = 200
"""Each of the two saves so often."""
KEPT = 8
"""So many words the sentence has at most: those that came last."""


@dataclass
class Editor:
    """Somebody who adds a word to a sentence, again and again; where another came first, they read and add anew."""

    engines: Engines
    teller: Teller
    resident_id: str
    letter: str
    met: int = 0
    failed: list[BaseException] = field(default_factory=list)

    def run(self) -> None:
        try:
            for number in range(TIMES):
                self._add(f"{self.letter}{number}")
        except BaseException as error:  # told by the test, which waits for the thread
            self.failed.append(error)

    def _add(self, word: str) -> None:
        while True:
            with reading(self.engines) as db:
                held = own_form(db, self.teller.community_id, ASKING, self.resident_id)
            words = [*held.texts["how_to_invite"].split(), word][-KEPT:]
            typed = {"how_to_invite": " ".join(words)}
            try:
                retrying(
                    self.engines,
                    lambda db, version=held.version, said=typed: save_part(
                        db, self.teller, ASKING, self.resident_id, version, said
                    ),
                )
                return
            except (Stale, Busy):  # who is told that the database is busy tries again too
                self.met += 1


@pytest.mark.slow(6)
def test_no_change_is_lost(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm: CommunityBuilder = small_community(db)
        ada = elm.residents["ada"].id
    editors = [Editor(engines, Teller(elm.id, None, NOW), ada, letter) for letter in "ab"]
    threads = [threading.Thread(target=editor.run) for editor in editors]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10 * PATIENCE)

    assert [editor.failed for editor in editors] == [[], []]
    with reading(engines) as db:
        row = db.get_one(Resident, (elm.id, ada))
        lines = db.query(Change).filter(Change.row_id == ada).all()
    assert row.version == 1 + 2 * TIMES
    told = {line.after["invite_how"].split()[-1] for line in lines if line.after}
    assert told == {f"{letter}{number}" for letter in "ab" for number in range(TIMES)}
    after = {line.after["invite_how"] for line in lines if line.after}
    before = {line.before["invite_how"] for line in lines if line.before}
    assert after - before == {row.invite_how}  # each began where another ended
    changes = [(line.before["invite_how"].split(), line.after["invite_how"].split()) for line in lines if line.before]
    forgotten = [said for held, said in changes if said[:-1] != held[-(KEPT - 1) :]]
    assert forgotten == []  # each kept what the other had said
