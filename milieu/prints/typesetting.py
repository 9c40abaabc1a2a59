"""Typst: a template of this room and data make a PDF that a screen reader can read, with its fonts in it.

Data enters as JSON and is set as letters, so that nothing in a name is mark-up. What cannot be seen, or turns a line
around, is left out; a word too long for a narrow line may be broken anywhere, so that none is cut off.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible
import typst

from milieu.machine.arenas import give_back

PDF = "application/pdf"
TEMPLATES = Path(__file__).parent / "templates"
_FACES = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
_LONG = re.compile(r"[^\s\u200b]{19,}")
_PIECE = re.compile(r"(.{6})(?=.{3})")
_JOINERS = "\u200c\u200d"  # within words of scripts whose spelling needs them
_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}


def typeset(template: str, data: Mapping[str, Any], *, made: datetime) -> bytes:
    """The PDF of `templates/TEMPLATE.typ` with `data`: plain values of JSON, with at least `title` and `paper`.

    It is PDF/UA-1. Where no font of this machine has a sign that is in it, that sign is shown as a box, which the
    standard does not allow: then it is tagged all the same, and does not say that it keeps the standard.
    """
    given = {"data": json.dumps(_plain(data))}
    try:
        return _compiled(TEMPLATES / f"{template}.typ", given, made.replace(microsecond=0))
    finally:
        give_back()  # else each sheet leaves the process larger, and a night of many communities sets thousands


def _compiled(main: Path, given: dict[str, str], made: datetime) -> bytes:
    compiler = typst.Compiler(root=TEMPLATES, font_paths=_fonts())
    try:
        made_of = compiler.compile(main, format="pdf", sys_inputs=given, pdf_standards=["ua-1"], timestamp=made)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        made_of = compiler.compile(main, format="pdf", sys_inputs=given, timestamp=made)
    assert isinstance(made_of, bytes)
    return made_of


@cache
def _fonts() -> typst.Fonts:
    """Atkinson Hyperlegible; the machine's own fonts for scripts that it does not have."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[_FACES])


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _LONG.sub(lambda word: _PIECE.sub("\\1\u200b", word[0]), _seen(value))
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _seen(text: str) -> str:
    """The text in one line of signs that can be seen."""
    line = " ".join(text.split())
    return "".join(sign for sign in line if sign in _JOINERS or unicodedata.category(sign) not in _UNSEEN)
