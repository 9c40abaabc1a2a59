"""Publishing a draft: first what it changes for whom, then, on a second click, the deed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.queries.week.outcomes import still_held
from milieu.queries.week.people_out import Share, shares
from milieu.services.weeks.changes import PersonChange, SessionChange
from milieu.services.weeks.publishing import MOST_REASON, Outlook, look_ahead, make_ready, publish
from milieu.services.weeks.requests import Answer
from milieu.services.weeks.told import last_changes
from web.binding import now, reader
from web.director.blueprint import blueprint
from web.director.plans.before import look_before
from web.director.week.sources import Source, became_of, find_source
from web.forms import once, seen_version
from web.guards.principal import principal
from web.pages import page
from web.words.times import today_in


@dataclass(frozen=True)
class PersonShown:
    """Somebody for whom something changes; `where` tells two of one name apart."""

    resident_id: str
    name: str
    where: str
    changes: tuple[PersonChange, ...]


@dataclass(frozen=True)
class SessionShown:
    """A session that changes; `said` are its people, its room and who leads it, where they do."""

    change: SessionChange
    said: tuple[str, ...]


@blueprint.get("/week/<day:week_start>/publish")
def publish_week(week_start: date) -> Response:
    """What publishing the week's draft would change, and for whom."""
    source = find_source(reader(), principal().community_id, week_start, "draft")
    if source.draft is None:
        return redirect(url_for("director.week", week_start=week_start))
    return _preview(source)


@blueprint.post("/week/<day:week_start>/publish")
def publish_now(week_start: date) -> Response:
    """Publish the draft that the form was made from; where it has changed since, show the new one instead."""
    somebody, plan_id, version = principal(), request.form.get("plan", ""), seen_version()

    def work(db: DbSession) -> Answer:
        publish(
            db,
            somebody.community_id,
            plan_id,
            version=version,
            by=somebody.account_id,
            now=now(),
            reason=request.form.get("reason", ""),
        )
        address = url_for("director.week", week_start=week_start, view="published")
        return Answer(address, _("Published. Everybody sees it from now on."))

    make_ready(reader(), somebody.community_id, plan_id, now())
    try:
        return once(work)
    except Conflict as refused:
        source = find_source(reader(), somebody.community_id, week_start, "draft")
        if source.draft is None:
            raise
        return _preview(source, refused)


@blueprint.get("/week/<day:week_start>/changes")
def changes(week_start: date) -> Response:
    """What the newest publication of a week changed, and why, as it was kept when it was made."""
    somebody, db = principal(), reader()
    source = find_source(db, somebody.community_id, week_start, "published")
    last = last_changes(db, somebody.community_id, week_start)
    told = last.changes.sessions if last else ()
    named = {resident for each in told if each.is_visit for resident in each.residents}
    return page(
        "director/plans/changes.html",
        nav="director.this_week",
        source=source,
        is_past=source.last_day < today_in(somebody.timezone, now()),
        last=last,
        sessions=sessions_shown(told),
        shows=sorted(named | {resident for each in told for resident in each.about}),
    )


def _preview(source: Source, refused: Conflict | None = None) -> Response:
    assert source.draft is not None
    somebody, db = principal(), reader()
    outlook = look_ahead(db, somebody.community_id, source.draft.id, now())
    became = became_of(db, somebody.community_id, source)
    held = still_held(source.cards, became)
    people = shares(db, somebody.community_id, source.week_start, held)
    before = look_before(db, somebody.community_id, source.week_start, held, people, today_in(somebody.timezone, now()))
    shown = _people(outlook, people)
    short = sorted((share for share in people if share.count < share.wished), key=lambda share: share.name)
    named = [] if outlook.changes.is_first else [person.resident_id for person in shown]
    return page(
        "director/plans/publish.html",
        status=409 if refused else 200,
        nav="director.this_week",
        source=source,
        draft=source.draft,
        outlook=outlook,
        people=shown,
        summary=_summary(outlook),
        off=[card for card in source.cards if card.ref in became],
        refused=refused,
        sessions=() if outlook.changes.is_first else sessions_shown(outlook.changes.sessions),
        short=short,
        before=before,
        most=MOST_REASON,
        shows=[*named, *(share.resident_id for share in short), *before.about],
        groups=sum(not card.is_visit for card in source.cards),
        visits=sum(card.is_visit for card in source.cards),
        invited=sum(share.count > 0 for share in people),
        invitations=sum(share.count for share in people),
    )


def sessions_shown(changes: Iterable[SessionChange]) -> tuple[SessionShown, ...]:
    """Sessions that change, each with what is said of it."""
    return tuple(SessionShown(each, tuple(about(each))) for each in changes)


def about(change: SessionChange) -> Iterator[str]:
    """Whom a session's change concerns, and what else of it changes."""
    stay, asked, left = len(change.stay), len(change.asked), len(change.left)
    if change.is_visit:
        pass  # its people are named beside it
    elif change.kind == "new":
        yield ngettext("%(num)d person is invited", "%(num)d people are invited", asked)
    elif change.kind == "cancelled":
        yield ngettext("%(num)d person was invited", "%(num)d people were invited", left)
    else:
        if asked or left:
            yield ngettext("%(num)d person stays", "%(num)d people stay", stay)
        else:
            yield ngettext("%(num)d person", "%(num)d people", stay)
        if asked:
            yield _("%(num)d new", num=asked)
        if left:
            yield ngettext("%(num)d no longer invited", "%(num)d no longer invited", left)
    before, after = change.before, change.after
    if before and after and before.space != after.space:
        yield f"{before.space} → {after.space}"
    if before and after and change.has_other_leaders:
        nobody = _("nobody")
        was, now_led = ", ".join(before.leaders) or nobody, ", ".join(after.leaders) or nobody
        yield _("led by %(now)s instead of %(before)s", now=now_led, before=was)


def _people(outlook: Outlook, people: tuple[Share, ...]) -> list[PersonShown]:
    """Those for whom something changes, those told otherwise first."""
    where = {share.resident_id: f"{share.unit.name} · {share.room}" for share in people}
    by_person: dict[str, list[PersonChange]] = {}
    for change in outlook.changes.people:
        by_person.setdefault(change.resident_id, []).append(change)
    shown = [
        PersonShown(resident_id, changes[0].name, where.get(resident_id, ""), tuple(changes))
        for resident_id, changes in by_person.items()
    ]
    return sorted(shown, key=lambda person: (all(each.kind == "new" for each in person.changes), person.name))


def _summary(outlook: Outlook) -> list[str]:
    """What changes, counted, in sentences."""
    counts = outlook.changes.counts
    gone, back, moved = counts["cancelled"], counts["withdrawn"], counts["moved"]
    room, new = counts["relocated"], counts["new"]
    told = [
        (
            gone,
            ngettext("%(num)d invitation falls away with its session", "%(num)d fall away with their sessions", gone),
        ),
        (back, ngettext("%(num)d invitation is taken back", "%(num)d invitations are taken back", back)),
        (moved, ngettext("%(num)d invitation moves to another time", "%(num)d move to another time", moved)),
        (room, ngettext("%(num)d invitation moves to another room", "%(num)d move to another room", room)),
        (new, ngettext("%(num)d invitation is new", "%(num)d invitations are new", new)),
    ]
    return [sentence for count, sentence in told if count]
