"""A letter put together: what each part of the page says, for one resident or for several at once.

With several, what two do together stands once, and the day of each is at the top of the page.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _

from milieu.queries.family import changes as kinds
from milieu.queries.family.changes import FamilyChange
from milieu.queries.family.kin import Kin
from milieu.queries.family.page import FamilyDay, FamilyView, Invited, KinWeek, next_quarter
from milieu.queries.family.times import shared_stretches
from web.family import news, past, words
from web.words.pronouns import by
from web.words.times import clock_time, local, long_day, weekday, when

Told = tuple[Kin, Invited]
OnDay = tuple[Kin, FamilyDay]


@dataclass(frozen=True)
class Entry:
    """A line of a day. `whose` is "" where the letter is about one resident alone."""

    start: str
    title: str
    whose: str
    says: str
    is_off: bool
    is_past: bool


@dataclass(frozen=True)
class Part:
    """A part of the letter under its heading: lines, then sentences."""

    heading: str
    entries: tuple[Entry, ...] = ()
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Visit:
    """Good times for a visit, with the words before them."""

    lead: str
    stretches: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """Everything that the page says, in its order. Parts that are empty are not there."""

    title: str
    greeting: str
    openings: tuple[str, ...]
    news: tuple[Part, ...]
    today: Part | None
    visits: tuple[Visit, ...]
    tomorrow: Part | None
    tomorrow_visits: tuple[Visit, ...]
    later: tuple[Part, ...]
    later_says: tuple[str, ...]
    past: tuple[Part, ...] | None
    since_week: Part | None
    kin: tuple[Kin, ...]
    published: str

    @property
    def past_heading(self) -> str:
        return _("How the last seven days were")

    @property
    def later_heading(self) -> str:
        return _("The days after")


def compose(view: FamilyView, timezone: str) -> Letter:
    """The letter of a view in which somebody shares something."""
    at = local(view.as_of, timezone)
    weeks = view.weeks
    today = [(week.kin, week.days[0]) for week in weeks]
    by_day = _by_day(weeks)
    minute = next_quarter(at)  # as visiting times are counted
    tomorrow, later, later_says = _ahead(by_day[1:], view, len(weeks))
    first = today[0][1]
    return Letter(
        title=_("%(name)s’s week", name=weeks[0].kin.called) if len(weeks) == 1 else _("Your family’s week"),
        greeting=words.greeting(view.relative, at.hour),
        openings=tuple(_openings(view, today)),
        news=_news(weeks, view.as_of, timezone),
        today=_part(_("Today, %(day)s", day=weekday(first.on_date)), today, view, len(weeks)),
        visits=_visits(today, minute, is_today=True),
        tomorrow=tomorrow,
        tomorrow_visits=_visits(by_day[1], 0, is_today=False) if tomorrow is not None else (),
        later=later,
        later_says=later_says,
        past=_past(weeks),
        since_week=_since_week(weeks, view.as_of, timezone),
        kin=tuple(week.kin for week in weeks),
        published=words.published(view, timezone),
    )


def _by_day(weeks: Sequence[KinWeek]) -> list[list[OnDay]]:
    """Today and the days after it, each with those who share it."""
    days = sorted({day.on_date for week in weeks for day in week.days})
    return [[(week.kin, day) for week in weeks for day in week.days if day.on_date == each] for each in days]


def _openings(view: FamilyView, today: Sequence[OnDay]) -> Iterator[str]:
    """The first sentences of each, then which plans were taken back; of a day whose plan was, that alone.

    Of a day without a plan it is said once for all; where no day that is shown has one, of the week.
    """
    gone = {each for each in view.withdrawn if each <= view.today}
    for kin, day in today:
        if day.is_published:
            yield _opening(kin, day, view.as_of, is_one=len(today) == 1)
    if not gone and not any(day.is_published for _kin, day in today):
        yield words.not_out(is_any_day_out=_is_any_day_out(view))
    yield from (words.withdrawn(monday, view.today) for monday in view.withdrawn)


def _is_any_day_out(view: FamilyView) -> bool:
    return any(day.is_published for week in view.weeks for day in week.days)


def _opening(kin: Kin, day: FamilyDay, now: datetime, *, is_one: bool) -> str:
    """The first sentences: what is off, to how much she is invited today, and whose choice that is."""
    person = words.who(kin) if is_one else kin.called
    off = [_is_off(each, now) for each in day.invited if each.is_off]
    kept = [each for each in day.invited if each.is_kept]
    if kept:
        off.append(words.kept_from([each.slot.title for each in kept], person, is_over=kept[-1].slot.ends_at <= now))
    invited = [each for each in day.invited if each.is_on]
    if not invited:
        nothing = _("Nothing is planned for %(person)s today: a day to take as it comes.", person=person)
        if off:
            nothing = _("Nothing else is planned for %(person)s today: a day to take as it comes.", person=person)
        if kept:
            nothing = _("Nothing else is planned for %(person)s today.", person=person)
        return " ".join([*off, nothing])
    count = words.things(len(invited))
    if all(each.slot.ends_at <= now for each in invited):
        return " ".join([_("Today %(person)s was invited to %(count)s.", person=person, count=count), *off])
    decides = by(kin.pronoun, _("She decides on the day."), _("He decides on the day."), _("They decide on the day."))
    return " ".join([_("Today %(person)s is invited to %(count)s.", person=person, count=count), decides, *off])


def _is_off(each: Invited, now: datetime) -> str:
    """ "Choir is off today, because of the weather."."""
    title, is_over = each.slot.title, each.slot.ends_at <= now
    why = news.because(each.cause, is_over=is_over)
    if is_over:
        return _("%(title)s was off today%(because)s.", title=title, because=why)
    return _("%(title)s is off today%(because)s.", title=title, because=why)


def _part(
    heading: str, on_day: Sequence[OnDay], view: FamilyView, everybody: int, *, is_near: bool = True
) -> Part | None:
    """A day's lines by time, None where there are none."""
    told = [(kin, each) for kin, day in on_day for each in day.invited]
    told.sort(key=lambda pair: (pair[1].slot.start_minute, pair[1].slot.title, pair[1].slot.ref))
    groups = [list(group) for _ref, group in groupby(told, key=lambda pair: pair[1].slot.ref)]
    entries = tuple(_entry(group, view.as_of, everybody, is_near=is_near) for group in groups)
    return Part(heading, entries) if entries else None


