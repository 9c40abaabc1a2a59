"""The journal of a compound move: what was done, so that it can be taken back as a whole."""

from solver.kernels.compiled import kernel
from solver.search.memory.layout import JOURNAL_ROOM, Memory, Session

JOIN, LEAVE, OPEN, CLOSE = 1, 2, 3, 4
SESSION_COLUMNS = len(Session.columns)  # before its team


@kernel
def note(at: Memory, what: int, first: int, second: int) -> None:
    end = at.journal[at.journal_size :]
    end[0], end[1], end[2] = what, first, second
    at.journal_size += 3


@kernel
def note_row(at: Memory, x: int) -> None:
    """Keep a session's whole row: it stands below the CLOSE that follows."""
    cells, end = at.session[x].cells, at.journal[at.journal_size :]
    for k in range(SESSION_COLUMNS + at.most_team):
        end[k] = cells[k]
    at.journal_size += SESSION_COLUMNS + at.most_team


@kernel
def is_long(at: Memory) -> bool:
    """Whether the journal has no safe room left: the move is to be given up."""
    return bool(at.journal_size > JOURNAL_ROOM // 2)
