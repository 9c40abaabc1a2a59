"""A server's threads share their memory, and what is free in it goes back to the machine."""

import re
import subprocess
import sys

import pytest

THREADS = """
import ctypes, sys, threading
from milieu.machine.arenas import share_arenas
if sys.argv[1] == "shared" and not share_arenas():
    sys.exit(3)
held, ready = [], threading.Barrier(13)
def work():
    held.append([bytearray(4_000) for _ in range(200)])
    ready.wait()
    ready.wait()
for _ in range(12):
    threading.Thread(target=work).start()
ready.wait()
ctypes.CDLL("libc.so.6").malloc_stats()
ready.wait()
"""

HOLES = """
import ctypes
from datetime import UTC, datetime
from pathlib import Path
from milieu.machine.arenas import give_back
from milieu.prints.typesetting import typeset
def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20
def set_a_sheet():
    line = {"time": "10:00", "title": "Choir", "domain": "", "space": "Hall", "is_off": False}
    day = {"name": "Monday", "sessions": [line], "empty": "", "is_published": True}
    given = {"title": "Week", "paper": "a4", "heading": "Week", "under": "", "days": [day], "as_of": ""}
    given["is_door"] = False
    typeset("week", given, made=datetime(2026, 11, 30, tzinfo=UTC))
set_a_sheet()
library = ctypes.CDLL("libc.so.6")
library.malloc.restype, library.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
for work in (give_back, set_a_sheet):
    pieces = [library.malloc(size) for _ in range(600) for size in (100_000, 2_000)]
    for piece in pieces[::2]:
        ctypes.memset(piece, 1, 100_000)
        library.free(piece)
    before = held()
    work()
    print(before - held())
"""
GLIBC = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc keeps arenas")


@GLIBC
@pytest.mark.parametrize(("how", "is_few"), [("shared", True), ("apart", False)])
def test_threads_share_two_arenas(how: str, is_few: bool) -> None:
    done = subprocess.run([sys.executable, "-c", THREADS, how], capture_output=True, text=True)
    if done.returncode == 3 or "malloc_stats" in done.stderr:
        pytest.skip("the C library is another than glibc")

    arenas = len(re.findall(r"^Arena \d+:", done.stderr, re.MULTILINE))

    assert done.returncode == 0
    assert (arenas <= 2) == is_few, done.stderr


@GLIBC
def test_what_is_free_between_what_is_used_goes_back_once_a_sheet_is_set() -> None:
    done = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    by_itself, with_a_sheet = map(int, done.stdout.split())

    assert (by_itself > 40, with_a_sheet > 40) == (True, True), done.stdout  # 57 MiB in holes of 100 kB
