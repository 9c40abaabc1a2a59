"""What a director should look at in a week, in sentences that lead to the people or the page concerned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from milieu.queries.programme.resting import Resting
from milieu.queries.programme.turnout import Asking
from milieu.queries.ties.questions import Question
from milieu.queries.week.people_out import Share
from milieu.queries.week.runs import RunShown
from web.director.week.board import Board
from web.director.week.sources import Source, Stands
from web.words.times import day_and_month, weekday


@dataclass(frozen=True)
class Matter:
    """Something to look at: what is so, and where to go.

    `listed` are sentences that unfold, `each` matters that do, with where each of them leads.
    """

    said: str
    more: str = ""
    address: str = ""
    word: str = ""
    listed: tuple[str, ...] = ()
    each: tuple["Matter", ...] = ()


def matters(
    source: Source,
    board: Board,
    people: tuple[Share, ...],
    run: RunShown | None,
    today: date,
    stands: Stands | None,
    set_aside: int,
    loved: tuple[Resting, ...] = (),
    questions: tuple[Question, ...] = (),
    reminders: Sequence[Matter] = (),
    asking: Mapping[str, Asking] | None = None,
) -> list[Matter]:
    """What needs attention in a week, weightiest first; `stands` is how it does by the facts of now, None once over.

    `loved` is what rests after two noes though its resident loves it; `questions` are the ties of which it is time to
    ask whether they still hold, told without names; `reminders` are what waits whatever the week; `asking` says by
    activity how many may be asked by now.
    """
    is_over = source.last_day < today
    found = [
        _run_matter(run),
        _facts(source, stands),
        _sizes(source, asking or {}, today),
        _notes(source, run),
        _left_out(source, people, is_over),
        *_newcomers(source, people, today),
        _short(source, people, is_over),
        _days_with_nothing(source, people, is_over),
        _resting(source, people, loved),
        _questions(questions),
        *reminders,
        _empty_days(board, today),
        _set_aside(source, set_aside, today),
    ]
    return [matter for matter in found if matter is not None]


def _run_matter(run: RunShown | None) -> Matter | None:
    if run is None or run.state not in ("impossible", "failed"):
        return None
    said = (
        _("The last try found no week that keeps every rule.")
        if run.state == "impossible"
        else _("The last try to plan did not come to an end.")
    )
    return Matter(said, address=url_for("director.run", run_id=run.id), word=_("See why"))


def _facts(source: Source, stands: Stands | None) -> Matter | None:
    """What the facts of now say of the week, drafted or published."""
    if stands is None:
        return None
    is_draft = source.view == "draft"
    if stands.because:
        count = len(stands.because)
        more = (
            _("It cannot be published as it is: mend it by hand, or plan it again.")
            if is_draft
            else _("The next morning’s check mends what it can, within what you let it tell.")
        )
        address = "" if is_draft else url_for("director.choices", week_start=source.week_start)
        said = ngettext("%(num)d thing stands against it by now.", "%(num)d things stand against it by now.", count)
        return Matter(said, more, address, _("What can be done") if address else "", listed=stands.because)
    if not is_draft:
        return None
    if stands.has_changed:
        return Matter(_("Some facts have changed since this was planned; it still keeps every rule."))
    return Matter(_("No fact has changed since this was planned."))


def _sizes(source: Source, asking: Mapping[str, Asking], today: date) -> Matter | None:
    """Published groups to come to which more are asked than would be by now; nobody is uninvited for it."""
    if source.view != "published":
        return None
    told = tuple(
        ngettext(
            "%(activity)s on %(day)s: %(num)d is asked, by now at most %(most)s would be.",
            "%(activity)s on %(day)s: %(num)d are asked, by now at most %(most)s would be.",
            card.taken,
            activity=card.title,
            day=weekday(card.on_date),
            most=asking[card.activity_id].most,
        )
        for card in source.cards
        if card.on_date >= today and card.activity_id in asking and card.taken > asking[card.activity_id].most
    )
    if not told:
        return None
    said = ngettext(
        "%(num)d group asks more than it would by now.", "%(num)d groups ask more than they would by now.", len(told)
    )
    return Matter(said, _("They stay invited, unless you take somebody out."), listed=told)


def _notes(source: Source, run: RunShown | None) -> Matter | None:
    if run is None or source.view != "draft" or source.draft is None or run.id != source.draft.run_id or not run.notes:
        return None
    said = ngettext(
        "%(num)d demand was left out or lowered.", "%(num)d demands were left out or lowered.", len(run.notes)
    )
    return Matter(said, listed=run.notes)


def _left_out(source: Source, people: tuple[Share, ...], is_over: bool) -> Matter | None:
    none = [person for person in people if person.band == "none"]
    if not source.view or not people:
        return None
    if not none:
        return _few(source, people, is_over)
    quiet = sum(person.wants_none for person in none)
    count = len(none)
    said = ngettext("%(num)d person is invited to nothing.", "%(num)d people are invited to nothing.", count)
    if is_over:
        said = ngettext("%(num)d person was invited to nothing.", "%(num)d people were invited to nothing.", count)
    more = ""
    if quiet == count:
        more = ngettext("This person asked for quiet.", "All of them asked for quiet.", count)
    elif quiet:
        more = ngettext("%(num)d of them asked for quiet.", "%(num)d of them asked for quiet.", quiet)
    return Matter(said, more, _people(source, "none"), ngettext("Who is it?", "Who are they?", count))


def _few(source: Source, people: tuple[Share, ...], is_over: bool) -> Matter:
    """Nobody is left out: good news only as far as it goes."""
    few = [person for person in people if person.band == "few"]
    if not few:
        return Matter(_("Everybody was invited to something.") if is_over else _("Everybody is invited to something."))
    count, enough = len(few), sum(person.has_enough for person in few)
    said = ngettext(
        "%(num)d person has only one to four invitations.", "%(num)d people have only one to four invitations.", count
    )
    if is_over:
        said = ngettext(
            "%(num)d person had only one to four invitations.",
            "%(num)d people had only one to four invitations.",
            count,
        )
    more = ngettext("%(num)d of them wants no more.", "%(num)d of them want no more.", enough) if enough else ""
    return Matter(said, more, _people(source, "few"), ngettext("Who is it?", "Who are they?", count))


def _newcomers(source: Source, people: tuple[Share, ...], today: date) -> list[Matter]:
    """Who came in the middle of the week and has nothing to go to yet, while there are days left."""
    if not source.view or source.last_day < today:
        return []
    return [
        Matter(
            _("%(name)s came on %(day)s and is invited to nothing yet.", name=each.name, day=weekday(each.came_on)),
            address=url_for("director.resident", resident_id=each.resident_id, week=source.week_start),
            word=_("To the person"),
        )
        for each in people
        if each.came_on is not None and each.went_on is None and not each.count and not each.wants_none
    ]


def _short(source: Source, people: tuple[Share, ...], is_over: bool) -> Matter | None:
    count = sum(person.is_short for person in people)
    if not source.view or not count:
        return None
    said = ngettext(
        "%(num)d person is invited to less than they wish.", "%(num)d people are invited to less than they wish.", count
    )
    if is_over:
        said = ngettext(
            "%(num)d person was invited to less than they wish.",
            "%(num)d people were invited to less than they wish.",
            count,
        )
    return Matter(said, "", _people(source, "short"), ngettext("Who is it?", "Who are they?", count))


def _days_with_nothing(source: Source, people: tuple[Share, ...], is_over: bool) -> Matter | None:
    """Whose invitations lie close together, so that days pass with nothing: a hand can spread them."""
    count = sum(person.has_empty_days for person in people)
    if not source.view or not count:
        return None
    said = ngettext(
        "%(num)d person has nothing on three days running.", "%(num)d people have nothing on three days running.", count
    )
    if is_over:
        said = ngettext(
            "%(num)d person had nothing on three days running.",
            "%(num)d people had nothing on three days running.",
            count,
        )
    return Matter(said, "", _people(source, "empty"), ngettext("Who is it?", "Who are they?", count))


def _resting(source: Source, people: tuple[Share, ...], loved: tuple[Resting, ...]) -> Matter | None:
    """Whom to have a word with: a love that was declined twice, and is not asked for now."""
    names = {person.resident_id: person.name for person in people}
    told = tuple(
        _(
            "%(name)s loves %(activity)s and said no to it twice: not asked again before %(day)s.",
            name=names[each.resident_id],
            activity=each.activity,
            day=day_and_month(each.asked_again),
        )
        for each in loved
    )
    if len(told) > 1:
        said = ngettext(
            "%(num)d time somebody said no twice to what they love; it rests.",
            "%(num)d times somebody said no twice to what they love; it rests.",
            len(told),
        )
        return Matter(said, _("Perhaps ask them why."), listed=told)
    return (
        Matter(
            told[0],
            _("Perhaps ask them why."),
            url_for("director.resident", resident_id=loved[0].resident_id, week=source.week_start),
            _("To the person"),
        )
        if told
        else None
    )


def _questions(questions: tuple[Question, ...]) -> Matter | None:
    """What was noted of two people and is to be looked at again; who they are stands on the living group's page."""
    if not questions:
        return None
    count = len(questions)
    said = ngettext(
        "%(num)d note about two people is to be looked at again: does it still hold?",
        "%(num)d notes about two people each are to be looked at again: do they still hold?",
        count,
    )
    address = url_for("ground.living_group", living_group_id=questions[0].living_group_id, _anchor="help")
    return Matter(said, address=address, word=_("To %(group)s", group=questions[0].living_group))


def _empty_days(board: Board, today: date) -> Matter | None:
    empty = [day.on_date for day in board.days if not day.group_count and day.on_date >= today]
    if not empty or not board.group_count:
        return None
    names = [weekday(day) for day in empty]
    listed = names[0] if len(names) == 1 else _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])
    return Matter(_("There is no group on %(days)s.", days=listed))


def _set_aside(source: Source, count: int, today: date) -> Matter | None:
    if not count or source.last_day < today:
        return None
    said = ngettext("%(num)d draft is set aside.", "%(num)d drafts are set aside.", count)
    return Matter(said, "", url_for("director.drafts", week_start=source.week_start), _("Compare the drafts"))


def _people(source: Source, band: str) -> str:
    return url_for("director.people", week=source.week_start.isoformat(), view=source.view, band=band)
