"""What one form edits: some columns of one table, of one row or of the rows that belong to one owner."""

from dataclasses import dataclass

from milieu.imports.tables.description import Column, Table, column_of


@dataclass(frozen=True)
class Part:
    """`names`: the columns that its form shows, in that order; `owner`: the attribute that says whose rows these are.

    Without `owner` the row is itself what is edited (a resident, a space), and is made elsewhere. `clears`: attributes
    that go back to their columns' defaults with every change of the others, for they tell of what is no longer there.
    """

    name: str
    table: Table
    names: tuple[str, ...]
    owner: str = ""
    clears: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column_of(self.table, name) for name in self.names)

    @property
    def noun(self) -> str:
        """What the journal calls its rows."""
        return str(self.table.model.__tablename__)
