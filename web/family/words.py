"""How a letter to the family says things: warm, plain, true, and never of anybody else."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.changes import SessionChange
from milieu.queries.family import FamilyDay, Invited, Kin, Share
from milieu.queries.family_past import LastWeek
from milieu.queries.family_times import FIRST_MINUTE, Stretch
from milieu.queries.freshness import Freshness
from web.reasons import FAMILY, sentence
from web.words.times import clock_time, day_and_month, local, weekday, when

MOST_STRETCHES = 3
OFTEN = 2


def greeting(name: str, hour: int) -> str:
    """ "Good morning, Ellen." by the hour on the community's wall."""
    first = name.split()[0] if name.split() else name
    if hour < 12:
        return _("Good morning, %(name)s.", name=first)
    if hour < 18:
        return _("Good afternoon, %(name)s.", name=first)
    return _("Good evening, %(name)s.", name=first)


def who(kin: Kin) -> str:
    """ "your mother"; by name where nothing else is known."""
    return _("your %(kinship)s", kinship=kin.resident_is) if kin.resident_is else kin.called


def things(count: int) -> str:
    """ "one thing", "two things"."""
    words = [_("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"), _("ten")]
    if count == 1:
        return _("one thing")
    return _("%(count)s things", count=words[count - 2] if 2 <= count <= 10 else count)


def opening(kin: Kin, day: FamilyDay, now: datetime) -> str:
    """The first sentences: to how much she is invited today, and whose choice that is."""
    person = who(kin)
    if not day.is_published:
        return _("The plan for today is not out yet.")
    invited = [each for each in day.invited if not each.is_off]
    if not invited:
        return _("Nothing is planned for %(person)s today: a day to take as it comes.", person=person)
    count = things(len(invited))
    if all(each.slot.ends_at <= now for each in invited):
        return _("Today %(person)s was invited to %(count)s.", person=person, count=count)
    decides = _by(
        kin.pronoun, _("She decides on the day."), _("He decides on the day."), _("They decide on the day.")
    )  # fmt: skip
    return _("Today %(person)s is invited to %(count)s.", person=person, count=count) + " " + decides


def place(each: Invited, kin: Kin) -> str:
    """Where an invitation is: a space by its name; or, of a visit, that somebody of the team comes."""
    if not each.slot.is_visit:
        return each.slot.space
    return _by(
        kin.pronoun,
        _("One of the team comes to her"),
        _("One of the team comes to him"),
        _("One of the team comes to them"),
    )


def detail(each: Invited, kin: Kin, now: datetime) -> str:
    """One sentence about an invitation: how it went, else why she is invited, else that she often comes; or nothing."""
    if each.is_off:
        return _("It does not take place.") if now < each.slot.ends_at else _("It did not take place.")
    if each.slot.ends_at <= now:
        if not each.was_there:
            return ""
        return _by(kin.pronoun, _("She was there."), _("He was there."), _("They were there."))
    told = (sentence([reason], kin.pronoun, FAMILY) for reason in each.reasons)
    if why := next(filter(None, told), ""):
        return why
    if each.times_lately < OFTEN:
        return ""
    return _by(
        kin.pronoun,
        ngettext("She was there %(num)d time lately.", "She was there %(num)d times lately.", each.times_lately),
        ngettext("He was there %(num)d time lately.", "He was there %(num)d times lately.", each.times_lately),
        ngettext("They were there %(num)d time lately.", "They were there %(num)d times lately.", each.times_lately),
    )


def visiting(stretches: Sequence[Stretch], from_minute: int) -> list[str]:
    """When a visit does not collide: "before 10:30", "13:00 to 15:00", "after 16:00"; the longest three, by time."""
    longest = sorted(stretches, key=lambda each: each.start_minute - each.end_minute)[:MOST_STRETCHES]
    return [_stretch(each, from_minute) for each in sorted(longest, key=lambda each: each.start_minute)]


def changed(change: SessionChange, kin: Kin, now: datetime, timezone: str) -> str:
    """What changed for her since the week was published, in one sentence."""
    because = ""
    if change.was_closed and change.was is not None:
        because = _(", because %(space)s is closed then", space=change.was.space)
    title = change.title
    if change.now is None:
        assert change.was is not None
        day = _day(change.was.on_date, now, timezone)
        return _("%(title)s %(day)s is not on the plan any more%(because)s.", title=title, day=day, because=because)
    day, time = _day(change.now.on_date, now, timezone), clock_time(change.now.start_minute)
    if change.was is None:
        return _("New: %(title)s %(day)s at %(time)s.", title=title, day=day, time=time)
    if change.is_moved:
        return _(
            "%(title)s moved to %(time)s %(day)s%(because)s.", title=title, time=time, day=day, because=because
        )  # fmt: skip
    space = change.now.space
    return _("%(title)s %(day)s is in %(space)s%(because)s.", title=title, day=day, space=space, because=because)


