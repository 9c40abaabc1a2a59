"""The command line in processes of its own that begin at once: each is forked off one that has loaded the product.

    python -m tests.nursery

What a command is given, finds in its environment, prints and returns is its own, and it ends as any process does. That
each kind of command also begins from nothing is tried with a Python of its own, once. Every line of standard input asks
for a command; its exit status is printed when it has ended.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import configure_mappers

from tests.architecture.sources import ROOT
from tests.patience import PATIENCE

STREAMS = ("in", "out", "error")  # files of these names, in the order of their numbers


@dataclass(frozen=True)
class Nursery:
    """Where commands are begun; one after the other."""

    process: subprocess.Popen[str]

    def run(
        self, *arguments: str, folder: Path, environment: Mapping[str, str], given: str = "", is_new: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """`milieu ARGUMENTS` in a folder, with that environment and no other; `is_new`: with a Python of its own, as
        whatever Python itself is told by its environment needs.
        """
        differs = {name for name in environment if environment[name] != os.environ.get(name)}
        if is_new or any(name.startswith("PYTHON") for name in differs - {"PYTHONPATH"}):
            return subprocess.run(
                [sys.executable, "-m", "web", *arguments],
                input=given,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=PATIENCE,
                cwd=folder,
                env=environment,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with tempfile.TemporaryDirectory() as streams:
            paths = {name: Path(streams, name) for name in STREAMS}
            paths["in"].write_text(given, newline="")
            asked = [arguments, str(folder), dict(environment), [str(path) for path in paths.values()]]
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            status = int(self.process.stdout.readline())
            told = [paths[name].read_text(errors="replace") for name in STREAMS[1:]]
        return subprocess.CompletedProcess(arguments, status, *told)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """`nursery.run("plan", folder=…, environment=…)`: a command as a process, without the seconds of loading."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MILIEU_")}
    command = [sys.executable, "-m", "tests.nursery"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**own, "PYTHONPATH": str(ROOT)},
    ) as process:
        yield Nursery(process)
        process.communicate()


def load_product() -> None:
    """Whatever a command may import."""
    import milieu
    import web

    for package in (milieu, web):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in each.name and not each.name.endswith("__main__"):
                importlib.import_module(each.name)
    configure_mappers()


def become(arguments: list[str], folder: str, environment: dict[str, str], streams: list[str]) -> None:
    """Be the process of a command, from its first line to its last."""
    signal.alarm(int(PATIENCE))  # what hangs ends, with a status that no test expects
    for number, name in enumerate(streams):
        opened = os.open(name, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = ["milieu", *arguments]
    from web.commands import main

    sys.exit(main())


def serve() -> None:
    load_product()
    importlib.import_module("tests.sparing")
    gc.freeze()  # else each child looks through all of it when it ends, which takes longer than most commands
    while asked := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            become(*json.loads(asked))
        _, ended = os.waitpid(child, 0)
        with contextlib.suppress(BrokenPipeError):
            print(os.waitstatus_to_exitcode(ended), flush=True)


if __name__ == "__main__":
    serve()
