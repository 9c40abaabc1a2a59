"""Whether the kernels stand compiled, and compiling them: half a minute of one core, once, at set-up.

python -m solver.kernels.compilation
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

from solver.kernels.compiled import (
    COMPILING,
    ELEMENTS,
    ENTRIES,
    IS_COMPILING,
    IS_PLAIN,
    REAL,
    ROOM,
    SOLVER,
    code_file,
    entries,
    kernel_sources,
    kinds_of,
    slots_of,
)

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = [sys.executable, "-m", "solver.kernels.compilation"]


def is_compiled() -> bool:
    """Whether the kernels have been compiled on this machine since their sources last changed."""
    return IS_PLAIN or code_file().exists()


def compile_once() -> None:
    """Compile every kernel, in a process that ends with it; nothing where that is done.

    Of several who ask at once one compiles and the others wait for it. Raises subprocess.CalledProcessError where it
    cannot be done.
    """
    if is_compiled():
        return
    with _alone():
        if not is_compiled():
            subprocess.run(_COMMAND, check=True, cwd=_ROOT, env={**os.environ, COMPILING: "1"})


def start_compiling() -> subprocess.Popen[bytes] | None:
    """Begin to compile every kernel in a process that the caller waits for or kills; None where that is done."""
    return None if is_compiled() else subprocess.Popen(_COMMAND, cwd=_ROOT, stdin=subprocess.DEVNULL)


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other process compiles the same sources; whoever ends, however it ends, makes room."""
    with code_file().with_suffix(".lock").open("a+b") as file:
        while _is_taken(file.fileno()):
            time.sleep(0.1)
        yield


def _is_taken(handle: int) -> bool:
    """Lock a file until it is closed; True where another process has it."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def compile_kernels() -> None:
    """Write the machine code of all entries, under one way in, to its file: whole or not at all."""
    import numba
    from numba import types

    from solver.kernels.linking import link_once

    link_once()
    for path in kernel_sources():  # each adds its entries
        import_module(".".join(path.relative_to(SOLVER.parent).with_suffix("").parts))
    pointer: Callable[..., Any] = types.CPointer
    kinds = {kind: pointer(getattr(types, element)) for kind, element in ELEMENTS.items()} | {REAL: types.float64}
    shape = [kinds.get(kind, types.int64) for kind, room in ROOM.items() for _ in range(room)]
    way_in: Any = numba.cfunc(types.int64(types.int64, *shape), error_model="numpy")(_way_in())
    code = way_in._library._get_compiled_object()
    target = code_file()
    part = target.with_suffix(f".{os.getpid()}")
    part.write_bytes(way_in._wrapper_name.encode() + b"\n" + code)
    part.replace(target)


def _way_in() -> Callable[..., Any]:
    """One function that calls the entry with that number."""
    from solver.kernels.lowering import gathered

    arguments = [f"{kind.lower()}{k}" for kind, room in ROOM.items() for k in range(room)]
    lines = [f"def way_in(number, {', '.join(arguments)}):"]
    names: dict[str, Any] = {}
    for number, name in enumerate(ENTRIES):
        each = names[f"entry{number}"] = entries[name]
        plain: Callable[..., object] = getattr(each, "py_func", each)
        given: list[str] = []
        for argument, slots in zip(signature(plain).parameters.values(), slots_of(kinds_of(plain)), strict=True):
            if len(slots) == 1:
                given += slots
            else:
                names[f"book_of_{argument.name}"] = gathered(argument.annotation)
                given.append(f"book_of_{argument.name}({', '.join(slots)})")
        called = f"entry{number}({', '.join(given)})"
        has_answer = signature(plain).return_annotation is not None
        lines.append(f"    if number == {number}:")
        lines.append(f"        return {called}" if has_answer else f"        {called}")
    exec("\n".join([*lines, "    return 0"]), names)  # noqa: S102 - our own functions' names
    found: Callable[..., Any] = names["way_in"]
    return found


def _end_with_parent() -> None:
    """A solve that ends leaves nothing behind that still compiles."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.25)
    os._exit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ended at the keyboard it says nothing
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if IS_COMPILING:
        compile_kernels()
    else:
        compile_once()
