"""Bytes to text. Files say little of the letters in which they are written: what can mean one thing only is read.

UTF-8 and UTF-16 prove themselves. Older spreadsheets save in the code page of their machine, in which one byte is 'è'
in Lyon and 'č' in Brno: such a file is read where all pages under which it makes sense agree in every letter ('Müller',
'Renée'), and otherwise told with both readings. What nobody writes decides: no word holds a frame, a fraction or
a quotation mark that stays open. A name that is wrong on the wall is worse than a file saved again.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

from milieu.imports.tables.cells import quoted

# Those of western and central Europe and of Turkey, and of two other scripts.
WINDOWS = ("cp1252", "cp1250", "cp1254", "cp1251", "cp1253")
MACINTOSH = "mac_roman"
BEFORE = ("cp850", "cp437", "cp852", "cp866", "cp737")  # of machines before them
WIDEST = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")  # how a file in UTF-32 begins
MOST_SHOWN = 3  # words of a note

_WORD = re.compile(r"[^\s,;\t|\"]*[\u0080-\U0010ffff][^\s,;\t|\"]*")
_SIGNS = frozenset("\u00a0\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u20ac£§°½¼¾·«»\u2022\u00ad")
_APOSTROPHES = "\u2018\u2019\u00ad·"
_DASHES, _OPENING, _QUOTES = "\u2013\u2014", "\u201a\u201e", "\u201c\u201d\u201e"
_NO_LETTERS = "ƒªº"  # Unicode takes them for letters; they stand in no word


class UnknownLetters(Exception):
    """Text that cannot be read for certain; its text says why, `row` where (0: the file as a whole)."""

    def __init__(self, row: int, text: str) -> None:
        super().__init__(text)
        self.row = row


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file, and a sentence on how it was read, "" where it said so itself.

    Raises UnknownLetters.
    """
    try:
        if wide := _wide(content):
            return content.decode(wide), ""
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
    return _by_page(content, row)


def _wide(content: bytes) -> str:
    """The kind of UTF-16 or UTF-32 of a file, "" where it is in none: of Latin letters every other byte is 0."""
    if content.startswith(WIDEST):
        return "utf-32"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # a spreadsheet's "Unicode text"
        return "utf-16"
    even, odd = content[:64:2], content[1:64:2]
    if all(even) and odd.count(0) * 2 > len(odd):
        return "utf-16-le"
    if all(odd) and even.count(0) * 2 > len(even):
        return "utf-16-be"
    return ""


def _by_page(content: bytes, row: int) -> tuple[str, str]:
    texts = _readings(content)
    if not texts:
        raise UnknownLetters(row, "here stands a letter that is not UTF-8; save the file as 'CSV UTF-8'")
    if len(texts) > 1:
        row, readings = _first_difference(texts)
        shown = " or ".join(quoted(word) for word in readings)
        raise UnknownLetters(row, f"{shown}? The file is not in UTF-8 and may mean either; save it as 'CSV UTF-8'")
    words = list(dict.fromkeys(_words(texts[0])))
    more = f" and {len(words) - MOST_SHOWN} more" if len(words) > MOST_SHOWN else ""
    shown = ", ".join(quoted(word) for word in words[:MOST_SHOWN])
    return texts[0], f"is not in UTF-8; it was read as an older spreadsheet writes: {shown}{more}"


def _readings(content: bytes) -> list[str]:
    """What a file can mean; the pages of before Windows count where it makes sense under none of its own."""
    windows = [text for page in WINDOWS if (text := _sensible(content, page)) is not None]
    others = (MACINTOSH,) if windows or _has_macintosh_ends(content) else (MACINTOSH, *BEFORE)
    return list(dict.fromkeys([*windows, *(text for page in others if (text := _sensible(content, page)) is not None)]))


def _has_macintosh_ends(content: bytes) -> bool:
    """Whether lines end as no other machine ended them."""
    return b"\r" in content and b"\n" not in content


def _sensible(content: bytes, page: str) -> str | None:
    """The text under a code page, None where it cannot have been meant."""
    try:
        text = content.decode(page)
    except UnicodeDecodeError:
        return None
    is_paired = all(sum(map(line.count, _QUOTES)) % 2 == 0 for line in text.splitlines())
    return text if is_paired and all(map(_is_sensible, _words(text))) else None


def _words(text: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(text))


def _is_sensible(word: str) -> bool:
    """Whether somebody can have written a word: letters of one script, capitals at its beginning or throughout, signs
    outside it."""
    inner = word.strip("".join(_SIGNS) + "!?.:()'*")
    if any(map(_is_misplaced, f" {word}", word, f"{word[1:]} ")):
        return False
    if not all(sign.isascii() or _is_letter(sign) or sign in _APOSTROPHES for sign in inner):
        return all(sign.isascii() or sign in _SIGNS for sign in word)
    letters = [sign for sign in inner if sign.isalpha()]
    if len({_script(sign) for sign in letters}) > 1:
        return False
    return all(sign.isupper() for sign in letters) or not any(
        right.isupper() and left.isalpha() and not (left.isascii() and right.isascii())
        for left, right in pairwise(inner)
    )


def _is_letter(sign: str) -> bool:
    """Whether a sign is a letter as words have them: no superscript, no abbreviation."""
    return unicodedata.category(sign) in ("Lu", "Ll") and sign not in _NO_LETTERS


def _is_misplaced(before: str, sign: str, after: str) -> bool:
    """Whether nobody writes a sign between two others: a letter beside a digit, a sign within a word."""
    if sign.isascii():
        return False
    if _is_letter(sign):
        return before.isdigit() or after.isdigit()
    if sign in "£€" and after.isalpha():
        return True
    if not before.isalpha() or sign in _APOSTROPHES:
        return False
    return sign in _OPENING or (after.isalpha() and not (sign in _DASHES and after.isupper()))


def _script(letter: str) -> str:
    return "Greek" if "\u0370" <= letter < "\u0400" else "Cyrillic" if "\u0400" <= letter < "\u0530" else "Latin"


def _first_difference(texts: Iterable[str]) -> tuple[int, list[str]]:
    """The row in which two readings first differ, and the word there in each."""
    one, other = list(texts)[:2]
    place = next(place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1])
    return one.count("\n", 0, place) + 1, [_word_at(text, place) for text in (one, other)]


def _word_at(text: str, place: int) -> str:
    return next(found[0] for found in _WORD.finditer(text) if found.start() <= place < found.end())