def last_week(past: LastWeek, kin: Kin) -> list[str]:
    """How last week was, resting told as warmly as coming; empty where nothing was written down."""
    told = []
    if past.attended:
        days: dict[str, list[str]] = defaultdict(list)
        for each in past.attended:
            days[each.title].append(weekday(each.on_date))
        listed = _joined([f"{title} ({', '.join(dict.fromkeys(on))})" for title, on in days.items()])
        count = things(len(past.attended))
        told.append(_("%(name)s went to %(count)s: %(listed)s.", name=kin.called, count=count, listed=listed))
    told += [_rested(each.on_date, each.part, kin) for each in past.quiet]
    return told


def published(fresh: Freshness, now: datetime, timezone: str) -> str:
    """From when the plan is, and its age where today's check is missing."""
    said = _("Published %(when)s.", when=when(fresh.published_at, now, timezone))
    if fresh.is_stale:
        return said + " " + _("This morning’s check has not come to a newer plan, so something may still change.")
    if fresh.check == "unchanged" and fresh.checked_at is not None:
        checked = when(fresh.checked_at, now, timezone)
        return said + " " + _("Looked through %(when)s: nothing has changed.", when=checked)
    return said


def kind_word(kind: str, kin: Kin) -> tuple[str, str]:
    """A kind of thing that can be shared: its name, and what it means."""
    name = kin.called
    return {
        "calendar": (_("Plans"), _("What %(name)s is invited to, when and where.", name=name)),
        "attended": (_("How it was"), _("What %(name)s went to, and when a day was quiet.", name=name)),
        "photo": (_("Photos"), _("Pictures in which %(name)s can be seen.", name=name)),
        "notes": (_("Notes"), _("What the team writes down for the family.")),
    }[kind]


def holding(kin: Kin, kind: str, today: date) -> list[Share]:
    """The consents of a kind that hold today."""
    return [share for share in kin.shares if share.kind == kind and share.holds(today)]


def lasts(share: Share) -> str:
    """From when to when something is shared."""
    start = day_and_month_and_year(share.valid_from)
    if share.valid_until is None:
        return _("Since %(start)s, until further notice", start=start)
    return _("From %(start)s to %(end)s", start=start, end=day_and_month_and_year(share.valid_until))


def day_and_month_and_year(day: date) -> str:
    """ "23 November 2026"."""
    return f"{day_and_month(day)} {day.year}"


def minute_of(moment: datetime, timezone: str) -> int:
    """The next full quarter of an hour on the community's wall, as visiting times are counted."""
    at = local(moment, timezone)
    return -(-(at.hour * 60 + at.minute) // 15) * 15


def _by(pronoun: str, she: str, he: str, they: str) -> str:
    return {"she": she, "he": he}.get(pronoun, they)


def _joined(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s", first=", ".join(parts[:-1]), last=parts[-1])


def _stretch(each: Stretch, from_minute: int) -> str:
    start, end = clock_time(each.start_minute), clock_time(each.end_minute)
    is_from_now = each.start_minute == from_minute > FIRST_MINUTE
    if each.is_to_evening:
        if is_from_now:
            return _("any time from now on")
        return _("any time") if each.is_from_morning else _("after %(time)s", time=start)
    if is_from_now:
        return _("from now until %(time)s", time=end)
    if each.is_from_morning:
        return _("before %(time)s", time=end)
    return _("%(start)s to %(end)s", start=start, end=end)


def _day(day: date, now: datetime, timezone: str) -> str:
    today = local(now, timezone).date()
    if day == today:
        return _("today")
    if day == today + timedelta(days=1):
        return _("tomorrow")
    return _("on %(day)s", day=weekday(day))


def _rested(day: date, part: str, kin: Kin) -> str:
    on = weekday(day)
    told = {
        "morning": (
            _("On %(day)s she chose a quiet morning.", day=on),
            _("On %(day)s he chose a quiet morning.", day=on),
            _("On %(day)s they chose a quiet morning.", day=on),
        ),
        "afternoon": (
            _("On %(day)s she chose a quiet afternoon.", day=on),
            _("On %(day)s he chose a quiet afternoon.", day=on),
            _("On %(day)s they chose a quiet afternoon.", day=on),
        ),
        "evening": (
            _("On %(day)s she chose a quiet evening.", day=on),
            _("On %(day)s he chose a quiet evening.", day=on),
            _("On %(day)s they chose a quiet evening.", day=on),
        ),
        "day": (
            _("On %(day)s she chose a quiet day.", day=on),
            _("On %(day)s he chose a quiet day.", day=on),
            _("On %(day)s they chose a quiet day.", day=on),
        ),
    }
    return _by(kin.pronoun, *told[part])
