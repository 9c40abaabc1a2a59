# mypy: disable-error-code="no-untyped-call, untyped-decorator, override, attr-defined"
"""How numba compiles an address book: names become loads and stores at addresses, everything handed on a pointer.

Only the process that compiles imports this. A load from P or B, and of where a table begins, is marked as one that no
store changes, so that LLVM keeps it in a register across stores and out of loops.
"""

import operator
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.extending import intrinsic, models, register_model
from numba.core.imputils import lower_builtin, lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature

from solver.kernels.records import HEADER, AddressBook, Area, B, M, Number, P, Record, S

WORD = ir.IntType(64)
CELLS = {P: types.int64, B: types.int8, S: types.int64, M: types.int8}
NEVER_CHANGES = (P, B)


class BookType(types.Type):
    """The four pools, as four pointers."""

    def __init__(self, book: type[AddressBook]) -> None:
        self.book = book
        super().__init__(f"Book({book.__name__})")


class RowType(types.Type):
    """A record, as a pointer to its first column."""

    def __init__(self, record: type[Record], pool: str) -> None:
        self.record, self.pool = record, pool
        super().__init__(f"Row({record.__name__}, {pool})")


class TableType(types.Type):
    """A table, as a pointer to its first cell and the widths of its rows; of records where `record` is one."""

    def __init__(self, pool: str, dimensions: int, record: type[Record] | None = None) -> None:
        self.pool, self.dimensions, self.record = pool, dimensions, record
        super().__init__(f"Table({pool}, {dimensions}, {record and record.__name__})")


@register_model(BookType)
class _BookModel(models.StructModel):
    def __init__(self, manager: Any, kind: BookType) -> None:
        super().__init__(manager, kind, [(pool, types.CPointer(cell)) for pool, cell in CELLS.items()])


@register_model(RowType)
class _RowModel(models.StructModel):
    def __init__(self, manager: Any, kind: RowType) -> None:
        super().__init__(manager, kind, [("cells", types.CPointer(CELLS[kind.pool]))])


@register_model(TableType)
class _TableModel(models.StructModel):
    def __init__(self, manager: Any, kind: TableType) -> None:
        widths = [(f"width{k}", types.int64) for k in range(1, kind.dimensions)]
        super().__init__(manager, kind, [("cells", types.CPointer(CELLS[kind.pool])), *widths])


def gathered(book: type[AddressBook]) -> Any:
    """A compiled function that makes a book of its four pools."""
    kind = BookType(book)

    @intrinsic
    def gather(_typing: Any, p: Any, b: Any, s: Any, m: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, pools: Any) -> Any:
            made = cgutils.create_struct_proxy(kind)(context, builder)
            for pool, value in zip(CELLS, pools, strict=True):
                setattr(made, pool, value)
            return made._getvalue()

        return kind(p, b, s, m), build

    return gather


# ---- types


@infer_getattr
class _BookNames(AttributeTemplate):
    key = BookType

    def generic_resolve(self, kind: BookType, name: str) -> Any:
        if name in CELLS:
            return types.CPointer(CELLS[name])
        each = kind.book.declared.get(name)
        if isinstance(each, Area):
            return TableType(each.pool, len(each.shape), each.record)
        return types.int64 if isinstance(each, Number) else None


@infer_getattr
class _RowNames(AttributeTemplate):
    key = RowType

    def generic_resolve(self, kind: RowType, name: str) -> Any:
        if name in ("cells", kind.record.tail):
            return TableType(kind.pool, 1)
        return types.int64 if name in kind.record.columns else None


def _element(table: Any, index: Any) -> Any:
    """What the table has at that index; None where it has nothing."""
    if not isinstance(table, TableType):
        return None
    if isinstance(index, types.Integer):
        if table.record is not None:
            return RowType(table.record, table.pool)
        return CELLS[table.pool] if table.dimensions == 1 else TableType(table.pool, table.dimensions - 1)
    if isinstance(index, types.SliceType) and table.dimensions == 1:
        return table
    if isinstance(index, types.BaseTuple) and table.record is None and len(index) <= table.dimensions:
        left = table.dimensions - len(index)
        return TableType(table.pool, left) if left else CELLS[table.pool]
    return None


@infer_global(operator.getitem)
class _Reading(AbstractTemplate):
    def generic(self, args: Any, _kws: Any) -> Any:
        found = _element(*args)
        return None if found is None else signature(found, *args)


@infer_global(operator.setitem)
class _Writing(AbstractTemplate):
    def generic(self, args: Any, _kws: Any) -> Any:
        table, index, _ = args
        found = _element(table, index)
        return signature(types.none, table, index, found) if isinstance(found, types.Integer) else None


# ---- machine code


