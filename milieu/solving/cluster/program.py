"""Which solver a machine has: a worker with another one would plan by other rules than those that check its answer."""

import hashlib
from functools import cache
from pathlib import Path

import solver


@cache
def program() -> str:
    """Twelve hexadecimal digits that are the same where every file of the solver, kernels included, is the same."""
    root = Path(solver.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
