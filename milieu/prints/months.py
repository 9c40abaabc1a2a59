"""A month on one large page, from what is published and, for weeks that are not planned yet, from the base week."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from milieu.prints.papers import Paper
from milieu.prints.typesetting import typeset
from milieu.prints.words import DOMAINS, WEEKDAYS, clock_time, date_said, domain_said, month_said
from milieu.queries.paper.programme import Listed, ListedDay, ListedDays

OFTEN = 2
"""What is on at least so many times on one weekday at one time may stand once, at the head of its column."""


def month_sheet(shown: ListedDays, paper: Paper, *, made: datetime) -> bytes:
    """The calendar of the month that `shown` holds, in landscape.

    Where a month is too full for one page, what repeats every week is said once, above its weekday; a day then says
    what else there is, and what of the usual there is not.
    """
    first = shown.days[0].on_date
    data = {
        "title": f"{month_said(first)}, {shown.community}",
        "paper": paper.typst,
        "points": paper.points,
        "community": shown.community,
        "month": month_said(first),
        "legend": [{"key": key, "word": word} for key, word in DOMAINS.items() if key in _domains(shown)],
        "weekdays": WEEKDAYS,
        "weeks": _weeks(shown.days),
        "usual": _usual(shown.days),
        "closed": _closed(shown.days),
        "as_of": _as_of(shown),
        "note": "" if paper.is_wall else "In letters of 12 points, to take along; the larger page hangs on the wall.",
    }
    return typeset("month", data, made=made)


def _as_of(shown: ListedDays) -> str:
    published = [day for day in shown.days if day.is_published]
    ahead = [day for day in shown.days if not day.is_published and day.on_date >= shown.today]
    said = [f"As of {date_said(shown.today)}."]
    if ahead and published:
        said.append(f"From {date_said(ahead[0].on_date)} on it is what is usual; times may still change.")
    elif ahead:
        said.append("It is what is usual; times may still change.")
    return " ".join(said)


def _domains(shown: ListedDays) -> set[str]:
    return {each.domains[0] for day in shown.days for each in day.sessions if each.domains and not each.is_closed}


def _weeks(days: Sequence[ListedDay]) -> list[list[dict[str, Any] | None]]:
    """Rows of seven days from Monday on; None where a day lies in another month."""
    usual = _often(days)
    monday = days[0].on_date - timedelta(days=days[0].on_date.weekday())
    by_date = {day.on_date: day for day in days}
    weeks = []
    while monday <= days[-1].on_date:
        dates = [monday + timedelta(days=each) for each in range(7)]
        weeks.append([_day(by_date[day], usual[day.weekday()]) if day in by_date else None for day in dates])
        monday += timedelta(days=7)
    return weeks


def _day(day: ListedDay, usual: set[tuple[int, str]]) -> dict[str, Any]:
    open_ones = [each for each in day.sessions if not each.is_closed]
    held = {(each.start_minute, each.title) for each in open_ones if not each.is_off}
    missing = sorted(usual - held) if day.sessions else []
    return {
        "number": day.on_date.day,
        "sessions": [_session(each) for each in open_ones],
        "besides": [_session(each) for each in open_ones if _is_besides(each, usual)],
        "missing": [f"no {title}, {clock_time(start)}" for start, title in missing],
        "is_empty": not day.sessions,
    }


def _is_besides(each: Listed, usual: set[tuple[int, str]]) -> bool:
    return not each.is_off and (each.start_minute, each.title) not in usual


def _session(each: Listed) -> dict[str, Any]:
    return {
        "time": clock_time(each.start_minute),
        "title": each.title,
        "domain": each.domains[0] if each.domains else "",
        "word": domain_said(each.domains),
        "is_off": each.is_off,
        "part": 0 if each.start_minute < 12 * 60 else 1,
    }


def _often(days: Sequence[ListedDay]) -> list[set[tuple[int, str]]]:
    """By weekday, what is on at one time on most of its days, and at least twice."""
    seen: list[Counter[tuple[int, str]]] = [Counter() for _ in range(7)]
    shown = [0] * 7
    for day in days:
        shown[day.on_date.weekday()] += bool(day.sessions)
        for each in {(each.start_minute, each.title) for each in day.sessions if not each.is_closed}:
            seen[day.on_date.weekday()][each] += 1
    return [
        {what for what, times in seen[each].items() if times >= OFTEN and 2 * times > shown[each]} for each in range(7)
    ]


def _usual(days: Sequence[ListedDay]) -> list[list[dict[str, Any]]]:
    """What stands at the head of each weekday's column, by time."""
    often = _often(days)
    sessions: list[dict[tuple[int, str], Listed]] = [{} for _ in range(7)]
    for day in days:
        for each in day.sessions:
            if (each.start_minute, each.title) in often[day.on_date.weekday()] and not each.is_closed:
                sessions[day.on_date.weekday()].setdefault((each.start_minute, each.title), each)
    return [[_session(found[key]) | {"is_off": False} for key in sorted(found)] for found in sessions]


def _closed(days: Sequence[ListedDay]) -> list[dict[str, str]]:
    """Groups that are for the same people each time: when each is usually on, else on which days."""
    when: dict[tuple[int, int, str], list[date]] = defaultdict(list)
    for day in days:
        for each in day.sessions:
            if each.is_closed and not each.is_off:
                when[day.on_date.weekday(), each.start_minute, each.title].append(day.on_date)
    weekdays = Counter(day.on_date.weekday() for day in days if day.sessions)
    said = []
    for (weekday, start, title), dates in sorted(when.items()):
        is_each = len(dates) > 1 and len(dates) == weekdays[weekday]
        on = WEEKDAYS[weekday] if is_each else f"{WEEKDAYS[weekday]} {', '.join(str(day.day) for day in dates)}"
        said.append({"when": on, "time": clock_time(start), "title": title})
    return said
