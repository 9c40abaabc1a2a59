"""What can be imported: a format a line, and the tables of a folder in the order in which they are written."""

from milieu.imports.tables import company, people, places, preferences, programme
from milieu.imports.tables.description import Table

TABLES: tuple[Table, ...] = (*places.TABLES, *programme.TABLES, *people.TABLES, *preferences.TABLES, *company.TABLES)
BY_FILE = {table.file: table for table in TABLES}
