"""What an import did, or would do: counted by table, and row by row."""

from dataclasses import dataclass
from typing import Any

from milieu.imports.merging.losses import Halt


@dataclass(frozen=True)
class TableReport:
    """What became of the rows of one file; `returned` had ended before."""

    file: str
    added: int
    changed: int
    returned: int
    ended: int
    unchanged: int


@dataclass(frozen=True)
class RowReport:
    """What became of a row: `verb` is new, changed, back or ended; `what` names it. Not for logs: it holds names."""

    verb: str
    file: str
    noun: str
    what: str
    is_protection: bool


@dataclass(frozen=True)
class ImportReport:
    """What an import did. `notes` are sentences on what was taken as it is and yet wants a look.

    `rows`: all that ended or came back, and of things with a key those that are new or changed too. `halts`: of which
    tables so much ended that it had to be said how many.
    """

    community_id: str
    community_name: str
    tables: tuple[TableReport, ...]
    notes: tuple[str, ...]
    rows: tuple[RowReport, ...] = ()
    halts: tuple[Halt, ...] = ()

    def table(self, file: str) -> TableReport:
        """The line of a file; KeyError where the folder has none of that name."""
        return {line.file: line for line in self.tables}[file]

    @property
    def has_changed(self) -> bool:
        """Whether anything was written."""
        return any(line.added or line.changed or line.returned or line.ended for line in self.tables)


@dataclass(frozen=True)
class Difference:
    """What became of an attribute of a row, as the database has it; references as keys."""

    attribute: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Touched:
    """A row that came, changed or is back: where it stands in its file (0: nowhere), and what became of it.

    `subjects`: the ids of the rows that it is about, its own among them.
    """

    verb: str
    file: str
    row: int
    what: str
    differences: tuple[Difference, ...] = ()
    subjects: frozenset[str] = frozenset()
