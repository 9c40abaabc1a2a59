"""The words of ties: what one is called, alone and between two people, and what would help, as sentences."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.residents.people import Person
from milieu.queries.ties.help import Common, Help
from milieu.queries.ties.likely import Likely
from web.words.times import day_and_month


def kind_word(kind: str) -> str:
    """A tie in a word or two, as it stands in a legend or after a name."""
    return {
        "friend": _("friends"),
        "couple": _("a couple"),
        "relative": _("relatives"),
        "neighbour": _("neighbours"),
        "shares": _("share a language or a past"),
        "helps": _("one helps the other"),
        "meet": _("might get on: the next plans are asked to bring them together"),
        "uneasy": _("uneasy with each other"),
        "apart": _("kept apart"),
    }[kind]


def source_word(source: str) -> str:
    """How a tie is known, as a sentence; "" where the page itself is how."""
    return {
        "observed": _("Somebody saw it."),
        "told by resident": _("A resident said so."),
        "family": _("Their family said so."),
        "file": _("It came with the community’s lists."),
        "suggested": _("It was suggested, and somebody confirmed it."),
    }.get(source, "")


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
    """What they share with others: an activity, a part of the day, a corridor."""
    names = listed(other.called for other in common.others)
    if not common.activity:
        return ngettext(
            "%(names)s lives a few doors away.", "%(names)s live a few doors away.", len(common.others), names=names
        )
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
    if common.next_door:
        near = listed(other.called for other in common.next_door)
        said += " " + ngettext(
            "%(names)s lives a few doors away.", "%(names)s live a few doors away.", len(common.next_door), names=near
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
    if each.lives_close:
        said += " " + _("They live a few doors from each other.")
    return said
