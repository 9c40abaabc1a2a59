"""What changed, in one sentence each: what, when, and the reason where it may be told."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from milieu.causes import MADE_WAY, SPACE, STAFF, WEATHER, Cause
from milieu.queries.family import changes as kinds
from milieu.queries.family.changes import FamilyChange
from web.words.pronouns import by
from web.words.times import clock_time, local, long_day, monday_of, weekday

_NEAR_DAYS = 6


def changed(change: FamilyChange, pronoun: str, now: datetime, timezone: str) -> str:
    """What changed, in one sentence: "Choir moved from today at 10:30 to Thursday at 14:00"."""
    today = local(now, timezone).date()
    place = change.now or change.was
    assert place is not None
    title, day, at = change.title, day_of(place.on_date, today), clock_time(place.start_minute)
    if change.kind in (kinds.OFF, kinds.CANCELLED):
        return _("%(title)s is off %(day)s%(because)s.", title=title, day=day, because=because(change.cause))
    if change.kind == kinds.ON_AGAIN:
        return _("%(title)s is on after all %(day)s at %(time)s.", title=title, day=day, time=at)
    if change.kind == kinds.NEW:
        return _("New: %(title)s %(day)s at %(time)s.", title=title, day=day, time=at)
    if change.kind == kinds.DROPPED:
        return by(
            pronoun,
            _("She is not invited to %(title)s %(day)s any more.", title=title, day=day),
            _("He is not invited to %(title)s %(day)s any more.", title=title, day=day),
            _("They are not invited to %(title)s %(day)s any more.", title=title, day=day),
        )
    return _from_to(change, pronoun, today)


def _from_to(change: FamilyChange, pronoun: str, today: date) -> str:
    was, now, title = change.was, change.now, change.title
    assert was is not None
    assert now is not None
    day, at = day_of(now.on_date, today), clock_time(now.start_minute)
    old_day, old_at = day_of(was.on_date, today), clock_time(was.start_minute)
    if change.kind == kinds.RELOCATED:
        why = because(change.cause) or _(", not in %(space)s", space=was.space)
        return _(
            "%(title)s %(day)s at %(time)s is in %(space)s now%(because)s.",
            title=title,
            day=day,
            time=at,
            space=now.space,
            because=why,
        )
    if change.kind == kinds.SWAPPED:
        words = {"title": title, "day": day, "time": at, "old_day": old_day, "old_time": old_at}
        return by(
            pronoun,
            _("She is invited to %(title)s %(day)s at %(time)s now, not %(old_day)s at %(old_time)s.", **words),
            _("He is invited to %(title)s %(day)s at %(time)s now, not %(old_day)s at %(old_time)s.", **words),
            _("They are invited to %(title)s %(day)s at %(time)s now, not %(old_day)s at %(old_time)s.", **words),
        )
    why = because(change.cause, is_moved=True)
    if was.on_date == now.on_date:
        return _(
            "%(title)s %(day)s moved from %(old_time)s to %(time)s%(because)s.",
            title=title,
            day=day,
            old_time=old_at,
            time=at,
            because=why,
        )
    return _(
        "%(title)s moved from %(old_day)s at %(old_time)s to %(day)s at %(time)s%(because)s.",
        title=title,
        old_day=_bare(was.on_date, today),
        old_time=old_at,
        day=_bare(now.on_date, today),
        time=at,
        because=why,
    )


def was_off(change: FamilyChange) -> str:
    """Of a day that is over: "Choir was off, because of the weather."."""
    return _("%(title)s was off%(because)s.", title=change.title, because=because(change.cause, is_over=True))


def because(cause: Cause | None, *, is_moved: bool = False, is_over: bool = False) -> str:
    """The reason as the end of a sentence, "" where none may be told."""
    if cause is None:
        return ""
    if is_over and cause.kind == SPACE:
        return _(", because %(space)s was closed then", space=cause.name)
    if is_over and cause.kind == STAFF:
        return _(", because one of the staff was away")
    if cause.kind == SPACE and is_moved:
        return _(", because %(space)s is closed at the old time", space=cause.name)
    return {
        SPACE: _(", because %(space)s is closed then", space=cause.name),
        WEATHER: _(", because of the weather"),
        STAFF: _(", because one of the staff is away"),
        MADE_WAY: _(", to make way for another change"),
    }[cause.kind]


def week_out(monday: date, today: date) -> str:
    """That a week's plan can be read now."""
    if monday == monday_of(today):
        return _("This week’s plan is out.")
    return _("The plan for the week from %(day)s is out.", day=long_day(monday))


def day_of(day: date, today: date) -> str:
    """ "today", "tomorrow", "on Thursday"; with its date where the weekday alone could mean another one."""
    if day in (today, today + timedelta(days=1)):
        return _bare(day, today)
    return _("on %(day)s", day=_bare(day, today))


def _bare(day: date, today: date) -> str:
    if day == today:
        return _("today")
    if day == today + timedelta(days=1):
        return _("tomorrow")
    return weekday(day) if today < day <= today + timedelta(days=_NEAR_DAYS) else long_day(day)
