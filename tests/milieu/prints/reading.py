"""Reads a PDF back: what stands on it and where, whether it is tagged, and which fonts it carries."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

_PAIR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


@dataclass(frozen=True)
class Set:
    """A piece of text and where it begins, in points from the page's lower left."""

    page: int
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Read:
    """A PDF as it was read. `sizes` are the pages' widths and heights in points."""

    sizes: tuple[tuple[float, float], ...]
    pieces: tuple[Set, ...]
    is_tagged: bool
    claims_ua: bool
    unembedded: tuple[str, ...]
    title: str

    @property
    def text(self) -> str:
        """All that stands on it, without what only tells where a word may be broken."""
        joined = "".join(piece.text for piece in self.pieces)
        return re.sub(r"[\u200b\u00ad]", "", joined)

    def has(self, words: str) -> bool:
        """Whether these words stand on it, however their lines are broken."""
        return re.sub(r"\s", "", words) in re.sub(r"\s", "", self.text)

    def outside(self) -> list[Set]:
        """What begins off its page: it would be cut off."""
        return [
            piece
            for piece in self.pieces
            if not (0 <= piece.x <= self.sizes[piece.page][0] and 0 <= piece.y <= self.sizes[piece.page][1])
        ]


def read_pdf(pdf: bytes) -> Read:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pieces, unembedded = [], set()
        for number, page in enumerate(opened.pages):
            fonts = dict(page.resources.get("/Font", {}).items())  # type: ignore[attr-defined]
            for font in fonts.values():
                if not _is_embedded(font):
                    unembedded.add(str(font.BaseFont))
            pieces += list(_pieces(number, page, fonts))
        root: Any = opened.Root
        with opened.open_metadata() as about:
            claims_ua = about.get("pdfuaid:part") == "1"
            title = str(about.get("dc:title", ""))
        return Read(
            tuple((float(page.mediabox[2]), float(page.mediabox[3])) for page in opened.pages),
            tuple(pieces),
            bool(root.get("/MarkInfo", {}).get("/Marked", False)) and "/StructTreeRoot" in root,
            claims_ua,
            tuple(sorted(unembedded)),
            title,
        )


def _is_embedded(font: Any) -> bool:
    described = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.get("/FontDescriptor")
    return described is not None and any(f"/FontFile{kind}" in described for kind in ("", "2", "3"))


def _pieces(number: int, page: pikepdf.Page, fonts: dict[str, Any]) -> Iterator[Set]:
    shown = {name: _letters(font) for name, font in fonts.items()}
    matrix, stack = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), []
    line, font = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), ""
    for operands, operator in pikepdf.parse_content_stream(page):
        name, given = str(operator), list(operands)
        if name == "q":
            stack.append(matrix)
        elif name == "Q":
            matrix = stack.pop()
        elif name == "cm":
            matrix = _times(_numbers(given), matrix)
        elif name == "Tm":
            line = _numbers(given)
        elif name == "Tf":
            font = str(given[0])
        elif name in ("Tj", "TJ"):
            parts = given[0] if name == "TJ" else [given[0]]
            text = "".join(_decoded(bytes(part), shown[font]) for part in parts if isinstance(part, pikepdf.String))
            at = _times(line, matrix)
            yield Set(number, text, at[4], at[5])


def _numbers(given: list[Any]) -> tuple[float, ...]:
    return tuple(float(each) for each in given)


def _times(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _letters(font: Any) -> dict[int, str]:
    """What each code of a font stands for, from its own table."""
    table = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    found: dict[int, str] = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letters in _PAIR.findall(section):
            found[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be")
    for section in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letters in _RANGE.findall(section):
            for place in range(int(first, 16), int(last, 16) + 1):
                found[place] = chr(int(letters, 16) + place - int(first, 16))
    return found


def _decoded(codes: bytes, letters: dict[int, str]) -> str:
    return "".join(letters.get(int.from_bytes(codes[at : at + 2], "big"), "\ufffd") for at in range(0, len(codes), 2))
