"""A server's threads share their memory."""

import re
import subprocess
import sys

import pytest

THREADS = """
import ctypes, sys, threading
from milieu.installation.arenas import share_arenas
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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc keeps arenas")
@pytest.mark.parametrize(("how", "is_few"), [("shared", True), ("apart", False)])
def test_threads_share_two_arenas(how: str, is_few: bool) -> None:
    done = subprocess.run([sys.executable, "-c", THREADS, how], capture_output=True, text=True)
    if done.returncode == 3 or "malloc_stats" in done.stderr:
        pytest.skip("the C library is another than glibc")

    arenas = len(re.findall(r"^Arena \d+:", done.stderr, re.MULTILINE))

    assert done.returncode == 0
    assert (arenas <= 2) == is_few, done.stderr
