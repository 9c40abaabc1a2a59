"""What somebody typed in a hurry, as it is compared with how it is written."""

import re
import unicodedata
from collections.abc import Iterable, Set
from functools import lru_cache
from typing import Protocol, TypeVar

_STROKES = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŧ": "t", "æ": "ae", "œ": "oe"})
"""Letters whose stroke or ligature Unicode does not take apart, small."""

FOLDED = {**{chr(letter): bare for letter, bare in _STROKES.items()}, "ß": "ss", "ς": "σ"}
"""What a page that finds while one types does beside taking accents and capitals away, to fold as `plain` does."""

_WORD, _PART = re.compile(r"[^\W_]+"), re.compile(r"[^\W\d_]+|\d+")


class Group(Protocol):
    """A living group, as far as people look for somebody by it."""

    @property
    def name(self) -> str: ...


class Findable(Protocol):
    """Somebody who can be looked for."""

    @property
    def name(self) -> str: ...

    @property
    def unit(self) -> Group: ...

    @property
    def room(self) -> str: ...


Somebody = TypeVar("Somebody", bound=Findable)


def plain(text: str) -> str:
    """A text without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
    return bare.translate(_STROKES)


def letters(text: str) -> str:
    """A text's letters and digits alone, without accents and case: "E 15" and "e-15" are "e15"."""
    return "".join(char for char in plain(text) if char.isalnum())


def find_people(sought: str, people: Iterable[Somebody]) -> list[Somebody]:
    """Who may be meant by what was typed, in their own order, but whose room it is first; nobody where nothing was.

    Every word begins a word of the name, the living group or the room, or all of it together begins a room's number.
    """
    near = [(rank, place, each) for place, each in enumerate(people) if (rank := _rank(sought, each)) is not None]
    return [each for _rank, _place, each in sorted(near, key=lambda row: row[:2])]


def _rank(sought: str, somebody: Findable) -> int | None:
    """0 for the very room, 1 for rooms that begin so, 2 for the rest; None for who is not meant."""
    typed, room = letters(sought), letters(somebody.room)
    if not typed:
        return None
    if typed == room:
        return 0
    if any(char.isdigit() for char in typed) and room.startswith(typed):
        return 1
    words = search_words(somebody)
    return 2 if all(any(word.startswith(each) for word in words) for each in _WORD.findall(plain(sought))) else None


def search_words(somebody: Findable) -> Set[str]:
    """What a word that was typed may be the beginning of; none of them holds a space."""
    return _words(f"{somebody.name} {somebody.unit.name} {somebody.room}") | {letters(somebody.room)}


def is_meant(sought: str, text: str) -> bool:
    """Whether every word that was typed begins a word of a text; where nothing was typed everything is meant."""
    return all(any(word.startswith(each) for word in _words(text)) for each in _WORD.findall(plain(sought)))


def words_of(text: str) -> str:
    """What a word that is typed may begin, for a page that looks while one types."""
    return " ".join(sorted(_words(text)))


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """The words of a text, their letters and digits apart, and what an apostrophe parts as one too.

    "O'Hara" is o, hara and ohara, "E15" is e15, e and 15.
    """
    bare = plain(text)
    return frozenset((*_WORD.findall(bare), *_PART.findall(bare), *map(letters, text.split())))
