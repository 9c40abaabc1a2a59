"""What is compiled once for all tests of a process: SQL statements, templates, and how addresses are written.

The product has one engine and one application a process, and each keeps what it has compiled. Every test has its own,
on a database of its own, and would compile the same again.
"""

from typing import Any

import flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_ALIKE = ("driver", "dbapi", "paramstyle", "server_version_info", "insert_returning", "isolation_level")
_builders: dict[Any, Any] = {}
_compile_builder = Rule._compile_builder
_statements: LRUCache[Any, Any] = LRUCache(10_000)


class Kept(BytecodeCache):
    """Templates as they were compiled; each is compiled again where its text has changed."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    """What writes the addresses of a rule; it is told the rule itself, so that alike rules of all maps may have it."""
    key = rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown
    made = _builders.get(key)
    if made is None:
        made = _builders[key] = _compile_builder(rule, append_unknown)
    return made


def _is_alike(one: DefaultDialect, other: object) -> bool:
    """Whether two dialects write every statement alike: SQLAlchemy keeps statements by the dialect they are for."""
    return type(one) is type(other) and all(getattr(one, each, None) == getattr(other, each, None) for each in _ALIKE)


Engine._compiled_cache = property(lambda _: _statements, lambda *_: None)  # type: ignore[assignment]
DefaultDialect.__eq__ = _is_alike  # type: ignore[method-assign, assignment]
DefaultDialect.__hash__ = lambda dialect: hash(type(dialect))  # type: ignore[method-assign]
Rule._compile_builder = _builder  # type: ignore[method-assign]
flask.Flask.jinja_options = {**flask.Flask.jinja_options, "bytecode_cache": Kept()}
