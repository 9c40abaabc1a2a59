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
        if self.path.is_dir():
            raise Unwritable(f"{self.path}: this is a folder, not a file to write to")
        if not self.path.parent.is_dir():
            raise Unwritable(f"{self.path}: there is no folder {self.path.parent}")
        if any(self._is_same(other) for other in inputs):
            raise Unwritable(f"{self.path}: this is an input; it would be overwritten")
        if self._is_special():
            return
        try:
            if self.path.exists() and not os.access(self.path, os.W_OK):
                raise Unwritable(f"{self.path}: this file may not be written")
            self._beside().open("xb").close()
        except (OSError, ValueError) as error:
            raise Unwritable(f"{self.path}: {getattr(error, 'strerror', None) or error}") from None
        finally:
            self._clean()

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

    def _is_same(self, other: Path) -> bool:
        assert self.path is not None
        with contextlib.suppress(OSError, ValueError):
            return self.path.exists() and self.path.samefile(other)
        return False

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
