"""What is known of a resident, in words: wishes, needs, rhythm. Facts, never labels, and nothing that blames."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.person.company import Close
from milieu.queries.person.known import Taken, Who, Wished
from milieu.queries.person.lately import WeekPast
from web.words.abilities import listed
from web.words.pronouns import by
from web.words.times import clock_time, day_and_month, full_date


def rank_word(rank: int) -> str:
    """How much somebody likes something, by a wish's rank."""
    return [_("Loves"), _("Likes"), _("Does not mind"), _("Rather not")][rank]


def said_by_word(wish: Wished, called: str) -> str:
    """Whose word a wish is; without `called`, who says nothing of it any more, a relative's stays theirs."""
    whose = {
        "resident": called,
        "relative": _("a relative, until %(name)s says so", name=called) if called else _("a relative"),
        "observed": _("seen by the team"),
        "staff": _("the team thinks so"),
    }.get(wish.said_by, wish.said_by)
    return _("%(who)s, when asked what matters", who=whose) if wish.source == "assessment" else whose


def where_now(tie: Close) -> str:
    """The room of whom a tie is to, or that they died or live here no more."""
    if tie.died_on is not None:
        return _("died on %(day)s", day=full_date(tie.died_on))
    return _("no longer lives here") if tie.is_gone else tie.room


def source_word(source: str) -> str:
    """How a tie is known."""
    return {
        "observed": _("Seen by the team"),
        "told by resident": _("One of them says so"),
        "family": _("The family says so"),
        "file": _("From the community’s lists"),
        "told": _("Told by the team"),
        "suggested": _("Suggested, and confirmed by the team"),
    }.get(source, _("Noted by the team"))


def week_else(week: WeekPast) -> str:
    """What else there was in a week, in a few words; "" for nothing."""
    found = [
        (week.said_no, ngettext("%(num)d no", "%(num)d no", week.said_no)),
        (week.rested, ngettext("asleep once", "asleep %(num)d times", week.rested)),
        (week.elsewhere, ngettext("elsewhere once", "elsewhere %(num)d times", week.elsewhere)),
        (week.unmarked, ngettext("%(num)d not marked", "%(num)d not marked", week.unmarked)),
    ]
    return ", ".join(word for count, word in found if count)


def kind_word(kind: str) -> str:
    """What takes a resident up."""
    return {
        "meal": _("Meal"),
        "bath": _("Bath"),
        "care": _("Care"),
        "therapy": _("Therapy"),
        "hair": _("Hair"),
        "visit": _("Visitor"),
        "nap": _("Nap"),
        "outing": _("Out"),
        "appointment": _("Appointment"),
        "hospital": _("In hospital"),
        "bed": _("In bed"),
    }.get(kind, kind)


def noise_word(noise: int) -> str:
    """How much noise somebody bears."""
    return [_("only calm"), _("quiet talk"), _("some noise"), _("also loud")][noise]


def support_word(support: int) -> str:
    """How much of a helper somebody needs in a group."""
    return [_("nobody"), _("a helper now and then"), _("a helper nearby"), _("a helper beside them")][support]


def helps(who: Who) -> list[str]:
    """What makes it easy for somebody to come, shortest first: for whoever goes to ask."""
    them = by(who.pronoun, _("her"), _("him"), _("them"))
    best = [part_word(part) for part, value in who.times.items() if value > 1]
    found = [
        (who.wheelchair, _("the wheelchair")),
        (who.escort, _("somebody who brings %(them)s", them=them)),
        (who.support > 0, support_word(who.support)),
        (who.needs_familiar, _("a face that is known")),
        (who.noise_max < 2, _("a calm room")),
        (bool(best), ", ".join(best)),
    ]
    return [word for holds, word in found if holds]


