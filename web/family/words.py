"""How a letter to the family says things: warm, plain, true, and never of anybody else."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.family.kin import Kin, Share
from milieu.queries.family.page import FamilyView, Invited
from milieu.queries.family.times import FIRST_MINUTE, LAST_MINUTE, Stretch
from milieu.queries.published.freshness import Freshness
from web.words.pronouns import by
from web.words.reasons import FAMILY, sentence
from web.words.times import clock_time, day_and_month, long_day, monday_of, when

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
    words = [
        _("one"),
        _("two"),
        _("three"),
        _("four"),
        _("five"),
        _("six"),
        _("seven"),
        _("eight"),
        _("nine"),
        _("ten"),
    ]
    said = words[count - 1] if 1 <= count <= 10 else str(count)
    return ngettext("%(count)s thing", "%(count)s things", count, count=said)


def place(each: Invited, kin: Kin) -> str:
    """Where and until when: a space by its name; or, of a visit, that somebody of the team comes."""
    where = each.slot.space
    if each.slot.is_visit:
        where = by(
            kin.pronoun,
            _("One of the team comes to her"),
            _("One of the team comes to him"),
            _("One of the team comes to them"),
        )
    return _("%(space)s, until %(time)s.", space=where, time=clock_time(each.slot.end_minute))


def detail(each: Invited, kin: Kin, now: datetime) -> str:
    """One sentence about an invitation: how it went, else why she is invited, else that she often comes; or nothing."""
    if each.is_off:
        return _("It does not take place.") if now < each.slot.ends_at else _("It did not take place.")
    if each.is_kept and not each.was_there:
        return _kept(kin, is_over=each.slot.ends_at <= now)
    if each.slot.ends_at <= now:
        return _was_there(each, kin) if each.was_there else ""
    told = (sentence([reason], kin.pronoun, FAMILY, is_visit=each.slot.is_visit) for reason in each.reasons)
    if why := next(filter(None, told), ""):
        return why
    return _lately(each, kin) if each.times_lately >= OFTEN else ""


def _kept(kin: Kin, *, is_over: bool) -> str:
    """That she cannot go, without a word on what keeps her: whoever looks may not be told that."""
    if is_over:
        return by(
            kin.pronoun,
            _("She was not free then."),
            _("He was not free then."),
            _("They were not free then."),
        )
    return by(kin.pronoun, _("She is not free then."), _("He is not free then."), _("They are not free then."))


def kept_from(titles: Sequence[str], person: str, *, is_over: bool) -> str:
    """ "For Choir your mother is not free today."."""
    if is_over:
        return _("For %(what)s %(person)s was not free today.", what=joined(titles), person=person)
    return _("For %(what)s %(person)s is not free today.", what=joined(titles), person=person)


def _was_there(each: Invited, kin: Kin) -> str:
    if each.slot.is_visit:
        return by(
            kin.pronoun,
            _("One of the team was with her."),
            _("One of the team was with him."),
            _("One of the team was with them."),
        )
    return by(kin.pronoun, _("She was there."), _("He was there."), _("They were there."))


def _lately(each: Invited, kin: Kin) -> str:
    count = each.times_lately
    if each.slot.is_visit:
        return by(
            kin.pronoun,
            ngettext("She had it %(num)d time lately.", "She had it %(num)d times lately.", count),
            ngettext("He had it %(num)d time lately.", "He had it %(num)d times lately.", count),
            ngettext("They had it %(num)d time lately.", "They had it %(num)d times lately.", count),
        )
    return by(
        kin.pronoun,
        ngettext("She was there %(num)d time lately.", "She was there %(num)d times lately.", count),
        ngettext("He was there %(num)d time lately.", "He was there %(num)d times lately.", count),
        ngettext("They were there %(num)d time lately.", "They were there %(num)d times lately.", count),
    )


def stretches(free: Sequence[Stretch], from_minute: int) -> list[str]:
    """When a visit does not collide: "09:30 to 10:30", "from now until 15:00"; every stretch, by time."""
    return [_stretch(each, from_minute) for each in free]


def _stretch(each: Stretch, from_minute: int) -> str:
    start, end = clock_time(each.start_minute), clock_time(each.end_minute)
    if each.start_minute == from_minute > FIRST_MINUTE:
        return _("from now until %(time)s", time=end)
    if (each.start_minute, each.end_minute) == (FIRST_MINUTE, LAST_MINUTE):
        return _("any time from %(start)s to %(end)s", start=start, end=end)
    return _("%(start)s to %(end)s", start=start, end=end)


def not_out(*, is_any_day_out: bool) -> str:
    """That today has no plan yet; where no day has one, that this week has none."""
    if is_any_day_out:
        return _("The plan for today is not out yet. As soon as it is, you find it here.")
    return _("This week’s plan is not out yet. As soon as it is, you find it here.")


def published(view: FamilyView, timezone: str) -> str:
    """From when what is shown is, and its age where today's check is missing."""
    this_week = monday_of(view.today)
    said = []
    for each in view.issued:
        at = when(each.published_at, view.as_of, timezone)
        if each.monday == this_week:
            said.append(_("Published %(when)s.", when=at))
        else:
            said.append(_("The plan from %(day)s on was published %(when)s.", day=long_day(each.monday), when=at))
    if view.freshness is not None:
        said += _checked(view.freshness, view.as_of, timezone)
    return " ".join(said)


def _checked(fresh: Freshness, now: datetime, timezone: str) -> list[str]:
    if fresh.is_stale:
        if fresh.check == "kept":
            return [_("This morning’s check found no newer plan that fits, so something may still change.")]
        if fresh.check == "asked":
            return [_("The team still looks at what changed this morning, so something may still change.")]
        return [_("This morning’s check has not come yet, so something may still change.")]
    if fresh.check == "unchanged" and fresh.checked_at is not None and fresh.checked_at >= fresh.published_at:
        return [_("Looked through %(when)s: the plan stands.", when=when(fresh.checked_at, now, timezone))]
    return []


def withdrawn(monday: date, today: date) -> str:
    """That a plan which was out is taken back, and that nothing is asked of anybody for it."""
    if monday == monday_of(today):
        return _(
            "The team has taken back what was still to come of this week’s plan, to look at it again. "
            "There is nothing you need to do: as soon as there is a new plan, you find it here."
        )
    return _(
        "The team has taken back the plan for the week from %(day)s, to look at it again. "
        "There is nothing you need to do: as soon as there is a new plan, you find it here.",
        day=long_day(monday),
    )


def kind_word(kind: str, kin: Kin) -> tuple[str, str]:
    """A kind of thing that can be shared: its name, and what it means."""
    name = kin.called
    return {
        "calendar": (_("Plans"), _("What %(name)s is invited to, when and where.", name=name)),
        "attended": (_("How it was"), _("What %(name)s went to, said no to, or slept through.", name=name)),
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


def joined(parts: Sequence[str]) -> str:
    """ "Choir, Chess and Walk"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s", first=", ".join(parts[:-1]), last=parts[-1])
