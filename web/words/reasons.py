"""Why somebody is invited, in words: one true sentence for the team or for a family.

Another resident is never named. A family reads what `milieu.reasons.audience_of` says is for anybody: nothing that
hints at another resident, nothing of how the week was shared out, and nothing of care plans and aims, which are health
matters that consent to a calendar does not open.
"""

from collections.abc import Callable, Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.reasons import FAVOURITE, LIKED, LOVED, Reason, audience_of
from web.words.domains import domain
from web.words.pronouns import by

TEAM, FAMILY = "team", "family"
MOST = 2
_LEAST = {"wish": LIKED, "time": FAVOURITE}


def sentence(reasons: Iterable[Reason], pronoun: str, audience: str = TEAM, *, is_visit: bool = False) -> str:
    """The weightiest reasons as one sentence, "" where there is none that the audience may read.

    `is_visit`: it is a visit of the team's, which nobody leads.
    """
    told = [
        reason
        for reason in reasons
        if (audience == TEAM or audience_of(reason.code) == "anybody") and reason.amount >= _LEAST.get(reason.code, 0)
    ]
    clauses = [
        _visitor(pronoun) if is_visit and reason.code == "familiar" else _CLAUSES[reason.code](reason, pronoun)
        for reason in told[:MOST]
    ]
    if not clauses:
        return ""
    first = clauses[0][0].upper() + clauses[0][1:]
    if len(clauses) == 1:
        return _("%(clause)s.", clause=first)
    return _("%(first)s, and %(second)s.", first=first, second=clauses[1])


def _care_plan(reason: Reason, who: str) -> str:
    return by(who, _("her care plan asks for it"), _("his care plan asks for it"), _("their care plan asks for it"))


def _birthday(reason: Reason, who: str) -> str:
    return by(
        who,
        _("it is for her birthday"),
        _("it is for his birthday"),
        _("it is for their birthday"),
    )


def _new(reason: Reason, who: str) -> str:
    return by(
        who,
        _("she is new here, and it is a small group"),
        _("he is new here, and it is a small group"),
        _("they are new here, and it is a small group"),
    )


def _wish(reason: Reason, who: str) -> str:
    """Whose word it is decides how it is said: what was only seen is never told as what somebody said."""
    is_loved = reason.amount >= LOVED
    if reason.said_by == "resident":
        if is_loved:
            return by(who, _("she loves it"), _("he loves it"), _("they love it"))
        return by(who, _("she likes it"), _("he likes it"), _("they like it"))
    if reason.said_by == "relative":
        if is_loved:
            return by(
                who,
                _("her family says she loves it"),
                _("his family says he loves it"),
                _("their family says they love it"),
            )
        return by(
            who,
            _("her family says she likes it"),
            _("his family says he likes it"),
            _("their family says they like it"),
        )
    return by(who, _("she seems to enjoy it"), _("he seems to enjoy it"), _("they seem to enjoy it"))


def _aim(reason: Reason, who: str) -> str:
    word = domain(reason.domain or "").word
    return by(
        who,
        _("it serves an aim of hers (%(domain)s)", domain=word),
        _("it serves an aim of his (%(domain)s)", domain=word),
        _("it serves an aim of theirs (%(domain)s)", domain=word),
    )


def _company(reason: Reason, who: str) -> str:
    return by(who, _("someone she likes is there"), _("someone he likes is there"), _("someone they like is there"))


def _familiar(reason: Reason, who: str) -> str:
    return by(who, _("she knows who leads it"), _("he knows who leads it"), _("they know who leads it"))


def _visitor(who: str) -> str:
    return by(who, _("she knows who comes"), _("he knows who comes"), _("they know who comes"))


def _time(reason: Reason, who: str) -> str:
    return by(
        who,
        _("it is her favourite time of the day"),
        _("it is his favourite time of the day"),
        _("it is their favourite time of the day"),
    )


def _group_aim(reason: Reason, who: str) -> str:
    return by(
        who,
        _("it brings her living group together"),
        _("it brings his living group together"),
        _("it brings their living group together"),
    )


def _fair(reason: Reason, who: str) -> str:
    if reason.amount == 0:
        return by(
            who,
            _("she is invited to nothing else this week"),
            _("he is invited to nothing else this week"),
            _("they are invited to nothing else this week"),
        )
    return by(
        who,
        _("she is invited to little else this week"),
        _("he is invited to little else this week"),
        _("they are invited to little else this week"),
    )


def _kept(reason: Reason, who: str) -> str:
    return by(who, _("she was invited before"), _("he was invited before"), _("they were invited before"))


def _needed(reason: Reason, who: str) -> str:
    return ngettext(
        "the group needs %(num)d person to take place",
        "the group needs %(num)d people to take place",
        max(1, reason.amount),
    )


def _open(reason: Reason, who: str) -> str:
    return _("there is a free place and nothing speaks against it")


_CLAUSES: dict[str, Callable[[Reason, str], str]] = {
    "care_plan": _care_plan,
    "birthday": _birthday,
    "new": _new,
    "wish": _wish,
    "aim": _aim,
    "company": _company,
    "familiar": _familiar,
    "time": _time,
    "group_aim": _group_aim,
    "fair": _fair,
    "kept": _kept,
    "needed": _needed,
    "open": _open,
}