def needs(who: Who) -> list[str]:
    """What somebody needs and cannot, a sentence each, without a full stop."""
    them = by(who.pronoun, _("her"), _("him"), _("them"))
    their = by(who.pronoun, _("her"), _("his"), _("their"))
    found = [
        (who.wheelchair, _("Comes in a wheelchair")),
        (who.escort, _("Somebody brings %(them)s", them=them)),
        (who.support > 0, _("Needs in a group: %(what)s", what=support_word(who.support))),
        (who.needs_familiar, _("Comes only where a known face is")),
        (who.stays_in_zone, _("Does not leave %(their)s part of the building", their=their)),
        (who.noise_max < 3, _("Bears %(what)s", what=noise_word(who.noise_max))),
        (bool(who.cannot), _("Is not asked to anything that takes %(what)s", what=listed(who.cannot))),
    ]
    return [word for holds, word in found if holds]


def rhythm(who: Who) -> list[str]:
    """What somebody's days are like, a sentence each, without a full stop."""
    found = [_like(part, value) for part, value in who.times.items() if value]
    if who.rest_minutes:
        found.append(ngettext("%(num)d minute of rest between", "%(num)d minutes of rest between", who.rest_minutes))
    if who.max_a_day is not None:
        found.append(
            ngettext("At most %(num)d thing a day", "At most %(num)d things a day", who.max_a_day)
            if who.max_a_day
            else _("Nothing on any day")
        )
    if who.sessions_max == 0:
        found.append(_("Asked for quiet: wants to be invited to nothing"))
    elif who.sessions_min and who.sessions_max is not None:
        found.append(_("%(least)s to %(most)s a week", least=who.sessions_min, most=who.sessions_max))
    elif who.sessions_min:
        found.append(ngettext("At least %(num)d thing a week", "At least %(num)d things a week", who.sessions_min))
    elif who.sessions_max is not None:
        found.append(ngettext("At most %(num)d thing a week", "At most %(num)d things a week", who.sessions_max))
    return found


def part_word(part: str) -> str:
    """A part of the day."""
    return {"morning": _("the morning"), "afternoon": _("the afternoon"), "evening": _("the evening")}.get(part, part)


def taken_when(taken: Taken) -> str:
    """ "Mon, Thu 09:15 to 09:45"; from and until when, where that is said."""
    if taken.on_date is not None:
        days = day_and_month(taken.on_date)
    elif taken.weekdays:
        days = ", ".join(weekday_word(day) for day in taken.weekdays)
    else:
        days = _("every day")
    hours = _("%(start)s to %(end)s", start=clock_time(taken.start_minute), end=clock_time(taken.end_minute))
    return f"{days} {hours}"


def weekday_word(day: int) -> str:
    """A day of the week, 0 = Monday, short."""
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")][day]


def period(first: date | None, last: date | None, today: date) -> str:
    """From when until when something holds, where that is not simply now: "from 7 December, until 4 January"."""
    begin = _("from %(day)s", day=_day(first, today)) if first is not None and first > today else ""
    end = _("until %(day)s", day=_day(last, today)) if last is not None else ""
    return ", ".join(word for word in (begin, end) if word)


def age_on(born_on: date, today: date) -> int:
    """How old somebody is on a day; who was born on 29 February is a year older on 1 March."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def since_word(came_on: date, today: date) -> str:
    """How long somebody has lived here."""
    days = (today - came_on).days
    if days < 0:
        return _("comes on %(day)s", day=day_and_month(came_on))
    if days < 14:
        return ngettext("here for %(num)d day", "here for %(num)d days", days) if days else _("here since today")
    if days < 120:
        return ngettext("here for %(num)d week", "here for %(num)d weeks", days // 7)
    return _("here since %(day)s", day=full_date(came_on))


def _like(part: str, value: int) -> str:
    word = part_word(part)
    if value > 1:
        return _("Best in %(part)s", part=word)
    if value > 0:
        return _("Rather in %(part)s", part=word)
    return _("Not in %(part)s", part=word) if value < -1 else _("Rather not in %(part)s", part=word)


def _day(day: date, today: date) -> str:
    return day_and_month(day) if abs((day - today).days) < 300 else full_date(day)
