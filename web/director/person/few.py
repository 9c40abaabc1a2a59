"""Why somebody has few invitations, in words."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.week.fewness import Ground


def why_few(found: Iterable[Ground]) -> tuple[str, ...]:
    """A short phrase for each fact: "wants at most 2 a week", "likes 1 of the 12 group activities of the week"."""
    return tuple(_phrase(ground) for ground in found)


def _phrase(ground: Ground) -> str:
    amount, among = ground.amount, ground.among
    if ground.code == "enough":
        return _("asked for quiet") if not amount else _("wants at most %(most)s a week", most=amount)
    if ground.code == "new":
        return _("new, we know little yet")
    if ground.code == "off":
        return ngettext(
            "%(num)d invitation to something that cannot be held",
            "%(num)d invitations to something that cannot be held",
            amount,
        )
    if ground.code == "no":
        return _("said no to %(amount)s of the %(among)s group activities of the week", amount=amount, among=among)
    if ground.code == "rests":
        return ngettext(
            "%(num)d of the %(among)s group activities of the week rests after two noes",
            "%(num)d of the %(among)s group activities of the week rest after two noes each",
            amount,
            among=among,
        )
    if ground.code == "kept":
        return _("is kept from %(amount)s of the %(among)s group activities by the chart", amount=amount, among=among)
    if ground.code == "cannot":
        return _("cannot do what %(amount)s of the %(among)s group activities ask", amount=amount, among=among)
    if not amount:
        return _("none of the %(among)s group activities of the week is known to be liked", among=among)
    return _("likes %(amount)s of the %(among)s group activities of the week", amount=amount, among=among)
