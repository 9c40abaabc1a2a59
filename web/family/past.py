"""How it was, told from the day after: coming, a no to one thing, and sleep, each as it was seen."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from milieu.queries.family.kin import Kin
from milieu.queries.family.page import KinWeek
from milieu.queries.family.past import Was
from web.family.words import joined
from web.words.pronouns import by


def days_of(weeks: Sequence[KinWeek], *, is_one: bool) -> dict[date, list[str]]:
    """Of each day of which there is something to tell, that; what several did together is told once.

    `is_one`: the whole letter is about one resident, who needs no name.
    """
    by_day: dict[date, list[tuple[Kin, Sequence[Was]]]] = defaultdict(list)
    for week in weeks:
        for day in week.past or ():
            by_day[day.on_date].append((week.kin, day.things))
    return {day: _told(of_day, is_one, len(weeks)) for day, of_day in by_day.items()}


def _told(of_day: Sequence[tuple[Kin, Sequence[Was]]], is_one: bool, everybody: int) -> list[str]:
    together = _together(of_day) if len(of_day) > 1 else []
    refs = {thing.session_ref for thing in together}
    said = []
    if together:
        what = joined([thing.title for thing in together])
        if len(of_day) == 2 == everybody:
            said.append(_("Both went to %(what)s.", what=what))
        else:
            said.append(_("%(names)s went to %(what)s.", names=joined([kin.called for kin, _w in of_day]), what=what))
    for kin, things in of_day:
        said += _of_one(kin, [each for each in things if each.session_ref not in refs], is_one)
    return said


def _together(of_day: Sequence[tuple[Kin, Sequence[Was]]]) -> list[Was]:
    """What all of them went to."""
    came = [{each.session_ref for each in things if _went(each)} for _kin, things in of_day]
    shared = set.intersection(*came)
    return [each for each in of_day[0][1] if each.session_ref in shared]


def _went(each: Was) -> bool:
    return each.outcome == "attended" and not each.is_visit


def _of_one(kin: Kin, things: Sequence[Was], is_one: bool) -> list[str]:
    said = []
    if went := [each.title for each in things if _went(each)]:
        said.append(_sentence_went(kin, joined(went), is_one))
    if visited := [each.title for each in things if each.outcome == "attended" and each.is_visit]:
        said.append(_sentence_visited(kin, joined(visited), is_one))
    if declined := [each.title for each in things if each.outcome == "declined"]:
        said.append(_sentence_declined(kin, joined(declined), is_one))
    if slept := [each.title for each in things if each.outcome == "asleep"]:
        said.append(_sentence_rested(kin, joined(slept), is_one))
    return said


def _sentence_went(kin: Kin, what: str, is_one: bool) -> str:
    if not is_one:
        return _("%(name)s went to %(what)s.", name=kin.called, what=what)
    return by(
        kin.pronoun,
        _("She went to %(what)s.", what=what),
        _("He went to %(what)s.", what=what),
        _("They went to %(what)s.", what=what),
    )


def _sentence_visited(kin: Kin, what: str, is_one: bool) -> str:
    if not is_one:
        return _("One of the team was with %(name)s for %(what)s.", name=kin.called, what=what)
    return by(
        kin.pronoun,
        _("One of the team was with her for %(what)s.", what=what),
        _("One of the team was with him for %(what)s.", what=what),
        _("One of the team was with them for %(what)s.", what=what),
    )


def _sentence_declined(kin: Kin, what: str, is_one: bool) -> str:
    if not is_one:
        return _("%(name)s said no, thank you, to %(what)s.", name=kin.called, what=what)
    return by(
        kin.pronoun,
        _("She said no, thank you, to %(what)s.", what=what),
        _("He said no, thank you, to %(what)s.", what=what),
        _("They said no, thank you, to %(what)s.", what=what),
    )


def _sentence_rested(kin: Kin, what: str, is_one: bool) -> str:
    if not is_one:
        return _("%(name)s was resting at the time of %(what)s.", name=kin.called, what=what)
    return by(
        kin.pronoun,
        _("She was resting at the time of %(what)s.", what=what),
        _("He was resting at the time of %(what)s.", what=what),
        _("They were resting at the time of %(what)s.", what=what),
    )
