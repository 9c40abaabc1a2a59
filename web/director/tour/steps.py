"""The steps in their order, along a director's week: what each is about, and on which page it is seen."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class Step:
    """One step. `look` says what to look at on its page, `endpoints` are those of that page.

    `elsewhere` is said on the week's board, to which the step leads while there is no such page.
    """

    key: str
    title: str
    look: str
    endpoints: tuple[str, ...]
    elsewhere: str = ""


BOARD = "director.week"


def steps() -> tuple[Step, ...]:
    """All of them, in the reader's language."""
    return (*_before(), *_within(), *_after())


def number_of(key: str) -> int:
    """Which step it is, counted from 0; the first where a newer release has another."""
    return next((number for number, step in enumerate(steps()) if step.key == key), 0)


def _before() -> tuple[Step, ...]:
    """The board, and what makes a week."""
    return (
        Step(
            "board",
            _("The week"),
            _(
                "Days go across, the parts of a day go down. Each card is a session: when, what, where, who leads it,"
                " how many are invited. “To look at” names what needs you. Below it stands how many invitations "
                "people have."
            ),
            ("director.this_week", BOARD),
        ),
        Step(
            "plan",
            _("Plan a week, or change a draft"),
            _(
                "“Plan this week” makes a draft, which directors alone see. It takes a minute or two, and you may "
                "leave the page. In a draft, cards can be dragged to another day, or changed with a form. Undo takes "
                "each change back."
            ),
            (BOARD,),
        ),
    )


def _within() -> tuple[Step, ...]:
    """Who is in a week, and who is not."""
    return (
        Step(
            "session",
            _("A session"),
            _(
                "Here stands who is invited, each with the reason that they are told too, and who else would like it."
                " In a draft you invite, take out and move from here. “Fix” lets planning again leave it as it is."
            ),
            ("director.session",),
            _("Every card leads to its session. As soon as a week is planned, this step opens one."),
        ),
        Step(
            "why",
            _("Why somebody is not here"),
            _(
                "Of anybody who is not in a session you read the rule and the fact behind it, what would bring them "
                "in, and which of all that their family may be told. It names nobody else to them."
            ),
            ("director.why_not",),
            _("“Why is somebody not here?” stands on every session, as soon as a week is planned."),
        ),
        Step(
            "left-out",
            _("Who is left out"),
            _(
                "Who is invited to nothing, to less than they wish, or to nothing they love; and why. For each person"
                " the two best ways to mend it are tried on the whole week. In a draft, one press takes a way, and "
                "Undo takes it back."
            ),
            ("director.left_out",),
            _("“Who is left out” stands beside a week, as soon as it is planned."),
        ),
    )


def _after() -> tuple[Step, ...]:
    """What happens to a week, and who sees it."""
    return (
        Step(
            "changed",
            _("Something changed"),
            _(
                "Somebody is sick, a room is closed, a guest comes: tell it here. Then you read what can be done, "
                "and how many people each way tells otherwise. Telling it alone changes nothing for them."
            ),
            ("director.changed", "director.tell_change"),
        ),
        Step(
            "publish",
            _("Publish"),
            _(
                "Before a week is published, one page says what is new for whom and why, what speaks against it, and "
                "which wishes it leaves unmet. Look, and leave it for now: nothing is published by looking."
            ),
            ("director.publish_week",),
            _(
                "“Publish…” stands above every draft that differs from what is published, and shows first what it "
                "changes."
            ),
        ),
        Step(
            "staff",
            _("What the staff see"),
            _(
                "This is the day on the staff’s tablet: what is next, whom to invite, and how each likes to be asked."
                " They tap what became of it. From that come the records, and who is asked next."
            ),
            ("staff.today", "staff.day"),
        ),
        Step(
            "family",
            _("What a family reads"),
            _(
                "Where somebody shares their days with a relative, that relative reads them here, with nobody else’s "
                "name. Before you publish you can read each of these pages as it will be."
            ),
            ("director.family_reads",),
            _("While there is a draft, the page that publishes it shows what each family will read."),
        ),
    )
