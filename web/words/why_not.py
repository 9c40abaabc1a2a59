"""Why somebody is not in a session: the rule behind each fact, and what speaks for them, in words for the director."""

from flask_babel import gettext as _

from milieu.reasons import LIKED, LOVED
from milieu.services.by_hand.ways import CALLED_OFF, JOINS, LEAVES, Move, Speaks
from web.words.times import clock_time, short_day

_RULES: dict[str, tuple[str, ...]] = {
    "room": ("seats", "wheelchairs", "group_large"),
    "once": ("busy", "resident_taken"),
    "enough": ("activity_twice", "too_soon", "resident_day", "resident_all"),
    "no": ("refuses_activity", "refuses_space", "refuses_facilitator"),
    "limit": ("avoids_activity", "avoids_space", "avoids_facilitator"),
    "open": ("only", "no_wish"),
    "loud": ("loud", "loud_then"),
    "apart": ("apart",),
    "help": ("support", "escorts"),
    "groups": ("cohorts", "zone"),
    "known": ("familiar",),
    "past": ("past_lost", "past_new"),
    "fixed": ("pin_absent",),
}
_KIND = {code: kind for kind, codes in _RULES.items() for code in codes}


def rule_said(code: str) -> str:
    """The rule, as everybody may know it."""
    return {
        "room": _("Nobody is asked to a room or a group that is full."),
        "once": _("Nobody is asked to be in two places at once, nor without time to rest and to get there."),
        "enough": _("Nobody is asked more often than is good for them."),
        "no": _("A no holds."),
        "limit": _("A limit in the chart holds, or it asks what they cannot do."),
        "open": _("Some groups are only for those who belong to them or wish for them."),
        "loud": _("Nobody is asked to what is too loud for them."),
        "apart": _("Two who are kept apart are never asked to the same group."),
        "help": _("Nobody is asked where there would be too few hands to help."),
        "groups": _("What an outbreak keeps apart is not mixed."),
        "known": _("Who needs a face that they know is not asked among strangers."),
        "past": _("What has taken place stays as it was."),
        "fixed": _("What somebody fixed stays."),
    }[_KIND[code]]


def speaking(speaks: Speaks) -> list[str]:
    """What speaks for somebody in a session, weightiest first, each a few words."""
    said = []
    if speaks.liking >= LOVED:
        said.append(_("loves it"))
    elif speaks.liking >= LIKED:
        said.append(_("likes it"))
    elif speaks.liking < 0:
        said.append(_("does not care for it"))
    if speaks.company:
        said.append(_("likes to be with %(names)s", names=", ".join(speaks.company)))
    told = {
        "why_wish": _("wishes for more invitations"),
        "why_little": _("is invited to little else"),
        "why_aim": _("it serves an aim of the care plan"),
        "why_time": _("it is at a good time of day"),
        "why_turn": _("has waited for it"),
    }
    return said + [word for code, word in told.items() if code in speaks.codes]


def move_said(move: Move) -> str:
    """What happens to somebody, or to a session, on a way in."""
    when = f"{short_day(move.session.on_date)} {clock_time(move.session.start_minute)}"
    about = {"title": move.session.title, "when": when, "name": move.name}
    return {
        JOINS: _("%(name)s is invited to %(title)s, %(when)s", **about),
        LEAVES: _("%(name)s is invited no more to %(title)s, %(when)s", **about),
        CALLED_OFF: _("%(title)s, %(when)s, is taken out of the week", **about),
    }[move.kind]