def _load(builder: Any, pointer: Any, never_changes: bool) -> Any:
    loaded = builder.load(pointer)
    if never_changes:
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _at(builder: Any, cells: Any, k: Any) -> Any:
    return builder.gep(cells, [k if isinstance(k, ir.Value) else WORD(k)], inbounds=True)


@lower_getattr_generic(BookType)
def _read_name(context: Any, builder: Any, kind: BookType, value: Any, name: str) -> Any:
    pools = cgutils.create_struct_proxy(kind)(context, builder, value)
    if name in CELLS:
        return getattr(pools, name)
    book, each = kind.book, kind.book.declared[name]

    def header(pool: str, word: str, never_changes: bool) -> Any:
        return _load(builder, _at(builder, getattr(pools, pool), book.place[word]), never_changes)

    if isinstance(each, Number):
        return header(each.pool, name, each.pool in NEVER_CHANGES)
    table = cgutils.create_struct_proxy(TableType(each.pool, len(each.shape), each.record))(context, builder)
    table.cells = _at(builder, getattr(pools, each.pool), header(HEADER[each.pool], name, True))
    widths = [header(P, size, True) if isinstance(size, str) else WORD(size) for size in each.shape[1:]]
    if each.record is not None:
        widths = [builder.add(WORD(len(each.record.columns)), widths[0])]
    for k, width in enumerate(widths, 1):
        setattr(table, f"width{k}", width)
    return table._getvalue()


@lower_setattr_generic(BookType)
def _write_name(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    kind, each = sig.args[0], sig.args[0].book.declared[name]
    assert isinstance(each, Number), name
    assert each.pool not in NEVER_CHANGES, name
    pools = cgutils.create_struct_proxy(kind)(context, builder, args[0])
    builder.store(args[1], _at(builder, getattr(pools, each.pool), kind.book.place[name]))


@lower_getattr_generic(RowType)
def _read_column(context: Any, builder: Any, kind: RowType, value: Any, name: str) -> Any:
    cells = cgutils.create_struct_proxy(kind)(context, builder, value).cells
    if name in ("cells", kind.record.tail):
        rest = cgutils.create_struct_proxy(TableType(kind.pool, 1))(context, builder)
        rest.cells = cells if name == "cells" else _at(builder, cells, len(kind.record.columns))
        return rest._getvalue()
    return _load(builder, _at(builder, cells, kind.record.columns.index(name)), kind.pool in NEVER_CHANGES)


@lower_setattr_generic(RowType)
def _write_column(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    kind = sig.args[0]
    assert kind.pool not in NEVER_CHANGES, name
    cells = cgutils.create_struct_proxy(kind)(context, builder, args[0]).cells
    builder.store(args[1], _at(builder, cells, kind.record.columns.index(name)))


def _indices(context: Any, builder: Any, kind: Any, index: Any) -> list[Any]:
    if isinstance(kind, types.BaseTuple):
        each = zip(cgutils.unpack_tuple(builder, index, len(kind)), kind.types, strict=True)
        return [context.cast(builder, value, one, types.int64) for value, one in each]
    if isinstance(kind, types.SliceType):
        return [context.make_helper(builder, kind, index).start]
    return [context.cast(builder, index, kind, types.int64)]


def _pointed(context: Any, builder: Any, kind: TableType, value: Any, indices: list[Any]) -> tuple[Any, list[Any]]:
    """Where that place of the table is, and the widths of what lies there."""
    table = cgutils.create_struct_proxy(kind)(context, builder, value)
    widths = [getattr(table, f"width{k}") for k in range(1, kind.dimensions)]
    place = indices[0]
    for k, width in enumerate(widths, 1):
        place = builder.mul(place, width)
        if k < len(indices):
            place = builder.add(place, indices[k])
    return _at(builder, table.cells, place), widths[len(indices) :]


@lower_builtin(operator.getitem, TableType, types.Any)
def _read_place(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table, index = sig.args
    pointer, widths = _pointed(context, builder, table, args[0], _indices(context, builder, index, args[1]))
    found = sig.return_type
    if isinstance(found, types.Integer):
        return _load(builder, pointer, table.pool in NEVER_CHANGES)
    made = cgutils.create_struct_proxy(found)(context, builder)
    made.cells = pointer
    for k, width in enumerate(widths, 1):
        if isinstance(found, TableType) and k < found.dimensions:
            setattr(made, f"width{k}", width)
    return made._getvalue()


@lower_builtin(operator.setitem, TableType, types.Any, types.Any)
def _write_place(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table, index, _ = sig.args
    assert table.pool not in NEVER_CHANGES, "P and B never change"
    pointer, _ = _pointed(context, builder, table, args[0], _indices(context, builder, index, args[1]))
    builder.store(args[2], pointer)
    return context.get_dummy_value()
