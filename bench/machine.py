"""The machine on which it is measured, and how quiet it was: a fixed piece of work timed before every run."""

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path


def describe() -> str:
    """Processor, cores that may be used, system, Python and OR-Tools."""
    name = platform.processor() or platform.machine()
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        names = [line.partition(":")[2].strip() for line in listed.read_text().splitlines() if "model name" in line]
        name = names[0] if names else name
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = platform.python_version()
    return f"{name}, {cores} cores, {platform.system()}, Python {python}, OR-Tools {version('ortools')}"


def pace() -> float:
    """Seconds that a fixed loop takes: on a quiet machine always about the same."""
    begun = time.perf_counter()
    total = 0
    for k in range(2_000_000):
        total += k * k % 7
    return time.perf_counter() - begun
