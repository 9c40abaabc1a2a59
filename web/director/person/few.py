"""Why somebody has few invitations, in words."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.week.fewness import WhyFew


def why_few(found: Iterable[WhyFew]) -> tuple[str, ...]:
    """A short phrase for each fact: "wants at most 2 a week", "likes 1 of the 12 group activities of the week"."""
    return tuple(_phrase(reason) for reason in found)


def _phrase(reason: WhyFew) -> str:
    amount, among = reason.amount, reason.among
    if reason.code == "enough":
        return _("asked for quiet") if not amount else _("wants at most %(most)s a week", most=amount)
    if reason.code == "new":
        return _("new, we know little yet")
    if reason.code == "off":
        return ngettext(
            "%(num)d invitation to something that cannot be held",
            "%(num)d invitations to something that cannot be held",
            amount,
        )
    if reason.code == "no":
        return _("said no to %(amount)s of the %(among)s group activities of the week", amount=amount, among=among)
    if reason.code == "rests":
        return ngettext(
            "%(num)d of the %(among)s group activities of the week rests after two noes",
            "%(num)d of the %(among)s group activities of the week rest after two noes each",
            amount,
            among=among,
        )
    if reason.code == "kept":
        return _("is kept from %(amount)s of the %(among)s group activities by the chart", amount=amount, among=among)
    if reason.code == "cannot":
        return _("cannot do what %(amount)s of the %(among)s group activities ask", amount=amount, among=among)
    if not amount:
        return _("none of the %(among)s group activities of the week is known to be liked", among=among)
    return _("likes %(amount)s of the %(among)s group activities of the week", amount=amount, among=among)
