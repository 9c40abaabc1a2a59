"""What publications, drafts and scenarios are called beside each other."""

from collections.abc import Mapping

from flask_babel import gettext as _

from milieu.queries.history.issues import Issue
from milieu.services.weeks.editions import REPAIR, WITHDRAWN
from milieu.services.weeks.history.comparing import PUBLICATION, Version
from milieu.services.what_if.supposing import read_supposed
from web.words.insight.what_if import supposed_word


def issue_word(issue: Issue) -> str:
    """How a publication came about, and by whom."""
    if issue.kind == REPAIR:
        return _("Mended by %(name)s", name=issue.by) if issue.by else _("Mended by the clock")
    if issue.kind == WITHDRAWN:
        return _("Withdrawn by %(name)s", name=issue.by) if issue.by else _("Withdrawn")
    if issue.is_first:
        return _("First published by %(name)s", name=issue.by) if issue.by else _("First published")
    return _("Published anew by %(name)s", name=issue.by) if issue.by else _("Published anew")


def version_word(version: Version, names: Mapping[str, str]) -> str:
    """What a version is, without when; `names` are of the things that a scenario supposes something of, by id."""
    if version.kind == PUBLICATION:
        word = {REPAIR: _("mended"), WITHDRAWN: _("withdrawn")}.get(version.issued_as, _("published"))
        return _("Publication %(number)s, %(what)s", number=version.number, what=word)
    if version.supposed is not None:
        return _("What if: %(what)s", what=supposed_word(read_supposed(version.supposed), names))
    return {"draft": _("The draft"), "set aside": _("Draft set aside"), "choice": _("A choice that was offered")}.get(
        version.kind, _("A scenario")
    )
