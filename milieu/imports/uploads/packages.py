"""A workbook as a package of parts: everything is weighed and looked at before a library that trusts it reads any.

A package says how large its parts are, and may lie. Each is unpacked here once, in pieces and counted, and what could
harm whoever reads on is refused: parts without end, packages within packages, definitions in XML, macros, passwords.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from milieu.imports.files.grids import Unreadable
from milieu.imports.uploads.hiding import Hidden, hidden_in

MOST_PARTS = 400
MOST_UNPACKED = 30_000_000  # bytes, all parts together
MOST_RATIO = 250  # of a part that is large
LARGE = 500_000  # bytes
_PIECE = 1 << 16
_ANEW = "open it in a spreadsheet and save it anew"
_DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DEFINES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']")
_PICTURES = (".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf", ".bmp", ".tif", ".tiff", ".svg")
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class Package:
    """What is known of a workbook's sheets before a library reads them.

    `merged`: by the part that a sheet is in, cells of one column that were merged over several rows: the column's
    letters, its first and last row. `hidden`: by that part, the rows and columns that are not shown.
    """

    has_formula: bool = False
    merged: dict[str, list[tuple[str, int, int]]] = field(default_factory=dict)
    hidden: dict[str, Hidden] = field(default_factory=dict)


def check_package(content: bytes) -> Package:
    """See that a package is a workbook that can be read, and look at its sheets.

    Raises Unreadable.
    """
    found = Package()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            _check_entries(entries)
            _check_kind({entry.filename.lower() for entry in entries})
            for name, part in _parts(package, entries):
                _check_part(name.lower(), part)
                if name.lower().startswith("xl/worksheets/"):
                    found.has_formula = found.has_formula or _FORMULA.search(part) is not None
                    found.merged[name] = list(_merged(part))
                    found.hidden[name] = hidden_in(part)
            return found
    except _DAMAGES:
        raise _damaged() from None
    except RuntimeError:  # how zipfile says that a part wants a password
        raise _locked() from None


def csv_parts(content: bytes) -> list[tuple[str, bytes]]:
    """The files of a package that holds CSV files alone, as an export is; none where it is something else.

    Raises Unreadable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            if not entries or not all(entry.filename.lower().endswith((".csv", ".md", ".txt")) for entry in entries):
                return []
            _check_entries(entries)
            return [(name, part) for name, part in _parts(package, entries) if name.lower().endswith(".csv")]
    except _DAMAGES:
        raise _damaged() from None
    except RuntimeError:  # how zipfile says that a part wants a password
        raise _locked() from None


def _merged(part: bytes) -> Iterator[tuple[str, int, int]]:
    for left, first, right, last in _MERGED.findall(part):
        if left == right and int(first) < int(last):
            yield left.decode(), int(first), int(last)


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    lower = {name.lower() for name in names}
    if len(entries) > MOST_PARTS:
        raise Unreadable(0, f"is a package of {len(entries):,} parts; a workbook with at most {MOST_PARTS} can be read")
    if len(lower) < len(names):
        raise Unreadable(0, f"holds two parts of one name; {_ANEW}")
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name for name in names):
        raise Unreadable(0, f"holds parts that would lie elsewhere; {_ANEW}")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise _locked()


def _check_kind(lower: set[str]) -> None:
    if any(name.endswith("vbaproject.bin") or "macrosheets/" in name for name in lower):
        raise Unreadable(0, "holds macros, which are never run here; save it as a workbook without them (.xlsx)")
    if "xl/workbook.bin" in lower:
        raise Unreadable(0, "is a binary workbook (.xlsb); save it as a workbook (.xlsx)")
    if "mimetype" in lower or "content.xml" in lower:
        raise Unreadable(0, "is an OpenDocument file (.ods); save it as an Excel workbook (.xlsx)")
    if any(name.startswith("word/") for name in lower):
        raise Unreadable(0, "is a text document; copy its table into a spreadsheet and save it as a workbook (.xlsx)")
    if any(name.startswith("ppt/") for name in lower):
        raise Unreadable(0, "is a presentation; a table is needed")
    if any(name.endswith(".iwa") for name in lower):
        raise Unreadable(0, "is in the format of Numbers; export it as an Excel workbook (.xlsx)")
    if "[content_types].xml" not in lower or not any(name.startswith("xl/") for name in lower):
        raise Unreadable(0, "is a package, but no workbook; unpack it first, or save the tables as a workbook (.xlsx)")


def _parts(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Every part by its name, unpacked under one bound for all."""
    total = 0
    for entry in entries:
        if entry.compress_type not in _METHODS:
            raise Unreadable(0, f"is packed in a way that workbooks are not; {_ANEW}")
        if total + entry.file_size > MOST_UNPACKED or _is_blown_up(entry.file_size, entry.compress_size):
            raise _too_large()
        part = b"".join(_pieces(package, entry, MOST_UNPACKED - total))
        total += len(part)
        if _is_blown_up(len(part), entry.compress_size):
            raise _too_large()
        yield entry.filename, part


def _check_part(name: str, part: bytes) -> None:
    if part.startswith(_PACKED) or (part.startswith(_OLD_OFFICE) and not name.endswith(_PICTURES)):
        raise Unreadable(0, "holds another package inside; take out what is embedded, and save it anew")
    if name.endswith((".xml", ".rels", ".vml")):
        plain = part.replace(b"\0", b"")  # as UTF-16 writes it, too
        if _DEFINES.search(plain):
            raise Unreadable(0, f"defines things in its XML, as no spreadsheet does; {_ANEW}")
        if name == "[content_types].xml" and b"macroenabled" in plain.lower():
            raise Unreadable(0, "holds macros, which are never run here; save it as a workbook without them (.xlsx)")


def _pieces(package: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    left = most
    with package.open(entry) as opened:
        while piece := opened.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise _too_large()
            yield piece


def _is_blown_up(unpacked: int, packed: int) -> bool:
    return unpacked > LARGE and unpacked > MOST_RATIO * max(packed, 1)


def _damaged() -> Unreadable:
    return Unreadable(0, f"is damaged, or was cut off on its way; {_ANEW}")


def _locked() -> Unreadable:
    return Unreadable(0, "is protected by a password; save it without one")


def _too_large() -> Unreadable:
    return Unreadable(
        0, f"is far larger unpacked than a workbook that can be read; at most {MOST_UNPACKED // 1_000_000} MB"
    )
