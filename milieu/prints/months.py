"""A month on one large page, from what is published and, for weeks that are not planned yet, from the base week."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from milieu.prints.papers import Paper
from milieu.prints.typesetting import typeset
from milieu.prints.words import DOMAINS, WEEKDAYS, clock_time, date_said, day_said, domain_said, month_said
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
        "weeks": _weeks(shown.days, shown.today),
        "usual": _usual(shown.days),
        "closed": _closed(shown.days),
        "as_of": f"As of {date_said(shown.today)}. {usual_said(shown)}".rstrip(),
        "note": "" if paper.is_wall else "In letters of 12 points, to take along; the larger page hangs on the wall.",
    }
    return typeset("month", data, made=made)


def usual_said(shown: ListedDays) -> str:
    """Of which days ahead it is only said what is usual there, "" where all is published or nothing is usual."""
    spans = shown.usual_spans
    usual = "it is what is usual; times may still change."
    if not spans:
        return ""
    if not shown.is_usual_to_the_end:
        usual = f"{' and '.join(_span_said(*each) for each in spans)} {usual}"
    elif any(day.is_published for day in shown.days):
        usual = f"from {day_said(spans[0][0])} on {usual}"
    return f"{usual[0].upper()}{usual[1:]}"


def _span_said(first: date, last: date) -> str:
    return f"on {day_said(first)}" if first == last else f"from {day_said(first)} to {day_said(last)}"


def _domains(shown: ListedDays) -> set[str]:
    return {each.domains[0] for day in shown.days for each in day.sessions if each.domains and not each.is_closed}


def _weeks(days: Sequence[ListedDay], today: date) -> list[list[dict[str, Any] | None]]:
    """Rows of seven days from Monday on; None where a day lies in another month."""
    usual = _often(days)
    monday = days[0].on_date - timedelta(days=days[0].on_date.weekday())
    by_date = {day.on_date: day for day in days}
    weeks = []
    while monday <= days[-1].on_date:
        dates = [monday + timedelta(days=each) for each in range(7)]
        weeks.append([_day(by_date[day], usual[day.weekday()], today) if day in by_date else None for day in dates])
        monday += timedelta(days=7)
    return weeks


def _day(day: ListedDay, usual: set[tuple[int, str]], today: date) -> dict[str, Any]:
    open_ones = [each for each in day.sessions if not each.is_closed]
    held = {(each.start_minute, each.title) for each in open_ones if not each.is_off}
    missing = sorted(usual - held) if open_ones else []
    return {
        "number": day.on_date.day,
        "sessions": [_session(each) for each in open_ones],
        "besides": [_session(each) for each in open_ones if _is_besides(each, usual)],
        "missing": [f"no {title}, {clock_time(start)}" for start, title in missing],
        "nothing": "" if open_ones else _nothing(day, today),
    }


def _nothing(day: ListedDay, today: date) -> str:
    """What a day says on which nothing is on for everybody, so that nobody takes it for one of what is usual."""
    if day.is_published:
        return "A quiet day"
    return "Not planned yet" if day.on_date >= today else "–"


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
