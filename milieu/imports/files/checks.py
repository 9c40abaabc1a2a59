"""What rows say together, within a file and across files: keys, references, repetitions, the grid, free words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from milieu.imports.files.grids import Sheet
from milieu.imports.files.problems import Problem
from milieu.imports.files.records import read_keys, read_references
from milieu.imports.tables.cells import Fault, fold, quoted, suggestion
from milieu.imports.tables.description import Record, Table, Values
from milieu.imports.tables.registry import BY_FILE

MOST_NAMED = 6
MOST_HINTS = 50
Records = Mapping[str, list[Record]]


def check_sheets(sheets: Mapping[str, Sheet], faulty: Collection[str]) -> Iterator[Problem]:
    """Keys that stand twice, and references to rows or files that are not there; also of rows with other faults.

    `faulty` are files of which something else was told: one that could not be read is not also told as missing.
    """
    keys = {file: read_keys(sheet) for file, sheet in sheets.items()}
    for file, sheet in sheets.items():
        if BY_FILE[file].has_key:
            yield from _repeated_keys(sheet, keys[file] or {})
        yield from _dangling(sheet, keys, faulty)


def check_records(records: Records, faulty: Collection[str]) -> Iterator[Problem]:
    """What only rows that could be read whole can be asked. Nothing is concluded from what a faulty file lacks."""
    for file, rows in records.items():
        yield from _repeated(BY_FILE[file], rows)
    yield from _off_grid(records)
    yield from _windows_without_default(records)
    yield from _members_of_open(records)
    yield from _stays_out_of_order(records)
    if not {"living_groups.csv", "spaces.csv"} & set(faulty):
        yield from _unknown_zones(records)
    if "kinships.csv" not in faulty:
        yield from _unrelated(records)


def remarks(records: Records) -> Iterator[Problem]:
    """What can be imported and yet makes no sense; told beside the report."""
    skills = {word for row in records.get("facilitators.csv", ()) for word in row.values["skills"]}
    features = {word for row in records.get("spaces.csv", ()) for word in row.values["features"]}
    members = {row.values["activity_id"] for row in records.get("activity_members.csv", ())}
    for row in records.get("activities.csv", ()):
        for word in row.values["needs_skills"]:
            if word not in skills:
                fault = Fault("", quoted(word), before="nobody has the skill ", hint=suggestion(word, skills))
                yield Problem(row.file, row.row, "skills", fault)
        for word in row.values["needs_features"]:
            if word not in features:
                fault = Fault("", quoted(word), before="no space has ", hint=suggestion(word, features))
                yield Problem(row.file, row.row, "features", fault)
        if row.values["is_closed"] and "activity_members.csv" in records and row.values["key"] not in members:
            yield Problem(row.file, row.row, "closed", Fault("is yes, but activity_members.csv names nobody for it"))


def _repeated_keys(sheet: Sheet, first: Mapping[str, int]) -> Iterator[Problem]:
    place = sheet.header.index("key") if "key" in sheet.header else 0
    first = {fold(key): row for key, row in reversed(list(first.items()))}
    for number, row in sheet.rows:
        key = " ".join(row[place].split())
        if key and first.get(fold(key), number) != number:
            fault = Fault(" is already the key of", quoted(key), hint=f" row {first[fold(key)]}")
            yield Problem(sheet.file, number, "key", fault)


def _dangling(sheet: Sheet, keys: Mapping[str, dict[str, int] | None], faulty: Collection[str]) -> Iterator[Problem]:
    missing = set(faulty)
    hints: dict[tuple[str, str], str] = {}
    for number, column, file, key in read_references(sheet):
        if file not in keys:
            if file not in missing:
                yield Problem(
                    sheet.file, number, column, Fault(f"names a {BY_FILE[file].noun}, but there is no {file}")
                )
            missing.add(file)
            continue
        known = keys[file]
        if known is not None and key not in known:
            if (file, key) not in hints:
                is_new = len(hints) < MOST_HINTS  # comparing with every key takes its time
                hints[file, key] = (suggestion(key, known) or _all_of(file, known)) if is_new else ""
            before, hint = f"there is no {BY_FILE[file].noun} ", hints[file, key]
            yield Problem(sheet.file, number, column, Fault("", quoted(key), before=before, hint=hint))


def _all_of(file: str, known: Collection[str]) -> str:
    """The end of a sentence: what there is, where that is not too much to read."""
    return f"; {file} has {', '.join(known)}" if 0 < len(known) <= MOST_NAMED else ""


def _repeated(table: Table, rows: Iterable[Record]) -> Iterator[Problem]:
    """Rows that state the same fact for overlapping times. Two living groups' rows may meet in a resident; that is no
    fault."""
    if table.has_key:
        return
    first: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for row in rows:
        for fact in table.spread(row.values):
            others = first[_identity(table, fact)]
            if earlier := next((other for other in others if _overlap(other, row)), None):
                yield Problem(table.file, row.row, "", Fault("", f"row {earlier.row}", before="says the same as "))
                break
            others.append(row)


def _identity(table: Table, fact: Values) -> tuple[object, ...]:
    """What makes two rows the same but for when they hold. A row may be of a living group in place of a resident."""
    pair = table.unordered or ()
    plain = [fact[name] for name in table.same if name != "valid_from" and name not in pair]
    group = fact.get("living_group_id") if fact.get("resident_id") is None else None
    return group, *map(_hashable, plain), tuple(sorted(fact[name] for name in pair))


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _overlap(one: Record, other: Record) -> bool:
    def begins(row: Record) -> date:
        return row.values.get("valid_from") or date.min

    def ends(row: Record) -> date:
        return row.values.get("valid_until") or date.max

    return begins(one) <= ends(other) and begins(other) <= ends(one)


def _off_grid(records: Records) -> Iterator[Problem]:
    community = next(iter(records.get("community.csv", ())), None)
    if community is None:
        return
    grid = community.values["slot_minutes"] or 15
    for file, rows in records.items():
        gridded = [column for column in BY_FILE[file].columns if column.is_gridded]
        for row in rows:
            for column in gridded:
                value = row.values[column.attribute]
                if value is not None and value % grid:
                    shown = f"{value // 60:02}:{value % 60:02}" if column.name in ("from", "to") else str(value)
                    fault = Fault(f" is not a multiple of the community's {grid} minutes", shown)
                    yield Problem(file, row.row, column.name, fault)


def _unknown_zones(records: Records) -> Iterator[Problem]:
    zones = {row.values["zone"] or row.values["key"] for row in records.get("living_groups.csv", ())}
    zones |= {row.values["zone"] for row in records.get("spaces.csv", ())}
    for row in records.get("travel.csv", ()):
        for column, attribute in (("from", "zone"), ("to", "other")):
            zone = row.values[attribute]
            if zone not in zones:
                before = "no living group and no space lies in zone "
                fault = Fault("", quoted(zone), before=before, hint=suggestion(zone, zones))
                yield Problem(row.file, row.row, column, fault)


def _windows_without_default(records: Records) -> Iterator[Problem]:
    community = next(iter(records.get("community.csv", ())), None)
    if community and records.get("escorts.csv") and community.values["escorts_default"] is None:
        yield Problem(
            community.file,
            community.row,
            "escorts",
            Fault("is empty; say how many there are outside the times of escorts.csv"),
        )


def _members_of_open(records: Records) -> Iterator[Problem]:
    is_open = {row.values["key"] for row in records.get("activities.csv", ()) if not row.values["is_closed"]}
    for row in records.get("activity_members.csv", ()):
        if (key := row.values["activity_id"]) in is_open:
            after = " is for everybody; write yes under closed in activities.csv, or leave this row out"
            yield Problem(row.file, row.row, "activity", Fault(after, quoted(key)))


def _stays_out_of_order(records: Records) -> Iterator[Problem]:
    """Stays that begin before an earlier one has ended. The last may stand in stays.csv too, if it says the same."""
    stays: dict[str, list[Record]] = defaultdict(list)
    for row in records.get("stays.csv", ()):
        stays[row.values["resident_id"]].append(row)
    last = {row.values["key"]: row.values for row in records.get("residents.csv", ())}
    for key, rows in stays.items():
        following = last[key]["arrived_on"] if key in last else date.max
        for row in sorted(rows, key=lambda row: row.values["arrived_on"], reverse=True):
            arrived, left = row.values["arrived_on"], row.values["left_on"]
            if key in last and arrived == last[key]["arrived_on"]:
                if left != last[key]["left_on"]:
                    fault = Fault(" is not how residents.csv tells the end of the same stay", str(left))
                    yield Problem(row.file, row.row, "left_on", fault)
                continue
            if left > following:
                fault = Fault(" reaches into the stay that begins on", str(left), hint=f" {following}")
                yield Problem(row.file, row.row, "left_on", fault)
            following = arrived


def _unrelated(records: Records) -> Iterator[Problem]:
    """Consents between two of whom nothing says that they belong to each other."""
    if "kinships.csv" not in records or "consents.csv" not in records:
        return
    pairs = {(row.values["relative_id"], row.values["resident_id"]) for row in records["kinships.csv"]}
    for row in records["consents.csv"]:
        if (pair := (row.values["relative_id"], row.values["resident_id"])) not in pairs:
            who = f"what {quoted(pair[1])} is to {quoted(pair[0])}"
            yield Problem(row.file, row.row, "resident", Fault("", who, before="kinships.csv does not say "))
