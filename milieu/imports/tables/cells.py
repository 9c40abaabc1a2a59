"""One cell of a file: from the text that somebody typed to the value that was meant, or the sentence why not.

Nothing is guessed. Numbers are written in the digits 0 to 9 (Python's own `int` would also take other scripts' digits
and `1_000`), dates as 2026-11-30, times as 09:30. What a spreadsheet or a person makes of them and means one thing only
is read too: 12.0, TRUE, 09:30:00, 9:30 AM, 9.30 Uhr, Monday. What begins with "=" or "+" is text like any other; where
that could wake a spreadsheet it is written with an apostrophe before it (`harmless`), which is not part of the text.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from milieu.abilities import ABILITIES
from milieu.preferences import BY_ACTIVITY

Reader = Callable[[str], Any]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DOMAINS = ("physical", "cognitive", "social", "creative", "emotional", "sensory", "spiritual", "outdoor", "civic")
KEY_LENGTH = 80
CELL_LENGTH = 2_000

_DIRECTIONS = "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"  # around a cell they are a program's
_JOINERS = "\u200c\u200d"  # part of the spelling of words in several scripts
_FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")  # those as wide as a letter of Chinese too
_WHOLE = re.compile(r"([+-]?[0-9]{1,9})(?:[.,]0{1,2})?")  # 12.000 may be twelve thousand: it is told
_TIME = re.compile(
    r"(?:1899-12-30[T ])?([0-9]{1,2})[:.h]([0-9]{2})(?::00(?:\.0+)?)?(?: ?(?:(a|p)\.?m\.?|uhr|h))?"  # 9:30 AM, 9.30 Uhr
    r"|([0-9]{1,2}) ?(?:(a|p)\.?m\.?|uhr|h)",  # 9 AM, 9 Uhr, 9h
    re.IGNORECASE,
)
_DAY_PART = re.compile(r"0[.,][0-9]+")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DAY_NUMBER = re.compile(r"[0-9]{5}(?:[.,]0+)?")
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SIGNS = str.maketrans({"\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2013": "-"})  # what programs make of a hyphen
_SHEET_ERRORS = frozenset(("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"))
_MAIL = re.compile(r"[^@\s,;:<>()\"]+@[^@\s,;:<>()\"]+\.[^@\s,;:<>()\".]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell, without saying where it stands: faults that differ in `cell` and `hint` are equal.

    `cell` as it is shown; `before` and `after` are the sentence around it; `hint` ends it for this cell alone.
    """

    after: str
    cell: str = ""
    before: str = ""
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.before}{self.cell}{self.after}{self.hint}"


class BadCell(Exception):
    """A cell that cannot be read, and why."""

    def __init__(self, after: str, cell: str = "", *, before: str = "", hint: str = "") -> None:
        self.fault = Fault(after, cell, before, hint)
        super().__init__(str(self.fault))


def harmless(text: str) -> str:
    """A text as a file may hold it: one that a spreadsheet would take for a formula has an apostrophe before it."""
    return f"'{text}" if _FORMULA.match(text) else text


def quoted(text: str) -> str:
    """A cell as it is shown in a sentence: in quotes, without signs that cannot be seen, cut where it is long."""
    shown = "".join(sign if sign.isprintable() else f"<U+{ord(sign):04X}>" for sign in text)
    return f"'{shown[:40]}…'" if len(shown) > 41 else f"'{shown}'"


def _length(text: str) -> str:
    return f"{quoted(text)} is {len(text):,} signs long"


def clean(raw: str) -> str:
    """The text of a cell: composed (Unicode NFC), blanks and line breaks as single spaces, none at the ends, nor the
    marks of direction that programs put around a name in Hebrew or Arabic.

    Raises BadCell where it is too long, holds a sign that nobody can see or that turns the line around, was once saved
    in the wrong letters, or is a formula's failure.
    """
    if raw.startswith("'") and _FORMULA.match(raw):
        raw = raw[1:]
    if len(raw) > CELL_LENGTH:
        raise BadCell(f"; at most {CELL_LENGTH:,} can be taken", _length(raw))
    if raw.isascii() and raw.isprintable():
        text = " ".join(raw.split())
        if text.upper() in _SHEET_ERRORS:
            raise BadCell(" is a spreadsheet's word for a formula that failed; type what was meant", quoted(text))
        return text
    text = " ".join(unicodedata.normalize("NFC", raw).strip(f"{_DIRECTIONS} \u00a0\t\r\n").split())
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") and sign not in _JOINERS:
            name = unicodedata.name(sign, "a control sign").lower()
            raise BadCell(f" holds a sign that cannot be seen (U+{ord(sign):04X}, {name}); type it anew", quoted(text))
    if "\ufffd" in text:
        raise BadCell(" has lost a letter, and a \ufffd stands in its place; type it anew", quoted(text))
    if (meant := _as_it_was(text)) != text:
        raise BadCell(
            " was once saved in the wrong letters; type it anew", quoted(text), hint=f" (it was {quoted(meant)})"
        )
    return text


