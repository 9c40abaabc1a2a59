"""The page on the columns, made from the tables: python -m milieu.imports.tables.page fixtures/README.md"""

import sys
from collections.abc import Iterable
from pathlib import Path
from textwrap import fill

from milieu.imports.tables.description import Column, Table, hours
from milieu.imports.tables.registry import TABLES

START = "<!-- columns: made by `python -m milieu.imports.tables.page fixtures/README.md` -->\n"
END = "<!-- end of columns -->\n"
WIDTH = 120


def columns() -> str:
    """Every file with its columns, as Markdown: what many files share first, and then by name alone."""
    shared = {column.name: column.meaning for column in hours()}
    sections = [_section(table, shared) for table in TABLES]
    return "\n".join([_paragraph("In several files: ", hours(), {}), *sections])


def renew(page: str) -> str:
    """A page with the part between the two marks made anew; ValueError where it lacks them."""
    before, rest = page.split(START)
    _, after = rest.split(END)
    return f"{before}{START}\n{columns()}\n{END}{after}"


def _section(table: Table, shared: dict[str, str]) -> str:
    needed = " It must be there." if table.is_needed else ""
    about = f"**{table.file}**: {table.about}.{needed} "
    return _paragraph(about, table.columns, shared)


def _paragraph(start: str, described: Iterable[Column], shared: dict[str, str]) -> str:
    words = []
    for column in described:
        name = f"**`{column.name}`**" if column.is_needed else f"`{column.name}`"
        words.append(name if shared.get(column.name) == column.meaning else f"{name} {column.meaning}")
    return fill(f"{start}{' · '.join(words)}", WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(renew(file.read_text(encoding="utf-8")), encoding="utf-8")
