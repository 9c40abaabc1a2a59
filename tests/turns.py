"""Which tests begin first, and which `--quick` leaves out: the slow ones, and those on PostgreSQL.

A test that is marked `slow(seconds)`, or that looks at a page with a real browser, takes about so many seconds of a
processor. Where several processes share the tests, a whole file at a time so that what a file keeps is made once, the
files with most to do begin first: none is begun when the others are nearly done.
"""

from collections import Counter, defaultdict

import pytest

SLOW = 5  # seconds of what is marked slow without saying how slow
BROWSER = 5  # of what looks at a page with a real browser
QUICK = 0.1  # of everything else
_left_out = pytest.StashKey[Counter[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick", action="store_true", help="leave out what is slow or on PostgreSQL, and say of which rooms"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.option.loadscopereorder = False  # xdist's own order: by the number of tests in a file


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("quick"):
        left_out = [item for item in items if seconds_of(item) or is_on_postgresql(item)]
        items[:] = [item for item in items if not (seconds_of(item) or is_on_postgresql(item))]
        config.hook.pytest_deselected(items=left_out)
        _keep(config, Counter(kind_of(item) for item in left_out))
    if is_sharing(config):
        weights: dict[str, float] = defaultdict(float)
        for item in items:
            weights[file_of(item)] += seconds_of(item) or QUICK
        items.sort(key=lambda item: -weights[file_of(item)])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Of a process that shares the tests: each has collected all of them, so the last one's word will do."""
    told = getattr(node, "workeroutput", {}).get("left_out")
    config = getattr(node, "config", None)
    if told and isinstance(config, pytest.Config):
        config.stash[_left_out] = Counter(told)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("quick") and not is_sharing(config):
        terminalreporter.write_line(tell(config.stash.get(_left_out, Counter())))


def tell(left_out: Counter[str]) -> str:
    """What was left out, as a line: so many tests of each kind."""
    if not left_out:
        return "--quick left nothing out."
    kinds = ", ".join(f"{-count} of {kind}" for count, kind in sorted((-n, kind) for kind, n in left_out.items()))
    return f"--quick left out {left_out.total()} tests, slow or on PostgreSQL: {kinds}. They run without --quick."


def seconds_of(item: pytest.Item) -> float:
    """About how many seconds of a processor a slow test takes; 0 where it is quick."""
    mark = item.get_closest_marker("slow")
    if mark is not None:
        return mark.args[0] if mark.args else SLOW
    return BROWSER if "chromium" in getattr(item, "fixturenames", ()) else 0


def is_on_postgresql(item: pytest.Item) -> bool:
    """Whether a test runs on PostgreSQL: most of these run on SQLite beside."""
    callspec = getattr(item, "callspec", None)
    is_told = callspec is not None and "postgresql" in map(str, callspec.params.values())
    return is_told or any(name.startswith("postgresql") for name in getattr(item, "fixturenames", ()))


def kind_of(item: pytest.Item) -> str:
    """The room that a test stands in."""
    return item.nodeid.split("/")[1]


def file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def is_sharing(config: pytest.Config) -> bool:
    """Whether this process is one of several that share the tests."""
    return hasattr(config, "workeroutput")


def _keep(config: pytest.Config, left_out: Counter[str]) -> None:
    config.stash[_left_out] = left_out
    if is_sharing(config):
        config.workeroutput["left_out"] = dict(left_out)  # type: ignore[attr-defined]
