"""Who misses what, why, and what a way of mending it asks of others, in words."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.services.left_out.missing import MET
from milieu.services.left_out.ways import CALLED_OFF, INSTEAD, LEAVE, VISIT, KeptOut, Way
from milieu.services.left_out.weeks import Missing
from web.words.times import clock_time, day_and_month, weekday


def kind_word(kind: str) -> str:
    """What somebody misses."""
    return {
        "nothing": _("Nothing this week"),
        "little": _("Less than they wish"),
        "unloved": _("Nothing they love"),
        "unknown": _("Nobody they like in any group"),
        "refused": _("Said no to everything of late"),
        "new": _("New, few groups met yet"),
    }[kind]


def why_missing(each: Missing) -> list[str]:
    """The facts beside it, a sentence each."""
    said = []
    if "unloved" in each.kinds or "nothing" in each.kinds or "little" in each.kinds:
        said += [_kept_out(cause) for cause in each.kept_out]
    if "unknown" in each.kinds:
        said.append(
            ngettext(
                "Likes to be with %(num)d person, who is in none of these groups.",
                "Likes to be with %(num)d people, none of whom is in any of these groups.",
                each.friends,
            )
            if each.friends
            else _("We know of nobody yet whom they like to be with.")
        )
    if "refused" in each.kinds:
        said.append(_("Said no to everything in the four weeks before, %(count)s in all.", count=each.noes))
    if each.arrived is not None and "new" in each.kinds:
        said.append(
            _(
                "Came on %(day)s. Groups met before this week: %(met)s of %(all)s.",
                day=day_and_month(each.arrived),
                met=each.met,
                all=MET,
            )
        )
    return said


def _kept_out(cause: KeptOut) -> str:
    what = cause.title
    if cause.on_date is not None:
        what = _(
            "%(title)s (%(day)s %(time)s)", title=what, day=weekday(cause.on_date), time=clock_time(cause.start_minute)
        )
    return _("%(what)s: %(why)s.", what=what, why=in_the_way(cause.code))


def in_the_way(code: str) -> str:
    """What keeps somebody from what they love, by the code of `KeptOut`; it stands after a colon or a number."""
    return {
        CALLED_OFF: _("the staff have said that it cannot be held"),
        "out_not_held": _("not held this week"),
        "out_past": _("it has been held already"),
        "out_closed": _("a no, a limit or a closed group speaks against it"),
        "out_pinned": _("somebody fixed that they are not in it"),
        "out_place": _("it is where, or led by whom, they do not go"),
        "out_loud": _("louder than they bear"),
        "out_busy": _("they are taken up at that time"),
        "out_clash": _("they are at something else then, or have enough that day"),
        "out_company": _("somebody is there from whom they are kept apart"),
        "out_help": _("nobody is left to help or walk with them"),
        "out_full": _("no place is left"),
        "out_could": _("nothing speaks against it"),
    }[code]


def way_word(way: Way) -> str:
    """What it is."""
    return _(
        "%(title)s, %(day)s %(time)s", title=way.title, day=weekday(way.on_date), time=clock_time(way.start_minute)
    )


def way_asks(way: Way, names: Mapping[str, str]) -> str:
    """What it asks of them and of others."""
    if way.kind == VISIT:
        said = _("A visit more; somebody is free for it.")
    elif way.kind == LEAVE:
        said = _("Instead of %(title)s.", title=way.leaves_title)
    elif way.kind == INSTEAD:
        said = _("In the place of %(name)s, who has enough besides.", name=names.get(way.instead, ""))
    else:
        said = _("A place is free. Nobody moves.")
    if way.has_neighbour:
        said = f"{said} {_('Somebody from their own living group is there.')}"
    less = _named(way.less, names)
    return f"{said} {_('A little less good for %(names)s.', names=less)}" if less else said


def _named(people: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(names.get(each, "") for each in people))