def _as_it_was(text: str) -> str:
    """The text before UTF-8 was taken for Windows-1252: 'ZoÃ«' was 'Zoë'. Nobody writes 'Ã«' in earnest."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


@dataclass(frozen=True)
class text:  # noqa: N801 - read as a word in the tables
    """Free words of at most `longest` signs."""

    longest: int

    def __call__(self, cell: str) -> str:
        if len(cell) > self.longest:
            raise BadCell(f"; at most {self.longest} fit here", _length(cell))
        return cell


def key(cell: str) -> str:
    """The name that a row has in the files."""
    if len(cell) > KEY_LENGTH:
        raise BadCell(f"; a key has at most {KEY_LENGTH}", _length(cell))
    if not all(sign.isalnum() or unicodedata.combining(sign) or sign in " ._-/" for sign in cell):
        raise BadCell(" cannot be a key: use letters, digits, spaces and the signs . _ - /", quoted(cell))
    return cell


def fold(key: str) -> str:
    """A key as it is compared: R014 and r014 are one."""
    return key.casefold()


@dataclass(frozen=True)
class whole:  # noqa: N801 - as `text`
    """A whole number from `least` to `most`."""

    least: int
    most: int

    def __call__(self, cell: str) -> int:
        found = _WHOLE.fullmatch(cell.translate(_SIGNS))
        if not found:
            if any(sign.isdigit() and not sign.isascii() for sign in cell):
                raise BadCell(" must be written in the digits 0 to 9", quoted(cell))
            raise BadCell(" is not a whole number", quoted(cell))
        value = int(found[1])
        if not self.least <= value <= self.most:
            raise BadCell(f" is not between {self.least} and {self.most:,}", str(value))
        return value


def minute(cell: str) -> int:
    """A time of day as minutes from midnight, 0..1440."""
    found = _TIME.fullmatch(cell)
    if not found and _DAY_PART.fullmatch(cell):
        raise BadCell(" is a spreadsheet's number for a time; format the column as a time, as 09:30", quoted(cell))
    if not found:
        raise BadCell(" is not a time; write times as 09:30", quoted(cell))
    hours, minutes, half = int(found[1] or found[4]), int(found[2] or 0), found[3] or found[5]
    if minutes > 59 or hours * 60 + minutes > 1440 or (half and not 1 <= hours <= 12):
        raise BadCell(" is not a time of day; times go from 00:00 to 24:00", quoted(cell))
    if half:
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    return hours * 60 + minutes


def day(cell: str) -> date:
    """A date."""
    found = _DATE.fullmatch(cell)
    if not found and _DAY_NUMBER.fullmatch(cell):
        raise BadCell(" is a spreadsheet's number for a day; format the column as a date, as 2026-11-30", quoted(cell))
    if not found:
        raise BadCell(" is not a date; write dates as 2026-11-30", quoted(cell))
    try:
        value = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise BadCell(" in the calendar", quoted(cell), before="there is no day ") from None
    if not 1880 <= value.year <= 2200:
        raise BadCell(" lies too far away; years go from 1880 to 2200", quoted(cell))
    return value


def yes_no(cell: str) -> bool:
    """yes or no."""
    if cell.lower() in ("true", "false"):  # what a spreadsheet writes for a tick
        return cell.lower() == "true"
    return bool(choice("no", "yes")(cell) == "yes")


@dataclass(frozen=True)
class Choice:
    """One of a few `words`."""

    words: tuple[str, ...]

    def __call__(self, cell: str) -> str:
        if cell.lower() not in self.words:
            hint = suggestion(cell.lower(), self.words)
            raise BadCell(f" is none of: {', '.join(self.words)}", quoted(cell), hint=hint)
        return cell.lower()


def choice(*words: str) -> Choice:
    """One of a few words."""
    return Choice(words)


def weekdays(cell: str) -> tuple[int, ...]:
    """Days of the week, 0 = Monday: `Mon`, `Mon;Thu`, `Mon-Fri`, or both together."""
    found: list[int] = []
    for part in _parts(cell):
        ends = [_weekday(end.strip()) for end in part.translate(_SIGNS).split("-")]
        if len(ends) > 2 or ends[0] > ends[-1]:
            raise BadCell(" is not a stretch of days; write Mon-Fri, or single days as Sat;Sun;Mon", quoted(part))
        found.extend(range(ends[0], ends[-1] + 1))
    if len(set(found)) < len(found):
        raise BadCell(" names a day twice", quoted(cell))
    return tuple(sorted(found))


def words(cell: str) -> list[str]:
    """A list of free words, in lower case, in the order of the cell."""
    found = [part.lower() for part in _parts(cell)]
    if len(set(found)) < len(found):
        raise BadCell(" says a word twice", quoted(cell))
    if longest := next((word for word in found if len(word) > 60), None):
        raise BadCell(" is too long for one word of a list; at most 60 signs fit", quoted(longest))
    return found


def names(cell: str) -> list[str]:
    """A list of names and other words, as they are written, in the order of the cell."""
    found = _parts(cell)
    words(cell)
    return found


def domains(cell: str) -> list[str]:
    """A list of domains; the first is the one that colours the activity."""
    found = words(cell)
    for word in found:
        domain(word)
    return found


def abilities(cell: str) -> list[str]:
    """A list of what an activity may ask, or what somebody cannot."""
    found = words(cell)
    for word in found:
        choice(*ABILITIES)(word)
    return found


def questions(cell: str) -> list[str]:
    """A list of the questions of an assessment that an activity is an answer to."""
    found = words(cell)
    for word in found:
        choice(*BY_ACTIVITY)(word)
    return found


def months(cell: str) -> list[int]:
    """Months of the year, 1 = January: `Apr`, `Apr;Jun`, `Apr-Oct`, or over New Year `Nov-Feb`; of all twelve none."""
    found: list[int] = []
    for part in _parts(cell):
        ends = [_month(end.strip()) for end in part.translate(_SIGNS).split("-")]
        if len(ends) > 2:
            raise BadCell(" is not a stretch of months; write Apr-Oct, or single months as Apr;Jun", quoted(part))
        found.extend((ends[0] + step - 1) % 12 + 1 for step in range((ends[-1] - ends[0]) % 12 + 1))
    if len(set(found)) < len(found):
        raise BadCell(" names a month twice", quoted(cell))
    return [] if len(found) == len(MONTHS) else sorted(found)


def domain(cell: str) -> str:
    """What an activity is good for."""
    if cell.lower() not in DOMAINS:
        near = suggestion(cell.lower(), DOMAINS) or f"; the domains are {', '.join(DOMAINS)}"
        raise BadCell("", quoted(cell), before="there is no domain ", hint=near)
    return cell.lower()


def mail(cell: str) -> str:
    """A mail address."""
    if len(cell) > 255 or not _MAIL.fullmatch(cell):
        raise BadCell(" is not a mail address; write it as name@example.org", quoted(cell))
    return cell


def timezone(cell: str) -> str:
    """The IANA name of a time zone."""
    if (known := _timezones().get(cell.casefold())) is None:
        raise BadCell("", quoted(cell), before="there is no time zone ", hint=suggestion(cell, _timezones().values()))
    return known


@cache
def _timezones() -> dict[str, str]:
    """The names of places' time zones, by the name in small letters."""
    return {name.casefold(): name for name in available_timezones() - {"Factory", "localtime"}}


def suggestion(word: str, known: Collection[str]) -> str:
    """The end of a sentence: what may have been meant, or nothing."""
    near = get_close_matches(word[:KEY_LENGTH], known, n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""


def _parts(cell: str) -> list[str]:
    parts = [part.strip() for part in cell.split(";")]
    if "" in parts:
        raise BadCell(" has an empty place in its list; put one ';' between two words", quoted(cell))
    return parts


def _month(word: str) -> int:
    short = word.lower()[:3]
    known = [name.lower() for name in MONTHS]
    if short not in known or not LONG_MONTHS[known.index(short)].startswith(word.lower()):
        raise BadCell(f" is not a month; the months are {', '.join(MONTHS)}", quoted(word))
    return known.index(short) + 1


def _weekday(word: str) -> int:
    short = [name.lower() for name in WEEKDAYS]
    if word.lower() in _LONG_DAYS:
        return _LONG_DAYS.index(word.lower())
    if word.lower() not in short:
        raise BadCell(f" is not a day; the days are {', '.join(WEEKDAYS)}", quoted(word))
    return short.index(word.lower())
