"""Flat memory read by name: numbers, tables and records that lie one behind the other in four pools.

A class that derives from `AddressBook` says what lies where, in the order of its lines: `at.score` is a number,
`at.walk[space, r]` an element of a table, `at.session[x].day` a column of a record. Compiled (`lowering`), each of
these is one load or store, and what is handed on is no more than a pointer; as plain Python the same names are views of
the same numpy arrays.

The pools: P (int64) and B (int8) hold what never changes while kernels run, S (int64) and M (int8) what does. P begins
with the numbers declared there and with where the tables of P and B begin, S likewise for S and M.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, cast, overload

import numpy as np

from solver.kernels.pools import Numbers, Tables

P, B, S, M = "p", "b", "s", "m"
HEADER = {P: P, B: P, S: S, M: S}  # the pool that begins with where another one's tables begin
Size = str | int  # a number declared in P, or that many


class Column(Protocol):
    """Numbers one behind the other; with a slice from k on, those from there."""

    @overload
    def __getitem__(self, k: int, /) -> int: ...
    @overload
    def __getitem__(self, k: slice, /) -> "Column": ...
    def __setitem__(self, k: int, value: int, /) -> None: ...


class Grid(Protocol):
    """A table of rows of equal width; with one index, a whole row."""

    @overload
    def __getitem__(self, k: int, /) -> Column: ...
    @overload
    def __getitem__(self, k: tuple[int, int], /) -> int: ...
    def __setitem__(self, k: tuple[int, int], value: int, /) -> None: ...


class Cube(Protocol):
    """A table of three dimensions; with two indices, a whole row."""

    @overload
    def __getitem__(self, k: tuple[int, int], /) -> Column: ...
    @overload
    def __getitem__(self, k: tuple[int, int, int], /) -> int: ...
    def __setitem__(self, k: tuple[int, int, int], value: int, /) -> None: ...


class Record:
    """One row of a table of records: its columns are the names that the class annotates, in their order.

    One that is annotated `Column`, the last, takes what is left of the row.
    """

    __slots__ = ("cells",)
    columns: ClassVar[tuple[str, ...]] = ()
    tail: ClassVar[str | None] = None

    def __init_subclass__(cls) -> None:
        cls.columns = tuple(name for name, kind in cls.__annotations__.items() if kind is int)
        cls.tail = next((name for name, kind in cls.__annotations__.items() if kind is Column), None)
        for k, name in enumerate(cls.columns):
            setattr(cls, name, _cell(k))
        if cls.tail is not None:
            first = len(cls.columns)
            setattr(cls, cls.tail, property(lambda row: row.cells[first:]))

    def __init__(self, cells: Numbers) -> None:
        self.cells = cells

    @classmethod
    def row(cls, tail: Sequence[int] = (), **values: int) -> list[int]:
        """A row as numbers, of each column's value. Raises TypeError where one is missing or unknown."""
        if values.keys() != set(cls.columns):
            raise TypeError(f"{cls.__name__} has not the columns {sorted(values.keys() ^ set(cls.columns))}")
        return [*(int(values[name]) for name in cls.columns), *tail]


def _cell(k: int) -> property:
    def read(row: Record) -> Any:
        return row.cells[k]

    def write(row: Record, value: int) -> None:
        row.cells[k] = value

    return property(read, write)


Row = TypeVar("Row", bound=Record)


class Rows(Generic[Row]):
    """A table of records."""

    def __init__(self, record: type[Row], cells: Numbers) -> None:
        self.record, self.cells = record, cells

    def __getitem__(self, k: int) -> Row:
        return self.record(self.cells[k])


@dataclass(frozen=True)
class Number:
    """One number at the beginning of a pool."""

    pool: str


@dataclass(frozen=True)
class Area:
    """A table in a pool, and its size in each dimension; of records, how many there are and the length of the tail."""

    pool: str
    shape: tuple[Size, ...]
    record: type[Record] | None = None


def number(pool: str) -> int:
    """Declare a number."""
    return cast(int, Number(pool))


def column(pool: str, size: Size) -> Column:
    """Declare numbers one behind the other."""
    return cast(Column, Area(pool, (size,)))


def grid(pool: str, count: Size, width: Size) -> Grid:
    """Declare a table of so many rows of that width."""
    return cast(Grid, Area(pool, (count, width)))


def cube(pool: str, count: Size, rows: Size, width: Size) -> Cube:
    """Declare a table of three dimensions."""
    return cast(Cube, Area(pool, (count, rows, width)))


def rows(pool: str, record: type[Row], count: Size, tail: Size = 0) -> Rows[Row]:
    """Declare a table of so many records."""
    return cast("Rows[Row]", Area(pool, (count, tail), record))


