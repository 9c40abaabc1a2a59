"""Where a schedule goes: standard output, or a file that is written whole or not at all."""

import contextlib
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path


class Unwritable(Exception):
    """A place that a schedule cannot go to, in words."""


class Target:
    """A file, or standard output where `path` is None."""

    def __init__(self, path: Path | None) -> None:
        # A link is followed, so that what it points to is replaced and the link stays.
        self.path = None if path is None else Path(os.path.realpath(path))

    def prepare(self, inputs: Iterable[Path]) -> None:
        """See that the file can be written, before any work is done for it.

        Raises Unwritable, also where the file is one of the inputs.
        """
        if self.path is None:
            if sys.stdout is None:
                raise Unwritable("standard output is closed")
            return
        try:
            complaint = self._complaint(self.path, inputs)
            if complaint is None and not self._is_special():
                self._beside().open("xb").close()
        except (OSError, ValueError) as error:
            complaint = getattr(error, "strerror", None) or str(error)
        finally:
            self._clean()
        if complaint is not None:
            raise Unwritable(f"{self.path}: {complaint}")

    def _complaint(self, path: Path, inputs: Iterable[Path]) -> str | None:
        if path.is_dir():
            return "this is a folder, not a file to write to"
        if not path.parent.is_dir():
            return f"there is no folder {path.parent}"
        if path.exists():
            if any(other.exists() and path.samefile(other) for other in inputs):
                return "this is an input; it would be overwritten"
            if not os.access(path, os.W_OK):
                return "this file may not be written"
        return None

    def write(self, document: bytes) -> None:
        """Raises Unwritable, and leaves what was there before."""
        try:
            if self.path is None:
                _print(document)
            elif self._is_special():
                self.path.write_bytes(document)
            else:
                self._replace(document)
        except OSError as error:
            raise Unwritable(f"{self.path or 'standard output'}: {error.strerror or error}") from None

    def _replace(self, document: bytes) -> None:
        assert self.path is not None
        beside = self._beside()
        try:
            with beside.open("xb") as file:
                file.write(document)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        finally:
            self._clean()

    def _beside(self) -> Path:
        assert self.path is not None
        return self.path.parent / f".milieu-{os.getpid()}.tmp"

    def _clean(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._beside().unlink(missing_ok=True)

    def _is_special(self) -> bool:
        """Whether it is a device or a pipe, which is written to and never replaced."""
        assert self.path is not None
        try:
            return not stat.S_ISREG(self.path.stat().st_mode)
        except OSError:
            return False


def _print(document: bytes) -> None:
    try:
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
    except OSError as error:
        # Python would complain once more when it closes the stream at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # who reads has gone, which is theirs to decide
            raise
