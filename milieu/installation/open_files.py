"""How many files and connections this process may have open at once: the machine's limit, raised where it may be."""

import sys

if sys.platform != "win32":  # which knows no such limit
    import resource

BESIDES = 512
"""Files that are no browser's connection: databases, solver children, pages under way."""


def may_be_open() -> int | None:
    """How many this process may ask for, None where nothing limits it."""
    if sys.platform == "win32":
        return None
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return None if hard == resource.RLIM_INFINITY else hard


def allow(wanted: int) -> int:
    """Ask for so many; how many of them may be open now."""
    if sys.platform == "win32":
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    granted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
    return granted
