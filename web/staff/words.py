"""How the floor says things: outcomes, levels, how to bring somebody, who leads, how fresh the day is."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.floor.changes import DayChange, Placement
from milieu.queries.floor.today import DaySession
from milieu.queries.published.days import Leader, Slot
from milieu.queries.published.freshness import Freshness
from milieu.queries.published.marks import Mark
from milieu.queries.residents.people import Person
from web.words.times import clock_time, local, time_of, weekday, when

FIRST = ("attended", "declined", "asleep", "unwell")
MORE = ("in care", "away", "not found", "not invited")
LEVELS = ("active", "quiet", "slept", "distressed", "left early")
_UNDO = "undo:"

_OUTCOMES: dict[str, Callable[[], str]] = {
    "attended": lambda: _("Came"),
    "declined": lambda: _("Said no"),
    "asleep": lambda: _("Asleep"),
    "unwell": lambda: _("Unwell"),
    "in care": lambda: _("In care or therapy"),
    "away": lambda: _("Out, or has a visitor"),
    "not found": lambda: _("Not found"),
    "not invited": lambda: _("Nobody asked"),
    "not held": lambda: _("Not held"),
}
_LEVELS: dict[str, Callable[[], str]] = {
    "active": lambda: _("Active"),
    "quiet": lambda: _("Quiet"),
    "slept": lambda: _("Slept"),
    "distressed": lambda: _("Upset"),
    "left early": lambda: _("Left early"),
}


def outcome_word(outcome: str) -> str:
    """An outcome as its button says it."""
    return _OUTCOMES[outcome]()


def button_words() -> dict[str, str]:
    """Every outcome as its button says it, and taking back: for the page's script."""
    return {each: outcome_word(each) for each in (*FIRST, *MORE)} | {_UNDO.rstrip(":"): _("Take back")}


def level_word(level: str) -> str:
    """How somebody who came took part."""
    return _LEVELS[level]()


def mark_value(outcome: str, level: str | None = None) -> str:
    """What a button sends."""
    return outcome if level is None else f"{outcome}/{level}"


def undo_value(key: str) -> str:
    """What the button sends that takes a mark back, named by its key."""
    return f"{_UNDO}{key}"


def read_undo(value: str) -> str | None:
    """The key of the mark that a button takes back, None where it is another button."""
    return value.removeprefix(_UNDO) if value.startswith(_UNDO) else None


def read_mark(value: str) -> tuple[str, str | None]:
    """Outcome and level of what a button sent; the service judges the words."""
    outcome, _slash, level = value.partition("/")
    return outcome, level or None


def said(mark: Mark, day: date, timezone: str) -> str:
    """The mark that holds, in words: "Came, quiet · 10:31 · Joe"."""
    if mark.outcome is None:
        return ""
    word = marked_word(mark.outcome, mark.level)
    at = local(mark.at, timezone)
    time = time_of(mark.at, timezone)
    if at.date() != day:
        time = _("%(day)s %(time)s", day=weekday(at.date()), time=time)
    return " · ".join(filter(None, (word, time, mark.by)))


def marked_word(outcome: str, level: str | None) -> str:
    """Outcome and level: "Came, quiet"."""
    word = outcome_word(outcome)
    return word if level is None else _("%(outcome)s, %(level)s", outcome=word, level=level_word(level).lower())


def rivalry(mark: Mark, timezone: str) -> str:
    """That somebody else marked something else within the same minute, "" where nobody did."""
    if not mark.rivals:
        return ""
    told = [
        _(
            "%(who)s marked “%(what)s” (%(time)s)",
            who=each.by or _("somebody else"),
            what=marked_word(each.outcome, each.level),
            time=time_of(each.at, timezone),
        )
        for each in mark.rivals
    ]
    return _("Within the same minute %(told)s. What was tapped last counts.", told=listed(told))


def overruled(mark: Mark, timezone: str) -> str:
    """What the sender of a mark is told that does not hold: somebody tapped after them."""
    if mark.outcome is None:
        return ""
    who, what = mark.by or _("Somebody else"), marked_word(mark.outcome, mark.level)
    return _(
        "%(who)s marked “%(what)s” later, at %(time)s: that counts. Yours is kept in the record.",
        who=who,
        what=what,
        time=time_of(mark.at, timezone),
    )