class AddressBook:
    """What lies where in four pools; a class that derives from it declares it line by line."""

    declared: ClassVar[Mapping[str, Number | Area]]
    place: ClassVar[Mapping[str, int]]  # of each name at the beginning of P or S
    header: ClassVar[Mapping[str, int]]  # how much P and S begin with

    def __init_subclass__(cls) -> None:
        cls.declared = {name: each for name, each in vars(cls).items() if isinstance(each, Number | Area)}
        place, header = {}, {P: 0, S: 0}
        for name, each in cls.declared.items():
            pool = HEADER[each.pool]
            place[name] = header[pool]
            header[pool] += 1
            setattr(cls, name, _Named(pool, place[name]) if isinstance(each, Number) else _View(name, each))
        cls.place, cls.header = place, header

    def __init__(self, p: Numbers, b: Tables, s: Numbers, m: Tables) -> None:
        self.p, self.b, self.s, self.m = p, b, s, m

    @property
    def pools(self) -> tuple[Numbers, Tables, Numbers, Tables]:
        return self.p, self.b, self.s, self.m

    @classmethod
    def empty(cls, p: Numbers, b: Tables) -> Self:
        """The book of a problem with an S and an M of zeros, as large as it declares them."""
        made = cls(p, b, np.zeros(cls.header[S], np.int64), np.zeros(0, np.int8))
        ends = {S: cls.header[S], M: 0}
        for name, area in cls.declared.items():
            if isinstance(area, Area) and area.pool in ends:
                made.s[cls.place[name]] = ends[area.pool]
                ends[area.pool] += prod(made._sizes(area)) + 1
        return cls(
            p, b, np.concatenate([made.s, np.zeros(ends[S] - len(made.s), np.int64)]), np.zeros(ends[M], np.int8)
        )

    def begin_of(self, name: str) -> int:
        """Where a table begins in its pool."""
        area = self.declared[name]
        return int(getattr(self, HEADER[area.pool])[self.place[name]])

    def _sizes(self, area: Area) -> list[int]:
        """The table's size in each dimension."""
        sizes = [int(getattr(self, size)) if isinstance(size, str) else size for size in area.shape]
        return sizes if area.record is None else [sizes[0], len(area.record.columns) + sizes[1]]

    def _view(self, name: str, area: Area) -> Any:
        """The table as a view of its pool, up to where the next one begins."""
        pool, begin = getattr(self, area.pool), self.begin_of(name)
        begins = [
            self.begin_of(k) for k, each in self.declared.items() if isinstance(each, Area) and each.pool == area.pool
        ]
        cells = pool[begin : min((k for k in begins if k > begin), default=len(pool))]
        inner = self._sizes(area)[1:]
        if inner:
            whole = prod(inner)
            cells = cells[: len(cells) // whole * whole if whole else 0].reshape(-1 if whole else 0, *inner)
        return cells if area.record is None else Rows(area.record, cells)


class _Named:
    """A number at the beginning of a pool."""

    def __init__(self, pool: str, place: int) -> None:
        self.pool, self.place = pool, place

    def __get__(self, book: AddressBook | None, owner: type) -> Any:
        return self if book is None else getattr(book, self.pool)[self.place]

    def __set__(self, book: AddressBook, value: int) -> None:
        getattr(book, self.pool)[self.place] = value


class _View:
    """A table, made once for each book and then found in its attributes."""

    def __init__(self, name: str, area: Area) -> None:
        self.name, self.area = name, area

    def __get__(self, book: AddressBook | None, owner: type) -> Any:
        if book is None:
            return self
        book.__dict__[self.name] = found = book._view(self.name, self.area)
        return found


class Writer:
    """Fills P and B of a problem: each name that an address book declares there, once.

    Raises KeyError for a name that is not declared, ValueError where one is written twice or not at all.
    """

    def __init__(self, book: type[AddressBook]) -> None:
        self.book = book
        self.header = np.zeros(book.header[P], np.int64)
        self.parts: dict[str, list[Any]] = {P: [], B: []}
        self.ends = {P: len(self.header), B: 0}
        self.written: set[str] = set()

    def set(self, name: str, value: int) -> None:
        """Write a number."""
        self.header[self._place(name)] = value

    def value(self, name: str) -> int:
        """A number that is written."""
        return int(self.header[self.book.place[name]])

    def put(self, name: str, values: Sequence[object] | np.ndarray[Any, Any]) -> None:
        """Write a table."""
        pool = self.book.declared[name].pool
        row = np.ascontiguousarray(np.asarray(values)).astype(np.int64 if pool == P else np.int8).ravel()
        if not len(row):
            row = np.zeros(1, row.dtype)
        self.header[self._place(name)] = self.ends[pool]
        self.parts[pool].append(row)
        self.ends[pool] += len(row)

    def _place(self, name: str) -> int:
        if name in self.written:
            raise ValueError(f"{name} is written twice")
        self.written.add(name)
        return self.book.place[name]

    def joined(self) -> tuple[Numbers, Tables]:
        """P and B."""
        missing = {name for name, each in self.book.declared.items() if each.pool in (P, B)} - self.written
        if missing:
            raise ValueError(f"nothing is written for {', '.join(sorted(missing))}")
        return np.concatenate([self.header, *self.parts[P]]), np.concatenate([*self.parts[B], np.zeros(1, np.int8)])
