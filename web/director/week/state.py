"""How far a week is, in one line: planned, published, checked."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.published.freshness import Freshness
from web.director.week.sources import Source, Stands
from web.words.times import local, when


def state_line(
    source: Source,
    stands: Stands | None,
    checked: Freshness | None,
    now: datetime,
    timezone: str,
    *,
    is_withdrawn: bool = False,
) -> str:
    """What a week's heading says below it; `is_withdrawn`: the week was published and taken back since."""
    if source.view == "draft" and source.draft is not None:
        pattern = _("Draft, begun by hand %(when)s") if source.draft.is_by_hand else _("Draft, planned %(when)s")
        planned = _when(pattern, source.draft.created_at, source.draft.created_by, now, timezone)
        if source.published is None:
            if source.last_day < local(now, timezone).date():
                return _("%(planned)s · it was not published", planned=planned)
            return _("%(planned)s · not published yet", planned=planned)
        if stands is None:
            return planned
        differs = ngettext(
            "%(num)d session differs from what is published",
            "%(num)d sessions differ from what is published",
            stands.differs,
        )
        return f"{planned} · {_('the same as what is published') if stands.is_same else differs}"
    if source.published is None:
        if is_withdrawn:
            return _("Nothing is published any more")
        is_past = source.last_day < local(now, timezone).date()
        return _("Nothing was planned") if is_past else _("Nothing is planned yet")
    made = source.published
    if made.is_withdrawn:
        return _when(_("Withdrawn %(when)s"), made.published_at, made.published_by, now, timezone)
    if made.is_repair or not made.is_changed:
        said = _when(_("Published %(when)s"), made.first_at, "" if made.is_repair else made.published_by, now, timezone)
    else:
        anew = _when(_("Published anew %(when)s"), made.published_at, made.published_by, now, timezone)
        said = _("%(anew)s, first %(when)s", anew=anew, when=when(made.first_at, now, timezone))
    short = _("the check had little time; it is done again as soon as there is room")
    again = short if checked is not None and checked.is_short else ""
    return " · ".join(filter(None, (said, _check(source, checked, now, timezone), again)))


def _when(pattern: str, moment: datetime, by: str, now: datetime, timezone: str) -> str:
    said = pattern % {"when": when(moment, now, timezone)}
    return _("%(said)s by %(name)s", said=said, name=by) if by else said


def _check(source: Source, checked: Freshness | None, now: datetime, timezone: str) -> str:
    made = source.published
    if made is None:
        return ""
    if checked is not None and checked.check == "unchanged" and checked.checked_at is not None:
        return _("checked %(when)s, nothing has changed", when=when(checked.checked_at, now, timezone))
    if made.is_repair:
        return _("mended %(when)s", when=when(made.published_at, now, timezone))
    return ""


def stale_line(checked: Freshness | None, now: datetime, timezone: str) -> str:
    """What a page says above everything when it shows something older than it should; "" where it does not."""
    if checked is None or not checked.is_stale:
        return ""
    shown = when(checked.published_at, now, timezone)
    if checked.check == "kept":
        return _("No week keeps every rule this morning. The published one is from %(when)s.", when=shown)
    if checked.check == "asked":
        return _(
            "This morning’s check waits for you: choose on Changes. The published week is from %(when)s.", when=shown
        )
    return _("This morning’s check has not come. The published week is from %(when)s.", when=shown)