def how_to_bring(person: Person) -> str:
    """What it takes to bring somebody: "wheelchair, 1 helper"."""
    if person.wheelchair:
        return _("wheelchair, 1 helper") if person.escort else _("wheelchair")
    if person.escort:
        return _("walks, with 1 helper")
    alone = {"she": _("walks on her own"), "he": _("walks on his own")}
    return alone.get(person.pronoun, _("walks on their own"))


def needs(session: DaySession) -> str:
    """How many of those invited need what: "3 wheelchairs, 5 helpers"."""
    told = []
    if session.wheelchairs:
        told.append(ngettext("%(num)d wheelchair", "%(num)d wheelchairs", session.wheelchairs))
    if session.helpers:
        told.append(ngettext("%(num)d helper", "%(num)d helpers", session.helpers))
    return ", ".join(told)


def absent_said(kind: str) -> str:
    """Why somebody who is invited cannot be asked at that hour."""
    return {
        "hospital": _("In hospital: do not ask."),
        "bed": _("In bed then: do not ask."),
        "outing": _("Out then: do not ask."),
        "appointment": _("At an appointment then: do not ask."),
    }[kind]


def free_until(session: DaySession) -> str:
    """That those invited to what is not held have nothing on instead."""
    return _("it is not held, so they are free until %(time)s", time=clock_time(session.slot.end_minute))


def led_by(leaders: tuple[Leader, ...], facilitator_id: str | None) -> str:
    """Who leads, "you" first."""
    others = [leader.name for leader in leaders if leader.id != facilitator_id]
    if len(others) < len(leaders):
        if not others:
            return _("you lead")
        return _("you lead with %(names)s", names=listed(others))
    if not others:
        return _("nobody leads")
    return _("%(names)s leads", names=others[0]) if len(others) == 1 else _("%(names)s lead", names=listed(others))


def is_led(session: DaySession, facilitator_id: str | None) -> bool:
    """Whether somebody leads a session."""
    return any(leader.id == facilitator_id for leader in session.leaders)


def counted(session: DaySession) -> str:
    """How many are invited, and how many marks are missing where some were made."""
    if not session.invited:
        return (
            _("open to all") if not session.guests else ngettext("%(num)d mark", "%(num)d marks", len(session.guests))
        )
    invited = ngettext("%(num)d invited", "%(num)d invited", session.asked)
    came = sum(guest.outcome == "attended" for guest in session.guests)
    if came:
        return _("%(invited)s, %(came)d came", invited=invited, came=came)
    marked = session.asked - session.unmarked
    return _("%(invited)s, %(marked)d marked", invited=invited, marked=marked) if marked else invited


def changed(change: DayChange, day: date, today: date) -> str:
    """What a day's publications changed of a session, in one sentence; a visit's with whom it is to."""
    title = _changed_title(change)
    if change.now is None:
        if day != today:
            return _("%(title)s is not on any more.", title=title)
        return _("%(title)s is not on today any more.", title=title)
    time, space = _start(change.now), change.now.space
    if change.was is None:
        return _("New: %(title)s at %(time)s, %(space)s.", title=title, time=time, space=space)
    if change.now.on_date != day:
        return _("%(title)s moved to %(day)s.", title=title, day=weekday(change.now.on_date))
    if change.was.on_date != day:
        if day != today:
            return _("%(title)s moved here, %(time)s, %(space)s.", title=title, time=time, space=space)
        return _("%(title)s moved to today, %(time)s, %(space)s.", title=title, time=time, space=space)
    return _changed_within(change, change.was, change.now, title)


def _changed_within(change: DayChange, was: Placement, now: Placement, title: str) -> str:
    """What changed of a session that stays on its day."""
    time, before = _start(now), _start(was)
    if change.is_moved and was.space != now.space:
        return _(
            "%(title)s is at %(time)s instead of %(before)s, in %(space)s.",
            title=title,
            time=time,
            before=before,
            space=now.space,
        )
    if change.is_moved:
        return _("%(title)s is at %(time)s instead of %(before)s.", title=title, time=time, before=before)
    if was.space_id != now.space_id:
        return _("%(title)s is in %(space)s instead of %(before)s.", title=title, space=now.space, before=was.space)
    if change.is_visit:
        return _("%(title)s at %(time)s is for somebody else.", title=title, time=time)
    return _("%(title)s at %(time)s: the list of people has changed.", title=title, time=time)


