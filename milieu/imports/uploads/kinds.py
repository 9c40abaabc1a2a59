"""What a file is, by its bytes and not by its name: a table, a workbook, or something that is told in one sentence."""

from milieu.imports.files.grids import Unreadable

MOST_BYTES = 900_000  # of all that is sent at once: a form with it stays below what a request may hold
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "open it in a spreadsheet and save it as an Excel workbook (.xlsx)"

_TOLD = (
    (b"%PDF", f"is a PDF, from which no table can be read; {_SAVE_AS}"),
    (b"{\\rtf", "is a text document; copy its table into a spreadsheet, then save it as a workbook (.xlsx)"),
    (b"\x89PNG", "is a picture; a table is needed"),
    (b"\xff\xd8\xff", "is a picture; a table is needed"),
    (b"GIF8", "is a picture; a table is needed"),
    (b"MZ", "is a program, which is never opened"),
    (b"\x7fELF", "is a program, which is never opened"),
    (b"\x1f\x8b", "is packed; unpack it first"),
    (b"BZh", "is packed; unpack it first"),
    (b"\xfd7zXZ", "is packed; unpack it first"),
    (b"7z\xbc\xaf", "is packed; unpack it first"),
    (b"Rar!", "is packed; unpack it first"),
    (b"PK\x05\x06", "is an empty package; nothing is in it"),
    (b"PK\x07\x08", "is one part of a package in several; send it as one file"),
    (b"\x09\x08\x10\x00", f"is an old workbook; {_SAVE_AS}"),
    (b"SQLite format 3", f"is a database; {_SAVE_AS}"),
    (b"PAR1", f"is a table for programs; {_SAVE_AS}"),
)
_MARKUP = (b"<?xml", b"<html", b"<!doctype", b"<table", b"<workbook", b"<script", b"<svg")


def is_workbook(content: bytes) -> bool:
    """Whether a file is a package, as workbooks are.

    Raises Unreadable for what is neither that nor text.
    """
    if not content:
        raise Unreadable(0, "is empty")
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED in content:
            raise Unreadable(0, "is protected by a password; save it without one, for nothing here can ask for it")
        raise Unreadable(0, f"is in the format of before 2007 (.xls), whatever its name; {_SAVE_AS}")
    for start, sentence in _TOLD:
        if content.startswith(start):
            raise Unreadable(0, sentence)
    head = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(_MARKUP):
        raise Unreadable(0, f"is a page or a document in markup, whatever its name; {_SAVE_AS}")
    return content.startswith(_ZIP)
