"""What a schedule changes of the one published before: the sessions that both have, and those that are gone.

Read by the terms `cancel`, `move`, `relocate`, `drop` and `relead`. Residents who have left the problem do not count.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from solver.documents.problem import Session
from solver.model.reading import Reading


@dataclass(frozen=True)
class Change:
    """A session of before, what stands under its id now (None where it is gone), and who of then is still here."""

    before: Session
    now: Session | None
    people: tuple[str, ...]


def changes(reading: Reading) -> Iterator[Change]:
    now = {one.id: one.session for one in reading.held}
    for row in reading.problem.previous:
        here = tuple(name for name in row.residents if name in reading.residents)
        yield Change(row, now.get(row.id), here)
