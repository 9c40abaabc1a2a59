"""Whose letter a relative may read, of many at once, and who reads of whom before a week is published."""

from functools import partial

from sqlalchemy import event

from milieu.database import Engines, reading, unit_of_work
from milieu.queries.family.kin import kin_of, kin_of_each
from milieu.queries.family.readers import readers_of
from milieu.queries.paper.feeds import possible_kin
from tests.milieu.builders import MONDAY, CommunityBuilder, small_community


def households(engines: Engines) -> CommunityBuilder:
    """Six residents, each with somebody of the family; Ben has left, and Cleo's shares photographs alone."""
    with unit_of_work(engines) as db:
        elm = small_community(db)
        for key in ("ada", "ben", "cleo", "dov", "esi", "fay"):
            kinds = ["photo"] if key == "cleo" else ["calendar"]
            elm.relative(f"of-{key}", of=elm.residents[key], kinds=kinds)
        elm.residents["ben"].left_on = MONDAY
    return elm


def _note(sent: list[str], _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    sent.append(statement)


def test_all_are_what_each_is_alone(engines: Engines) -> None:
    elm = households(engines)
    with reading(engines) as db:
        together = kin_of_each(db, elm.id, MONDAY)

        assert together == {row.id: kin_of(db, row.id, elm.id, MONDAY) for row in elm.relatives.values()}
        sharing = {each.resident_id for _name, kin in together.values() for each in kin}
        assert sharing == {elm.residents[key].id for key in ("ada", "dov", "esi", "fay")}


def test_many_are_asked_for_in_as_many_queries_as_one(engines: Engines) -> None:
    elm = households(engines)
    counts = []
    for asked in ([elm.relatives["of-ada"].id], None):
        sent: list[str] = []
        note = partial(_note, sent)
        event.listen(engines.read, "before_cursor_execute", note)
        with reading(engines) as db:
            possible_kin(db, elm.id, MONDAY, asked)
        event.remove(engines.read, "before_cursor_execute", note)
        counts.append(len(sent))

    assert counts[0] == counts[1] > 0


def test_of_who_has_left_nobody_reads(engines: Engines) -> None:
    elm = households(engines)
    with reading(engines) as db:
        found = readers_of(db, elm.id, MONDAY)

    assert [each.relative_id for each in found] == [
        elm.relatives[f"of-{key}"].id for key in ("ada", "dov", "esi", "fay")
    ]
