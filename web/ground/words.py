"""What would help somebody who knows nobody, and why two may be close, as sentences."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.residents.people import Person
from milieu.queries.ties.help import Common, Help
from milieu.queries.ties.likely import Likely
from web.words.person.pasts import both_sentence, shared_sentence
from web.words.times import day_and_month


def listed(names: Iterable[str]) -> str:
    """Ada, Ben and Cleo."""
    *first, last = names
    return _("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last


def alone_heading(help_: Help) -> str:
    """Who it is about, and how long they have been here."""
    if help_.came_on is not None:
        return _(
            "%(name)s, here since %(day)s, knows nobody here yet",
            name=help_.person.name,
            day=day_and_month(help_.came_on),
        )
    return _("%(name)s knows nobody here, as far as is noted", name=help_.person.name)


def common_sentence(person: Person, common: Common) -> str:
    """What they share with others: an activity, a part of the day, a past, a corridor."""
    said = [_liked(common)] if common.activity else []
    said += [
        shared_sentence(other.called, common.pasts[other.id]) for other in common.others if other.id in common.pasts
    ]
    if common.next_door:
        near = listed(other.called for other in common.next_door)
        said.append(
            ngettext(
                "%(names)s lives a few doors away.",
                "%(names)s live a few doors away.",
                len(common.next_door),
                names=near,
            )
        )
    return " ".join(said)


def _near(common: Common) -> str:
    names = listed(other.called for other in common.next_door)
    return ngettext(
        "%(names)s lives a few doors away.", "%(names)s live a few doors away.", len(common.next_door), names=names
    )


def _liked(common: Common) -> str:
    names = listed(other.called for other in common.others)
    said = ngettext(
        "%(names)s likes %(activity)s too.",
        "%(names)s like %(activity)s too.",
        len(common.others),
        names=names,
        activity=common.activity,
    )
    if common.part:
        said += (
            " "
            + {
                "morning": _("Mornings suit all of them."),
                "afternoon": _("Afternoons suit all of them."),
                "evening": _("Evenings suit all of them."),
            }[common.part]
        )
    return said


def likely_sentence(each: Likely) -> str:
    """Why two may be close: how often they were together, what both like, how near they live."""
    said = ngettext(
        "Together to the end once in eight weeks, in a small group; one of them or both came to %(either)s.",
        "Together to the end %(num)d times in eight weeks, in small groups; one of them or both came to %(either)s.",
        each.times,
        either=each.either,
    )
    if each.activity:
        said += " " + _("Both like %(activity)s.", activity=each.activity)
    if each.shared is not None:
        said += " " + both_sentence(each.shared)
    if each.lives_close:
        said += " " + _("They live a few doors from each other.")
    return said
