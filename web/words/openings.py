"""What speaks for somebody who could come too, in a few words each: for whoever invites, never for a family."""

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.reasons import LIKED, LOVED
from milieu.services.weeks.openings import Candidate

FEW = 4


def what_speaks_for(each: Candidate) -> tuple[str, ...]:
    """The reasons, weightiest first; that nothing speaks against it where there is no other."""
    said = []
    if each.freed_by:
        said.append(_("free at this time: %(title)s is not held", title=each.freed_by))
    if each.liking >= LOVED:
        said.append(_("loves it"))
    elif each.liking >= LIKED:
        said.append(_("likes it"))
    if each.sits_well_with:
        said.append(_("sits well with %(names)s", names=", ".join(each.sits_well_with)))
    if each.invitations <= FEW:
        little = ngettext("%(num)d invitation this week", "%(num)d invitations this week", each.invitations)
        said.append(little if each.invitations else _("invited to nothing this week"))
    return tuple(said) or (_("nothing speaks against it"),)
