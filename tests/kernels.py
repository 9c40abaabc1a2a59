"""The compiled search, before the first test that may need it: compiled here where its sources have changed.

A test that met a search without machine code would fail on a missing file or be as slow as plain Python; compiling
within a test could outlast the time after which a test counts as hanging.
"""

import subprocess

import pytest

from solver.kernels.compilation import compile_once, is_compiled
from tests.turns import is_sharing

WHY = "the search's sources have changed: compiling them, a minute or two of one core, once"
FAILED = "the search could not be compiled (the lines above say why): tests that search will fail"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where processes will share the tests: before they start, so that none of them waits."""
    if session.config.getoption("numprocesses", None) and not is_sharing(session.config):
        _compile(session)


def pytest_collection_finish(session: pytest.Session) -> None:
    is_asked = any(not item.nodeid.startswith("tests/architecture/") for item in session.items)
    if is_asked and not session.config.option.collectonly and not is_sharing(session.config):
        _compile(session)


def _compile(session: pytest.Session) -> None:
    if is_compiled():
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    reporter.write_line(f"milieu: {WHY} ...")
    try:
        compile_once()
    except subprocess.CalledProcessError:
        reporter.write_line(f"milieu: {FAILED}")
