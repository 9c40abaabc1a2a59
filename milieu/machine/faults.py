"""What may be told of an error in a log: its type and where it came from, never what it says.

The message of an error may hold what nobody's log should know of a resident: the parameters of a statement, the value
that a check refused, a line of an answer.
"""

import hashlib
import re
import traceback
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_OURS = tuple(f"{_ROOT / room}/" for room in ("milieu", "web", "solver"))
_SAID_FRAME = re.compile(r'^ *File "[^"\n]*?/(solver/[a-z0-9_/]+\.py)", line (\d+)', re.MULTILINE)
_SAID_TYPE = re.compile(r"^(?:[a-z_]+\.)*([A-Z][A-Za-z]*(?:Error|Exception|Interrupt))(?::|$)", re.MULTILINE)


def trace_of(error: BaseException) -> dict[str, str]:
    """The error's type, the innermost place of ours (`file:line`), and a reference that the same fault always has."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f"{_shown(at.filename)}:{at.lineno}" for at in frames if at.filename.startswith(_OURS)]
    kind = type(error).__name__
    way = " ".join([kind, *(f"{Path(at.filename).name}:{at.lineno}" for at in frames)])
    return {"error": kind, "place": ours[-1] if ours else "", "fault": hashlib.sha256(way.encode()).hexdigest()[:10]}


def trace_told(words: str) -> dict[str, str]:
    """The same of a traceback that the solver's process wrote; empty where there is none."""
    kinds, frames = _SAID_TYPE.findall(words), _SAID_FRAME.findall(words)
    place = ":".join(frames[-1]) if frames else ""
    return {"error": kinds[-1] if kinds and place else "", "place": place}


def _shown(path: str) -> str:
    return Path(path).relative_to(_ROOT).as_posix()
