"""What an import would end, told before it does: who, how much of a table, and whether that was meant.

A row that is gone from its file may have been taken out on purpose, filtered away, or written under another key. Single
ones are told; where much of a table would end, nobody can have meant it by the way, and the import stops.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from milieu.errors import Conflict
from milieu.imports.tables.cells import quoted
from milieu.imports.tables.description import Table, Values

MOST_ENDED = 3
SHARE = 5  # more than one in so many
MOST_NAMED = 8


@dataclass(frozen=True)
class Gone:
    """A row that ends because it is gone from its file. `what` names it by the files' keys.

    `is_protection`: it kept somebody from something. `subjects`: the ids of the rows that it is about.
    """

    file: str
    noun: str
    what: str
    is_protection: bool = False
    subjects: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.noun} {self.what}"


@dataclass(frozen=True)
class Halt:
    """Of `held` rows of a file that still hold, `ending` would end: too many to go on unasked."""

    file: str
    ending: int
    held: int
    whom: tuple[str, ...] = ()
    are_protections: bool = False

    def __str__(self) -> str:
        shown = self.whom if self.are_protections else self.whom[:MOST_NAMED]
        named, left = ", ".join(shown), len(self.whom) - len(shown)
        more = f" and {left} more" if left else ""
        return f"{self.file}: {self.ending} of {self.held} rows would end ({named}{more})"


@dataclass
class Losses:
    """What one import ends, as far as it has come. `ended_ids`: rows that ended, so that what hangs on them may too."""

    gone: list[Gone] = field(default_factory=list)
    halts: list[Halt] = field(default_factory=list)
    likely: list[str] = field(default_factory=list)
    ended_ids: set[str] = field(default_factory=set)

    def weigh(self, table: Table, gone: Sequence[Gone], added: Iterable[Values], held: int, wanted: int) -> None:
        """Add what a table loses, and stop where that is much.

        `held`: how many of its rows held that files had brought; `wanted`: how many the file names now. A row whose
        subject ended too is a consequence, and one that another of the same subject takes the place of is a change;
        neither makes a loss large. A protection's place is taken by nothing.
        """
        self.gone.extend(gone)
        own = [each for each in gone if not each.subjects & self.ended_ids]
        lost = own if table.has_key or table.protects else _unreplaced(table, own, added)
        is_large = len(lost) > MOST_ENDED and len(lost) * SHARE > held
        is_most = len(lost) > 1 and len(lost) * 2 > held  # also of a small table
        is_all = bool(lost) and not wanted and (len(lost) > 1 or table.protects is not None)
        if is_large or is_most or is_all:
            whom = tuple(each.what for each in lost)
            self.halts.append(Halt(table.file, len(lost), held, whom, any(each.is_protection for each in lost)))

    @property
    def count(self) -> int:
        """How many rows the halts speak of together."""
        return sum(halt.ending for halt in self.halts)

    def refuse(self, path: Path) -> Conflict:
        """The error that says what would end, and how to go on."""
        halted = {halt.file for halt in self.halts}
        beside = [f"{each.file}: {each} would end" for each in self.protections if each.file not in halted]
        return Conflict(
            f"Nothing was imported from {path}: rows are gone from their files, and much would end with them.",
            [
                *map(str, self.halts),
                *beside,
                *self.likely[:MOST_NAMED],
                *([f"… and {more} more of the same kind"] if (more := len(self.likely) - MOST_NAMED) > 0 else ()),
                f"If rows were filtered away or keys changed, mend the files. If all this is meant, say how many: "
                f"milieu import {path} --ends {self.count}",
                "To see everything first: --dry-run.",
            ],
        )

    @property
    def protections(self) -> list[Gone]:
        return [each for each in self.gone if each.is_protection]


def alike(table: Table, ended: Iterable[tuple[str, Sequence[object]]], added: Iterable[Values]) -> list[str]:
    """Sentences on rows that ended while another of the same name came: perhaps one row under two keys.

    `ended`: the key of each, and its values of the table's `likeness`.
    """
    old: dict[tuple[object, ...], list[str]] = {}
    for key, likeness in ended:
        old.setdefault(_plain(likeness), []).append(key)
    found = []
    for values in added:
        for key in old.get(_plain([values.get(name) for name in table.likeness]), ()):
            found.append(
                f"{table.file}: {quoted(values['key'])} is new and has the {table.likeness_words} of {quoted(key)}, "
                f"whose row is gone: if they are the same, write the key as it was{_noughts(key, values['key'])}"
            )
    return found


def _noughts(old: str, new: str) -> str:
    """The end of a sentence: how a spreadsheet may have come to the other key."""
    if old != new and old.lstrip("0") == new.lstrip("0"):
        return " (a spreadsheet takes the noughts from 001 unless the column is formatted as text)"
    return ""


def _plain(likeness: Sequence[object]) -> tuple[object, ...]:
    return tuple(value.casefold() if isinstance(value, str) else value for value in likeness)


def _unreplaced(table: Table, gone: Iterable[Gone], added: Iterable[Values]) -> list[Gone]:
    """Those whose subject got no other row instead."""
    names = [column.attribute for column in table.columns if column.refers_to][:1]
    instead = Counter(values.get(names[0]) for values in added) if names else Counter()
    lost = []
    for each in gone:
        subject = next((one for one in each.subjects if instead[one] > 0), None)
        if subject is None:
            lost.append(each)
        else:
            instead[subject] -= 1
    return lost
