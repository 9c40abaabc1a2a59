"""The living groups: a list of them, and of each who lives there, who is close to whom and what would help."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.queries.residents.people import Person, residents_here
from milieu.queries.ties.answers import MEET, NEVER, NOT_NOW, TIE, YES
from milieu.queries.ties.bonds import DIRECTOR, Bond
from milieu.queries.ties.likely import LEAST_TIMES
from milieu.queries.ties.living_group import (
    LivingGroupShown,
    living_group_lines,
    require_living_group,
    show_living_group,
)
from milieu.services.suggestions import answer, hope_no_more, hope_to_meet
from milieu.services.ties import APART, KINDS, Told, note_tie
from milieu.services.weeks.requests import Answer
from web.binding import now, reader
from web.forms import once, teller
from web.ground.blueprint import blueprint
from web.ground.drawing import draw
from web.ground.measured import minis
from web.ground.wants import wanted_said
from web.ground.words import alone_heading, common_sentence, likely_sentence, listed
from web.guards.principal import principal
from web.pages import page
from web.words.person.ties import kind_word
from web.words.times import today_in


@dataclass(frozen=True)
class Row:
    """A member in the table: ties within the group and beyond it, and who was together with them lately, how often."""

    person: Person
    close: tuple[tuple[Bond, Person], ...]
    beyond: tuple[tuple[Bond, Person], ...]
    strained: tuple[tuple[Bond, Person], ...]
    hoped: tuple[tuple[Bond, Person], ...]
    together: tuple[tuple[Person, int], ...]
    is_bridge: bool


@blueprint.get("/living-groups")
def living_groups() -> Response:
    """Every living group, with how many have somebody there."""
    somebody = principal()
    today = today_in(somebody.timezone, now())
    lines = living_group_lines(reader(), somebody.community_id, today=today, seen_by=DIRECTOR)
    return page("ground/living_groups.html", nav="ground.living_groups", lines=lines)


@blueprint.get("/living-groups/<living_group_id>")
def living_group(living_group_id: str) -> Response:
    """One living group: the drawing of its ties, the same as a table, and what would help.

    `?beyond=1`: ties may be noted to people of other living groups, who are named for that.
    """
    return group_page(living_group_id)


def group_page(living_group_id: str, refused: Invalid | Conflict | None = None) -> Response:
    """The page, with what was wrong with a tie that was to be noted."""
    somebody, db = principal(), reader()
    today = today_in(somebody.timezone, now())
    shown = show_living_group(db, somebody.community_id, living_group_id, today=today, seen_by=DIRECTOR)
    typed = request.form if refused else {}
    inside = {person.id for person in shown.members}
    is_beyond = bool(request.args.get("beyond")) or typed.get("other", "") not in {"", *inside}
    rows = [_row(shown, person) for person in shown.members]
    everybody = residents_here(db, somebody.community_id, today) if is_beyond else shown.members
    return page(
        "ground/living_group.html",
        status=200 if refused is None else 409 if isinstance(refused, Conflict) else 422,
        nav="ground.living_groups",
        shows=list(dict.fromkeys([*shown.people, *(person.id for person in everybody)])),
        everybody=everybody,
        is_beyond=is_beyond,
        kinds=kinds_offered(),
        asking=[bond for bond in shown.bonds if bond.asks(today)],
        typed=typed,
        wanted=wanted_said(db, living_group_id, today),
        refused=refused,
        shown=shown,
        today=today,
        drawing=draw(shown),
        rows=rows,
        beyond={row.person.id: [other.called for _bond, other in row.beyond] for row in rows},
        minis=minis(shown.weeks),
        kind_word=kind_word,
        listed=listed,
        alone_heading=alone_heading,
        common_sentence=common_sentence,
        likely_sentence=likely_sentence,
        least_times=LEAST_TIMES,
        hanging=[
            (shown.people[bridge.resident_id], sorted(shown.people[who].called for who in bridge.part))
            for bridge in shown.bridges
        ],
    )


@blueprint.post("/living-groups/<living_group_id>/meet/<resident_id>")
def ask_to_meet(living_group_id: str, resident_id: str) -> Response:
    """Ask the next plans to bring somebody together with others, or answer that it is not the time, or never."""
    by = teller()
    said = request.form.get("answer", "")

    def work(db: DbSession) -> Answer:
        back = _back(db, living_group_id)
        if said in (NOT_NOW, NEVER):
            answer(db, by, MEET, said, resident_id)
            later = _("Noted. It is suggested again in four weeks.")
            return Answer(back, later if said == NOT_NOW else _("Noted. It is not suggested again."))
        hope_to_meet(db, by, resident_id, request.form.getlist("other"))
        return Answer(back, _("Noted. The next plans are asked to bring them together."))

    return once(work)


@blueprint.post("/living-groups/<living_group_id>/meet/<resident_id>/take-back")
def meet_no_more(living_group_id: str, resident_id: str) -> Response:
    """Ask the next plans no longer to bring somebody together with others."""
    by = teller()

    def work(db: DbSession) -> Answer:
        back = _back(db, living_group_id)
        hope_no_more(db, by, resident_id)
        return Answer(back, _("Taken back."))

    return once(work)


@blueprint.post("/living-groups/<living_group_id>/likely")
def answer_likely(living_group_id: str) -> Response:
    """Answer whether two who are often together are close: only a yes makes it a fact."""
    by = teller()
    one, other = sorted((request.form.get("one", ""), request.form.get("other", "")))
    said = request.form.get("answer", "")

    def work(db: DbSession) -> Answer:
        back = _back(db, living_group_id)
        answer(db, by, TIE, said, one, other_id=other)
        if said == YES:
            note_tie(db, by, one, other, Told("friend"), source="suggested")
            return Answer(back, _("Noted. They are friends."))
        later = _("Noted. It is suggested again in four weeks.")
        return Answer(back, later if said == NOT_NOW else _("Noted. It is not suggested again."))

    return once(work)


def _back(db: DbSession, living_group_id: str) -> str:
    """The page of a living group of the own community. Raises NotFound."""
    somebody = principal()
    require_living_group(db, somebody.community_id, living_group_id)
    return url_for("ground.living_group", living_group_id=living_group_id, _anchor="help")


def kinds_offered(present: str = "") -> tuple[str, ...]:
    """The kinds of which one is chosen: of a tie that is there, being kept apart is neither taken up nor dropped."""
    return (APART,) if present == APART else tuple(kind for kind in KINDS if not present or kind != APART)


def _row(shown: LivingGroupShown, person: Person) -> Row:
    people, inside = shown.people, {member.id for member in shown.members}
    own = [(bond, people[bond.of(person.id)]) for bond in shown.bonds if person.id in bond.pair]
    own.sort(key=lambda each: each[1].walking_key)
    close = [(bond, other) for bond, other in own if shown.shown.get(bond.pair) == bond]
    counts = [
        (people[other], count)
        for pair, count in shown.together.items()
        if person.id in pair
        for other in pair - {person.id}
        if count > 1
    ]
    return Row(
        person,
        tuple(each for each in close if each[1].id in inside),
        tuple(each for each in close if each[1].id not in inside),
        tuple(each for each in own if each[0].is_strained),
        tuple(each for each in own if each[0].kind == "meet"),
        tuple(sorted(counts, key=lambda each: each[0].walking_key)),
        any(bridge.resident_id == person.id for bridge in shown.bridges),
    )