def changed_people(change: DayChange) -> tuple[tuple[str, tuple[Person, ...]], ...]:
    """Whom a change concerns, under a word each; of a visit only where the sentence does not name them."""
    if _is_named(change):
        return ()
    told = (
        (_("Not expected any more"), change.left),
        (_("Newly invited"), change.came),
        (_("Moving with it"), change.stayed),
    )
    return tuple((word, people) for word, people in told if people)


def changed_count(changes: Sequence[DayChange]) -> str:
    """How much changed: "3 sessions, 7 people"."""
    people = {each.id for change in changes for each in change.people}
    sessions = ngettext("%(num)d session", "%(num)d sessions", len(changes))
    if not people:
        return sessions
    concerned = ngettext("%(num)d person", "%(num)d people", len(people))
    return _("%(sessions)s, %(people)s", sessions=sessions, people=concerned)


def _changed_title(change: DayChange) -> str:
    if not _is_named(change):
        return change.title
    [resident] = change.people
    who = ", ".join(filter(None, (resident.name, resident.room)))
    return _("%(title)s (%(who)s)", title=change.title, who=who)


def _is_named(change: DayChange) -> bool:
    """Whether the sentence itself says whom it concerns: a visit to one and the same person."""
    return change.is_visit and len(change.people) == 1


def gone_to(now_at: Slot | None, day: date) -> str:
    """Where a session is now that the day has lost."""
    if now_at is None:
        return _("Not planned any more. What was marked is kept.")
    when_now = _("%(day)s %(time)s", day=weekday(now_at.on_date), time=clock_time(now_at.start_minute))
    return _("Now on %(when)s. What was marked stays with it.", when=when_now)


def freshness_line(fresh: Freshness, now: datetime, timezone: str) -> str:
    """From when the day's plan is: "Published today 05:31." """
    published = _("Published %(when)s.", when=when(fresh.published_at, now, timezone))
    if fresh.check == "unchanged" and fresh.checked_at is not None:
        checked = _("Checked %(when)s, nothing has changed.", when=when(fresh.checked_at, now, timezone))
        return f"{published} {checked}"
    return published


def stale_line(fresh: Freshness, now: datetime, timezone: str) -> str:
    """What stands above a day that is older than it should be, with its age; "" where it is not."""
    if not fresh.is_stale:
        return ""
    shown, old = when(fresh.published_at, now, timezone), age(now - fresh.published_at)
    if fresh.check == "kept":
        return _(
            "This morning no better plan was found, so the last good one stands: published %(when)s, %(age)s ago. "
            "Please check with whoever plans the week.",
            when=shown,
            age=old,
        )
    if fresh.check == "asked":
        return _(
            "Something has changed that whoever plans the week still decides on. You see the plan that was published "
            "%(when)s, %(age)s ago.",
            when=shown,
            age=old,
        )
    return _(
        "This morning’s check has not come. You see the plan that was published %(when)s, %(age)s ago. "
        "Somebody may have left or fallen ill since.",
        when=shown,
        age=old,
    )


def age(passed: timedelta) -> str:
    """How long ago, in the largest unit that says it: "40 minutes", "3 hours", "2 days"."""
    minutes = max(0, round(passed.total_seconds() / 60))
    if minutes < 90:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if minutes < 36 * 60:
        return ngettext("%(num)d hour", "%(num)d hours", round(minutes / 60))
    return ngettext("%(num)d day", "%(num)d days", round(minutes / (24 * 60)))


def listed(names: Sequence[str]) -> str:
    """ "Ann", "Ann and Ben", "Ann, Ben and Cy"."""
    return names[0] if len(names) == 1 else _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])


def _start(place: Placement) -> str:
    return clock_time(place.start_minute)
