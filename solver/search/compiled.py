"""How the kernels of the search are compiled and where their machine code is kept.

The cache stands in a folder named after a digest of all kernels' sources: numba itself does not see that a kernel's
callee in another file has changed, and would run the old one. With `MILIEU_PLAIN_KERNELS` in the environment the same
functions run as plain Python, a hundred times slower: what a first solve uses while another process still compiles.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numpy as np

Function = TypeVar("Function", bound=Callable[..., object])

HERE = Path(__file__).resolve().parent
IS_PLAIN = bool(os.environ.get("MILIEU_PLAIN_KERNELS"))


def sources_digest() -> str:
    """Twelve hexadecimal digits that change with any file that holds kernels or their layout."""
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*.py")):
        source = path.read_bytes()
        if b"\n@kernel\n" in source or b"\n@entry\n" in source or path.name == "layout.py":
            digest.update(source)
    return digest.hexdigest()[:12]


def cache_folder() -> Path:
    """Beside the sources where they can be written to, else in the folder for temporary files."""
    name = f"kernels-{sources_digest()}"
    beside = HERE / "__pycache__"
    try:
        (beside / name).mkdir(parents=True, exist_ok=True)
        if os.access(beside / name, os.W_OK):
            return beside / name
    except OSError:
        pass
    elsewhere = Path(tempfile.gettempdir()) / f"milieu-{os.getuid() if hasattr(os, 'getuid') else 'user'}" / name
    elsewhere.mkdir(parents=True, exist_ok=True)
    return elsewhere


if IS_PLAIN:
    np.seterr(over="ignore")  # the random numbers wrap around, as machine words do

    def kernel(function: Function) -> Function:
        return function

    entry = kernel
else:
    import numba

    setattr(numba.config, "CACHE_DIR", str(cache_folder()))  # noqa: B010 - numba makes its settings as it loads

    def kernel(function: Function) -> Function:
        """Compile a function that only other kernels call."""
        return cast(Function, numba.njit(nogil=True, error_model="numpy")(function))

    def entry(function: Function) -> Function:
        """Compile a function that Python calls, and keep it in the cache. Keep these few: each costs time to load."""
        return cast(Function, numba.njit(nogil=True, error_model="numpy", cache=True)(function))
