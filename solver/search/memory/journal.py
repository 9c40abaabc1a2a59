"""The journal of a compound move: what was done, so that it can be taken back as a whole."""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers
from solver.search.memory.layout import JOURNAL, JOURNAL_ROOM, JOURNAL_SIZE

JOIN, LEAVE, OPEN, CLOSE = 1, 2, 3, 4


@kernel
def note(s: Numbers, what: int, first: int, second: int) -> None:
    at = s[JOURNAL] + s[JOURNAL_SIZE]
    s[at] = what
    s[at + 1] = first
    s[at + 2] = second
    s[JOURNAL_SIZE] += 3


@kernel
def note_row(s: Numbers, row: int, width: int) -> None:
    """Keep a session's whole row: it stands below the CLOSE that follows."""
    at = s[JOURNAL] + s[JOURNAL_SIZE]
    for k in range(width):
        s[at + k] = s[row + k]
    s[JOURNAL_SIZE] += width


@kernel
def is_long(s: Numbers) -> bool:
    """Whether the journal has no safe room left: the move is to be given up."""
    return bool(s[JOURNAL_SIZE] > JOURNAL_ROOM // 2)
