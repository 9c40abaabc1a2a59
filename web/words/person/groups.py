"""What a living group wants, in sentences."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from web.words.domains import domain


def aim_said(texts: Mapping[str, str]) -> str:
    """An aim in a sentence, from the texts of its form."""
    what = domain(texts["domain"]).word if texts["domain"] else _("whatever it is")
    said = ngettext(
        "%(what)s together, at least once a week, with %(members)s of them.",
        "%(what)s together, at least %(num)d times a week, with %(members)s of them.",
        int(texts["sessions_a_week"]),
        what=what,
        members=texts["members"],
    )
    return said[:1].upper() + said[1:]
