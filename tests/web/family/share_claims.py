"""What the page "What … shares with you" may say, held against the rows of consents, sentence by sentence."""

import re
from calendar import month_name
from collections.abc import Iterator
from datetime import date
from html import unescape

from tests.web.family.rows import Rows

MONTHS = tuple(month_name)[1:]
MEANS = {
    "calendar": ("Plans", "What {name} is invited to, when and where."),
    "attended": ("How it was", "What {name} went to, said no to, or slept through."),
}


def share_faults(page: str, relative: str, kin: Rows, community: str) -> Iterator[str]:
    """Every block that is not what the rows say, in the page's order."""
    expected = list(_blocks(relative, kin, community))
    told = _read(page)
    yield from (f"{kin.called}: {said!r} is untrue or unknown" for said in told if said not in expected)
    yield from (f"{kin.called}: {said!r} is not said" for said in expected if said not in told)
    if told != expected and sorted(told) == sorted(expected):
        yield f"{kin.called}: told in another order: {told}"


def _blocks(relative: str, kin: Rows, community: str) -> Iterator[str]:
    name = kin.called
    yield "‹ The week"
    yield f"What {name} shares with you"
    yield (
        f"{name} decides what you see, and can change it on any day."
        f" If you want to talk about it, ask {name} or the team at {community}."
    )
    for kind, (title, meaning) in MEANS.items():
        yield title
        yield meaning.format(name=name)
        yield " ".join(_lasting(relative, kin, kind)) or "Not shared."
    yield f"Every look at these pages is written down, so that {name} can ask who has looked."


def _lasting(relative: str, kin: Rows, kind: str) -> Iterator[str]:
    rows = kin.all(
        "SELECT valid_from, valid_until FROM consent WHERE relative_id = :relative AND resident_id = :who"
        " AND kind = :kind AND valid_from <= :today AND (valid_until IS NULL OR valid_until >= :today)"
        " ORDER BY valid_from, id",
        relative=relative,
        kind=kind,
    )
    for row in rows:
        start = _written(row["valid_from"])
        until = row["valid_until"]
        yield f"From {start} to {_written(until)}." if until else f"Since {start}, until further notice."


def _written(stored: str) -> str:
    day = date.fromisoformat(stored)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _read(page: str) -> list[str]:
    """The blocks of the page's main part, and whatever stands between them."""
    main = page.split("<main", 1)[1].split(">", 1)[1].split("</main>")[0]
    parts = re.split(r"</?(?:p|h1|h2|dl|dt|dd|div|ul|li)\b[^>]*>", main)
    said = [" ".join(unescape(re.sub(r"<[^>]+>", "", part)).split()) for part in parts]
    return [each for each in said if each]
