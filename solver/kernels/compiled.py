"""How the kernels of the search and of the bounds become machine code, and how a solve gets at it.

numba compiles all of them into one piece of machine code with one way in, once, in a process of its own; that piece is
kept in a file. A solve loads the file with llvmlite alone, in a tenth of a second, and never imports numba. The file's
name holds a digest of all kernels' sources, of the processor and of the compiler, so that it never runs old code.

Kernels read and write plain memory: compiled, the pools are bare pointers, without bounds and without negative indices.
With `MILIEU_PLAIN_KERNELS` in the environment the same functions run as plain Python on numpy arrays, a hundred times
slower: what a first solve uses while another process still compiles.
"""

import ctypes
import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from solver.kernels.records import AddressBook

if TYPE_CHECKING:
    from llvmlite.binding import ExecutionEngine

Function = TypeVar("Function", bound=Callable[..., object])

HERE = Path(__file__).resolve().parent
SOLVER = HERE.parent
COMPILING = "MILIEU_COMPILE_KERNELS"  # set in the process that compiles
IS_PLAIN = bool(os.environ.get("MILIEU_PLAIN_KERNELS"))
IS_COMPILING = bool(os.environ.get(COMPILING)) and not IS_PLAIN
NUMBERS, TABLES, INDICES, SINGLES, REALS = "Numbers", "Tables", "Indices", "Singles", "Reals"
INTEGER, REAL = "int", "float"
ELEMENTS = {NUMBERS: "int64", TABLES: "int8", INDICES: "int32", SINGLES: "float32", REALS: "float64"}  # of arrays
BOOK = "AddressBook"
POOLS = (NUMBERS, TABLES, NUMBERS, TABLES)  # what an address book is handed over as
# How many arguments of each kind the one way in has.
ROOM = {NUMBERS: 6, TABLES: 4, INDICES: 5, SINGLES: 12, REALS: 4, INTEGER: 4, REAL: 3}
_C_TYPES = {INTEGER: ctypes.c_int64, REAL: ctypes.c_double}  # of all others: a pointer

# In the order of their numbers in the one way in.
ENTRIES = (
    "load_facts",
    "load_sessions",
    "construct",
    "timetable",
    "anneal",
    "arrange",
    "balance",
    "spread",
    "widest",
    "descend",
    "improve",
)
entries: dict[str, Callable[..., object]] = {}  # in the process that compiles

if IS_PLAIN:
    np.seterr(over="ignore")  # the random numbers wrap around, as machine words do

if IS_COMPILING:
    import numba

    FLAGS: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "no_cpython_wrapper": True,
        "no_cfunc_wrapper": True,
    }

    def kernel(function: Function) -> Function:
        """Compile a function that only other kernels call."""
        return cast(Function, numba.njit(**FLAGS)(function))

    def loose_kernel(function: Function) -> Function:
        """As `kernel`, but sums may be taken in any order, which is faster and rounds differently."""
        return cast(Function, numba.njit(**FLAGS, fastmath=True)(function))

    def entry(function: Function) -> Function:
        """Compile a function that Python calls."""
        entries[function.__name__] = kernel(function)
        return function

else:

    def kernel(function: Function) -> Function:
        """Mark a function that only other kernels call."""
        return function

    loose_kernel = kernel

    def entry(function: Function) -> Function:
        """Mark a function that Python calls: as machine code, save where kernels are to run as plain Python."""
        if IS_PLAIN:
            return function
        number, kinds = ENTRIES.index(function.__name__), kinds_of(function)

        def call(*arguments: object) -> int:
            return _call(number, kinds, arguments)

        return cast(Function, call)


def kinds_of(function: Callable[..., object]) -> tuple[str, ...]:
    """The kind of each argument, as its annotation says."""
    kinds = tuple(
        each.annotation if isinstance(each.annotation, str) else _named(each.annotation)
        for each in signature(function).parameters.values()
    )
    handed = _handed(kinds)
    assert all(handed.count(kind) <= room for kind, room in ROOM.items()), f"{function.__name__} takes too much"
    return kinds


