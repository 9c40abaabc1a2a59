"""The inspector's folder as a PDF with an index, and as a workbook with the same rows."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from milieu.exports.tables import Sheet
from milieu.prints.papers import Paper
from milieu.prints.typesetting import typeset
from milieu.prints.words import DOMAINS, clock_time, date_said, day_said, moment_said
from milieu.queries.records.entries import Entry, Taken
from milieu.queries.records.figures import ALL, BY, WHAT, Line, lines_of
from milieu.queries.records.folder import AimKept, Folder, Pages, WishKept

SAID_BY = {"resident": "said so", "relative": "a relative said so", "observed": "seen", "staff": "the team says so"}
CHANGED = {
    "cancelled": "taken out",
    "moved": "moved",
    "relocated": "another room",
    "led": "led by somebody else",
    "invited": "other people invited",
    "new": "new",
}
_OF_THE_HOUSE = tuple(by for by in BY if by != "resident")
_KEYS = {ALL: "All", "weekday": "Monday to Friday", "weekend": "Saturday and Sunday", **DOMAINS}
_TITLES = {ALL: "In all", "unit": "By living group", "domain": "By kind", "part": "By time of day", "days": "By days"}


def folder_pdf(folder: Folder, paper: Paper, *, made: datetime) -> bytes:
    """The folder to print or to hand over as a file; its index leads to each part."""
    period = f"{date_said(folder.period.first)} to {date_said(folder.period.last)}"
    data = {
        "title": f"Activities, {period}, {folder.community}",
        "paper": paper.typst,
        "community": folder.community,
        "period": period,
        "made": moment_said(made, folder.timezone),
        "names": [pages.name for pages in folder.people],
        "heads": [*_heads()],
        "figures": [_figures(title, lines_of(folder.records, by)) for by, title in _TITLES.items()],
        "calendar": [
            {"day": f"{day_said(day)} {day.year}", "sessions": [_on(each) for each in sessions]}
            for day, sessions in _by_day(folder.records.sessions)
        ],
        "changes": _changes(folder),
        "people": [_person(pages, folder) for pages in folder.people],
    }
    return typeset("folder", data, made=made)


def folder_sheets(folder: Folder) -> list[Sheet]:
    """The same rows as tables of text, those of the residents with their names."""
    people = folder.people
    figures = [
        (_TITLES[by], _key(line), *map(str, line.figures))
        for by in _OF_THE_HOUSE
        for line in lines_of(folder.records, by)
    ]
    told = (
        ("community", folder.community),
        ("from", folder.period.first.isoformat()),
        ("to", folder.period.last.isoformat()),
        *(("resident", pages.name) for pages in people),
    )
    attendance = ("resident", "date", "from", "what", "where", "invited", "became", "how")
    return [
        Sheet("index", ("what", "says"), told),
        Sheet("figures", ("by", "of", *WHAT), tuple(figures)),
        Sheet(
            "calendar",
            ("date", "from", "to", "what", "where", "held", "why_not"),
            tuple(_calendar_row(each) for each in folder.records.sessions if not each.is_visit),
        ),
        Sheet("changes", ("published", "date", "from", "what", "change"), tuple(map(tuple, _changes(folder)))),
        Sheet("attendance", attendance, tuple(_entry_row(pages, each) for pages in people for each in pages.groups)),
        Sheet("visits", attendance, tuple(_entry_row(pages, each) for pages in people for each in pages.visits)),
        Sheet(
            "wishes",
            ("resident", "activity", "strength", "known_by", "said_on", "invited", "came"),
            tuple((pages.name, *_wish(each)) for pages in people for each in pages.wishes),
        ),
        Sheet(
            "aims",
            ("resident", "kind", "aim_a_week", "holds", "invited_a_week", "came_a_week"),
            tuple((pages.name, *_aim(each, folder)) for pages in people for each in pages.aims),
        ),
    ]


def _heads() -> Iterable[str]:
    return (what.capitalize() for what in WHAT)


def _figures(title: str, lines: Sequence[Line]) -> dict[str, Any]:
    return {"title": title, "lines": [[_key(line), *map(str, line.figures)] for line in lines]}


def _key(line: Line) -> str:
    return line.word or _KEYS.get(line.key) or line.key.capitalize() or "Other"


def _by_day(sessions: Iterable[Taken]) -> Iterable[tuple[date, list[Taken]]]:
    groups = (each for each in sessions if not each.is_visit)
    return ((day, list(own)) for day, own in groupby(groups, key=lambda each: each.on_date))


def _on(each: Taken) -> list[str]:
    held = "" if not each.is_off else f"Not held. {each.why_off}".strip()
    return [f"{clock_time(each.start_minute)}–{clock_time(each.end_minute)}", each.title, each.space, held]


def _calendar_row(each: Taken) -> tuple[str, ...]:
    times = clock_time(each.start_minute), clock_time(each.end_minute)
    return each.on_date.isoformat(), *times, each.title, each.space, "no" if each.is_off else "yes", each.why_off


def _changes(folder: Folder) -> list[list[str]]:
    zone = ZoneInfo(folder.timezone)
    return [
        [
            each.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
            each.on_date.isoformat(),
            clock_time(each.start_minute),
            each.title,
            CHANGED.get(each.kind, each.kind),
        ]
        for each in folder.changes
    ]


def _person(pages: Pages, folder: Folder) -> dict[str, Any]:
    return {
        "name": pages.name,
        "where": ", ".join(each for each in (pages.unit, pages.room) if each),
        "groups": [_entry(each) for each in pages.groups],
        "visits": [_entry(each) for each in pages.visits],
        "wishes": [list(_wish(each)) for each in pages.wishes],
        "aims": [list(_aim(each, folder)) for each in pages.aims],
    }


def _entry(each: Entry) -> list[str]:
    session = each.session
    return [
        session.on_date.isoformat(),
        clock_time(session.start_minute),
        session.title,
        "yes" if each.is_invited else "no",
        _became(each),
    ]


def _entry_row(pages: Pages, each: Entry) -> tuple[str, ...]:
    session = each.session
    when = session.on_date.isoformat(), clock_time(session.start_minute)
    became = "not held" if session.is_off else each.outcome or "not marked"
    invited = "yes" if each.is_invited else "no"
    return pages.name, *when, session.title, session.space, invited, became, each.level or ""


def _became(each: Entry) -> str:
    if each.session.is_off:
        return "not held"
    if each.outcome is None:
        return "not marked"
    return f"{each.outcome}, {each.level}" if each.level else each.outcome


def _wish(each: WishKept) -> tuple[str, ...]:
    said_on = each.said_on.isoformat() if each.said_on else ""
    said_by = SAID_BY.get(each.said_by, each.said_by)
    return each.activity, str(each.strength), said_by, said_on, str(each.invited), str(each.came)


def _aim(each: AimKept, folder: Folder) -> tuple[str, ...]:
    first = max(each.valid_from or folder.period.first, folder.period.first)
    last = min(each.valid_until or folder.period.last, folder.period.last)
    weeks = ((last - first).days + 1) / 7
    rates = (f"{count / weeks:.1f}" for count in (each.invited, each.came))
    return DOMAINS.get(each.domain, each.domain), str(each.min_sessions), f"{first} to {last}", *rates
