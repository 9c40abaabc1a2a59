"""Moves to come in a list: what is kept of one whose days have partly come since it was written."""

from sqlalchemy import select

from milieu.imports.merging.facts import Fact
from milieu.imports.merging.merge import Merge
from milieu.imports.tables.cells import fold
from milieu.imports.tables.people import MOVES
from milieu.models import Move


def moves_to_come(merge: Merge, wanted: list[Fact]) -> list[Fact]:
    """The rows whose day is still to come, and those that are here just so and only wait for the morning.

    A row whose day has come says nothing any more: an old list that is read again must not take somebody back to a
    room that they have left since. What is left out is noted.
    """
    rows = merge.db.execute(select(Move.resident_id, Move.on_date).where(Move.community_id == merge.community_id))
    waiting = {(row.resident_id, row.on_date) for row in rows}
    kept = []
    for fact in wanted:
        resident_id = merge.ids["residents.csv"][fold(fact.values["resident_id"])]
        if fact.values["on_date"] > merge.today or (resident_id, fact.values["on_date"]) in waiting:
            kept.append(fact)
        else:
            merge.notes.append(
                f"{MOVES.file} row {fact.row}: the day of this move, {fact.values['on_date']}, has come; nothing is "
                "moved by it, for where they live now is said in residents.csv"
            )
    return kept