def _entry(group: Sequence[Told], now: datetime, everybody: int, *, is_near: bool) -> Entry:
    (kin, first), slot = group[0], group[0][1].slot
    says = [words.place(first, kin)]
    if first.is_off or (len(group) == 1 and (is_near or first.is_kept)):
        says.append(words.detail(first, kin, now))
    else:
        told = [(kin, words.detail(each, kin, now)) for kin, each in group if is_near or each.is_kept]
        says += [_named(kin, said) for kin, said in told if said]
    return Entry(
        start=clock_time(slot.start_minute),
        title=slot.title,
        whose=_whose([kin for kin, _each in group], everybody),
        says=" ".join(filter(None, says)),
        is_off=not any(each.is_on for _kin, each in group),
        is_past=slot.ends_at <= now,
    )


def _named(kin: Kin, said: str) -> str:
    """ "Zofia: she loves it."."""
    return _("%(name)s: %(said)s", name=kin.called, said=said[0].lower() + said[1:])


def _whose(kin: Sequence[Kin], everybody: int) -> str:
    if everybody == 1:
        return ""
    if len(kin) == everybody == 2:
        return _("both")
    return words.joined([each.called for each in kin])


def _visits(on_day: Sequence[OnDay], minute: int, *, is_today: bool) -> tuple[Visit, ...]:
    """When a visit does not collide: to all at once where there is such a time, else to each."""
    open_days = [(kin, day) for kin, day in on_day if day.is_published]
    if len(open_days) > 1:
        shared = words.stretches(shared_stretches([day.visits for _kin, day in open_days]), minute)
        if shared:
            names = _("both") if len(open_days) == len(on_day) == 2 else words.joined([k.called for k, _d in open_days])
            return (Visit(_lead(names, is_today), tuple(shared)),)
    found = ((kin, words.stretches(day.visits, minute)) for kin, day in open_days)
    return tuple(
        Visit(_lead(kin.called if len(on_day) > 1 else "", is_today), tuple(free)) for kin, free in found if free
    )


def _lead(whom: str, is_today: bool) -> str:
    if is_today:
        return _("A good time to visit %(whom)s today:", whom=whom) if whom else _("A good time to visit today:")
    return _("Good for a visit to %(whom)s:", whom=whom) if whom else _("Good for a visit:")


def _ahead(
    days: Sequence[Sequence[OnDay]], view: FamilyView, everybody: int
) -> tuple[Part | None, tuple[Part, ...], tuple[str, ...]]:
    """Tomorrow, the days after it that hold something, and what is to be said of the rest."""
    tomorrow, later, empty, closed = None, [], [], []
    for ahead, on_day in enumerate(days, start=1):
        day = on_day[0][1].on_date
        if not on_day[0][1].is_published:
            closed.append(day)
            continue
        heading = _("Tomorrow, %(day)s", day=weekday(day)) if ahead == 1 else long_day(day)
        part = _part(heading, on_day, view, everybody, is_near=ahead == 1)
        if ahead == 1:
            tomorrow = part or Part(heading, (), (_("Nothing is planned."),))
        elif part is not None:
            later.append(part)
        else:
            empty.append(day)
    said = []
    if empty and not later:
        said.append(_("Nothing more is planned up to %(day)s.", day=long_day(empty[-1])))
    if not view.withdrawn and not _is_any_day_out(view):
        return None, (), ()  # the first lines say so
    return tomorrow, tuple(later), (*said, *_not_out(closed, [on_day[0][1].on_date for on_day in days]))


