"""How a rule of an authority stands in a month, in words. No resident is named."""

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.services.programme.packs import AHEAD, EVENINGS, HOURS, WEEKENDS
from milieu.services.programme.rules import BROKEN, HOLDS, RuleState
from web.words.domains import domain
from web.words.times import day_and_month

_OF_WEEKS = frozenset({AHEAD, EVENINGS, HOURS, WEEKENDS})


def state_word(state: RuleState) -> str:
    """One or two words."""
    if state.state == HOLDS:
        return _("holds")
    return _("does not hold") if state.state == BROKEN else _("holds so far")


def what_broke(state: RuleState) -> str:
    """Where it does not hold, or what is still to come; "" where there is nothing to say."""
    if state.domains:
        return _("Not on yet: %(domains)s.", domains=", ".join(domain(each).word for each in state.domains))
    if not state.days:
        return ""
    days = ", ".join(day_and_month(day) for day in state.days)
    if state.people:
        count = len(state.people)
        return ngettext("%(num)d person, on %(days)s.", "%(num)d people, on %(days)s.", count, days=days)
    if state.rule.measure in _OF_WEEKS:
        return ngettext("The week of %(days)s.", "The weeks of %(days)s.", len(state.days), days=days)
    return _("On %(days)s.", days=days)