def _named(annotation: Any) -> str:
    if isinstance(annotation, type) and issubclass(annotation, AddressBook):
        return BOOK
    if annotation in (int, float):
        return str(annotation.__name__)
    return next(kind for kind, element in ELEMENTS.items() if f"{element}]" in str(annotation))


def _handed(kinds: Sequence[str]) -> list[str]:
    """The kinds as they are handed over: an address book as its pools."""
    return [each for kind in kinds for each in (POOLS if kind == BOOK else (kind,))]


def slots_of(kinds: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The names that each argument has in the one way in: numbers0, numbers1, tables0, …; of a book, four."""
    handed = _handed(kinds)
    names = iter([f"{kind.lower()}{handed[:k].count(kind)}" for k, kind in enumerate(handed)])
    return [tuple(next(names) for _ in (POOLS if kind == BOOK else (kind,))) for kind in kinds]


def _call(number: int, kinds: tuple[str, ...], arguments: tuple[object, ...]) -> int:
    given: dict[str, list[object]] = {kind: [] for kind in ROOM}
    values = [each for value in arguments for each in (value.pools if isinstance(value, AddressBook) else (value,))]
    for kind, value in zip(_handed(kinds), values, strict=True):
        given[kind].append(
            value.ctypes.data if isinstance(value, np.ndarray) else float(value) if kind == REAL else int(value)  # type: ignore[call-overload,arg-type]
        )
    row = [value for kind, room in ROOM.items() for value in [*given[kind], *[0] * room][:room]]
    return int(_way_in()[1](number, *row))


@cache
def _way_in() -> tuple["ExecutionEngine", Callable[..., int]]:
    """The machine code, loaded; it lives as long as its engine."""
    from llvmlite import binding

    name, _, code = code_file().read_bytes().partition(b"\n")
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    for symbol in _UNUSED:
        binding.add_symbol(symbol, ctypes.cast(_never, ctypes.c_void_p).value)
    machine = binding.Target.from_default_triple().create_target_machine(codemodel="jitdefault", jit=True)
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    shape: list[Any] = [_C_TYPES.get(kind, ctypes.c_void_p) for kind, room in ROOM.items() for _ in range(room)]
    address = engine.get_function_address(name.decode())
    return engine, ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, *shape)(address)


# What numba would call to hand an exception to Python. Kernels raise none.
_UNUSED = (
    "NRT_Free",
    "NRT_decref",
    "NRT_incref",
    "numba_do_raise",
    "numba_gil_ensure",
    "numba_gil_release",
    "numba_runtime_build_excinfo_struct",
    "numba_unpickle",
)
_never = ctypes.CFUNCTYPE(ctypes.c_int64)(lambda: 0)


@cache
def code_file() -> Path:
    """Where the machine code is kept: beside the sources where they can be written to, else among temporary files."""
    name = f"kernels-{_digest()}.o"
    beside = HERE / "__pycache__"
    try:
        beside.mkdir(exist_ok=True)
        if (beside / name).exists() or os.access(beside, os.W_OK):
            return beside / name
    except OSError:
        pass
    elsewhere = Path(tempfile.gettempdir()) / f"milieu-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    elsewhere.mkdir(parents=True, exist_ok=True)
    return elsewhere / name


def kernel_sources() -> list[Path]:
    """The files of the solver that hold kernels, by path."""
    marks = (b"\n@kernel\n", b"\n@loose_kernel\n", b"\n@entry\n")
    found = [path for path in SOLVER.rglob("*.py") if any(mark in path.read_bytes() for mark in marks)]
    return sorted(found)


def _digest() -> str:
    """Sixteen hexadecimal digits that change with any file that holds kernels, with what lies where in their memory and
    how it is compiled, with the processor and with the compiler.
    """
    from llvmlite import binding

    digest = hashlib.sha256()
    for path in sorted({*kernel_sources(), *HERE.glob("*.py"), *SOLVER.rglob("layout.py")}):
        digest.update(path.read_bytes())
    features = sorted(binding.get_host_cpu_features().items())
    digest.update(f"{binding.get_default_triple()} {binding.get_host_cpu_name()} {features}".encode())
    digest.update(f"{version('numba')} {version('llvmlite')}".encode())
    return digest.hexdigest()[:16]
