"""JSON text to a tree of plain values, with the place of everything in it that is not JSON or cannot be kept.

The fast way is the standard library's scanner. What that cannot read (nesting of any depth) goes through a slower
reader here that keeps its own stack. Marks stand in the tree for what no field accepts, so that the models refuse them
in place.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

Path = tuple[str | int, ...]
DEEPEST = 64  # no field lies deeper than seven
_LONGEST_INTEGER = 30
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_CONSTANTS = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}
_CONSTANT = re.compile("|".join(map(re.escape, _CONSTANTS)))
_HALF = re.compile("[\ud800-\udfff]")


class NotJson(Exception):
    """The bytes are no JSON text; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


class Repeating(dict[str, Any]):
    """An object some of whose keys stand in it more than once; it holds their last values."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """Stands for a value that no field accepts; `text` says what it was."""

    text: str


@dataclass(frozen=True)
class Flaw:
    """Something that is JSON but may not stand in a document, and where it stands."""

    path: Path
    message: str


def parse(raw: bytes) -> tuple[Any, list[Flaw]]:
    """The tree of a JSON text in UTF-8, and its repeated keys and half characters.

    Raises NotJson.
    """
    text = _decode(raw)
    try:
        tree = json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise NotJson(_plain(error.msg), error.lineno, error.colno) from None
    except RecursionError:
        tree = _Reader(text).read()
    root = [tree]  # so that a text that is one string is read like any other
    flaws = list(_repeated(root))
    if re.search(r"\\u[dD][89a-fA-F]", text):
        flaws += _mend_halves(root)
    return root[0], [Flaw(flaw.path[1:], flaw.message) for flaw in flaws]


def _decode(raw: bytes) -> str:
    if raw.startswith(b"\xef\xbb\xbf"):
        raise NotJson("the file starts with a byte order mark; it should be UTF-8 without one", 1, 1)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        line, column = _position(before, len(before))
        raise NotJson(f"byte 0x{raw[error.start]:02x} is not UTF-8", line, column) from None


def _position(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _plain(message: str) -> str:
    return f"this is not JSON: {message[:1].lower()}{message[1:].removesuffix(' at')}"


def _integer(text: str) -> Any:
    return int(text) if len(text) <= _LONGEST_INTEGER else Mark(f"a number of {len(text.lstrip('-'))} digits")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    seen: set[str] = set()
    again = Repeating(plain)
    again.repeated = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return again


def _nodes(root: list[Any]) -> Iterator[tuple[Path, Any]]:
    """Every object and list with its path, in the order of the text."""
    stack: list[tuple[Path, Any]] = [((), root)]
    while stack:
        path, node = stack.pop()
        yield path, node
        items = node.items() if isinstance(node, dict) else enumerate(node)
        below = [((*path, key), value) for key, value in items if isinstance(value, (dict, list))]
        stack.extend(reversed(below))


def _repeated(root: list[Any]) -> Iterator[Flaw]:
    for path, node in _nodes(root):
        if isinstance(node, Repeating):
            yield from (Flaw((*path, key), "this key stands here more than once") for key in node.repeated)


def _mend_halves(root: list[Any]) -> Iterator[Flaw]:
    """Tell each half of a surrogate pair, and put a private character in its place so that it is told once."""
    for path, node in list(_nodes(root)):
        items = list(node.items() if isinstance(node, dict) else enumerate(node))
        broken = [key for key, value in items if _is_half(key) or _is_half(value)]
        yield from (Flaw((*path, key), "half of a surrogate pair is no character") for key in broken)
        if broken and isinstance(node, dict):
            node.clear()
            node.update((_mended(key), _mended(value)) for key, value in items)
        elif broken:
            node[:] = [_mended(value) for _, value in items]


def _is_half(value: Any) -> bool:
    return isinstance(value, str) and _HALF.search(value) is not None


def _mended(value: Any) -> Any:
    return _HALF.sub(lambda half: chr(0xF0000 + ord(half.group())), value) if isinstance(value, str) else value


class _Reader:
    """Reads JSON without recursion; what lies deeper than DEEPEST is read for its form and becomes a Mark."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.stack: list[tuple[list[Any], list[str] | None]] = []  # values so far, and keys where it is an object

    def fail(self, message: str, at: int) -> NotJson:
        return NotJson(_plain(message), *_position(self.text, at))

    def skip(self) -> str:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def read(self) -> Any:
        done, value = self.open_value()
        while True:
            while not done:
                done, value = self.open_value()
            if not self.stack:
                if self.skip():
                    raise self.fail("extra data", self.at)
                return value
            values, keys = self.stack[-1]
            values.append(value)
            sign = self.skip()
            if sign == ",":
                self.at += 1
                if keys is not None:
                    self.read_key(keys)
                done = False
            elif sign == ("]" if keys is None else "}"):
                self.at += 1
                value = self.close()
            else:
                raise self.fail("expecting ',' delimiter", self.at)

    def open_value(self) -> tuple[bool, Any]:
        """Read up to a whole value (True, value) or into a list or an object (False, None)."""
        sign = self.skip()
        if sign == '"':
            return True, self.read_string()
        if sign and sign in "[{":
            self.at += 1
            keys: list[str] | None = None if sign == "[" else []
            self.stack.append(([], keys))
            if self.skip() == ("]" if keys is None else "}"):
                self.at += 1
                return True, self.close()
            if keys is not None:
                self.read_key(keys)
            return False, None
        for pattern in (_CONSTANT, _NUMBER):
            if match := pattern.match(self.text, self.at):
                self.at = match.end()
                if pattern is _CONSTANT:
                    return True, _CONSTANTS[match.group()]
                return True, float(match.group()) if match.group(2) or match.group(3) else _integer(match.group())
        raise self.fail("expecting value", self.at)

    def read_string(self) -> str:
        try:
            value, self.at = scanstring(self.text, self.at + 1, True)
        except json.JSONDecodeError as error:
            raise self.fail(error.msg, error.pos) from None
        return str(value)

    def read_key(self, keys: list[str]) -> None:
        if self.skip() != '"':
            raise self.fail("expecting property name enclosed in double quotes", self.at)
        keys.append(self.read_string())
        if self.skip() != ":":
            raise self.fail("expecting ':' delimiter", self.at)
        self.at += 1

    def close(self) -> Any:
        values, keys = self.stack.pop()
        if len(self.stack) >= DEEPEST:
            return Mark("nested too deeply")
        return values if keys is None else _object(list(zip(keys, values, strict=True)))