def _not_out(closed: Sequence[date], days: Sequence[date]) -> list[str]:
    """Which of the days have no plan yet: from a day on, or single ones before others that have."""
    tail = 0
    while tail < len(closed) and closed[-1 - tail] == days[-1 - tail]:
        tail += 1
    single, rest = closed[: len(closed) - tail], closed[len(closed) - tail :]
    said = [_("The plan for %(day)s is not out yet.", day=long_day(day)) for day in single]
    if rest:
        said.append(_("What comes from %(day)s on is not out yet.", day=long_day(rest[0])))
    return said


def _news(weeks: Sequence[KinWeek], now: datetime, timezone: str) -> tuple[Part, ...]:
    """What changed since she last looked; one box for all of whom she last looked at the same time."""
    boxes: dict[str, list[KinWeek]] = {}
    for week in weeks:
        if week.news is not None:
            boxes.setdefault(when(week.news.at, now, timezone), []).append(week)
    parts = []
    for at, of_box in boxes.items():
        out = sorted({monday for week in of_box if week.news for monday in week.news.weeks_out})
        said = [news.week_out(monday, local(now, timezone).date()) for monday in out]
        told = [(week.kin, week.news.changes) for week in of_box if week.news is not None]
        said += _changes(told, len(weeks), now, timezone)
        if said:
            parts.append(Part(_("Changed since you looked %(when)s", when=at), sentences=tuple(said)))
    return tuple(parts)


def _since_week(weeks: Sequence[KinWeek], now: datetime, timezone: str) -> Part | None:
    said = _changes([(week.kin, week.since_week) for week in weeks], len(weeks), now, timezone)
    if not said:
        return None
    has_news = any(week.news and _beyond_opening(week.news.changes, now, timezone) for week in weeks)
    heading = _("Also changed since the week began") if has_news else _("Changed since the week began")
    return Part(heading, sentences=tuple(said))


def _changes(
    told: Iterable[tuple[Kin, Sequence[FamilyChange]]], everybody: int, now: datetime, timezone: str
) -> list[str]:
    """One sentence a change; of several residents with whose it is, and of all of them once."""
    whose: dict[FamilyChange, list[Kin]] = {}
    for kin, changes in told:
        for change in _beyond_opening(changes, now, timezone):
            whose.setdefault(change, []).append(kin)
    said = []
    for change, whom in whose.items():
        sentence = news.changed(change, whom[0].pronoun if len(whom) == 1 else "they", now, timezone)
        said.append(_for(whom, everybody, sentence))
    return said


def _beyond_opening(changes: Sequence[FamilyChange], now: datetime, timezone: str) -> list[FamilyChange]:
    """Without what is off today, which the letter says first of all."""
    today = local(now, timezone).date()
    return [
        change
        for change in changes
        if not (change.kind == kinds.OFF and change.now is not None and change.now.on_date == today)
    ]


def _past(weeks: Sequence[KinWeek]) -> tuple[Part, ...] | None:
    """How it was and what was off; None where nobody shares the one and there is nothing of the other."""
    sharing = [week for week in weeks if week.past is not None]
    if not sharing and not any(week.gone for week in weeks):
        return None
    was = past.days_of(sharing, is_one=len(weeks) == 1)
    off = _off(weeks)
    days = sorted({*was, *off}, reverse=True)
    return tuple(Part(long_day(day), sentences=(*was.get(day, ()), *off.get(day, ()))) for day in days)


def _off(weeks: Sequence[KinWeek]) -> dict[date, list[str]]:
    """What was off on each day that is over, once for all whom it was for."""
    whose: dict[FamilyChange, list[Kin]] = {}
    for week in weeks:
        for change in week.gone:
            whose.setdefault(change, []).append(week.kin)
    said: dict[date, list[str]] = {}
    for change, whom in whose.items():
        if change.was is not None:
            said.setdefault(change.was.on_date, []).append(_for(whom, len(weeks), news.was_off(change)))
    return said


def _for(whom: Sequence[Kin], everybody: int, said: str) -> str:
    """ "Both: Choir was off."; without a name where the letter is about one resident alone."""
    names = _whose(whom, everybody)
    return _("%(names)s: %(said)s", names=names[0].upper() + names[1:], said=said) if names else said
