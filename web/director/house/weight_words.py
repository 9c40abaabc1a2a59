"""What each slider of the weights is called, with an example of what more of it does."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class SliderWords:
    """`example` says what happens with more of it."""

    label: str
    example: str


def slider_words(term: str) -> SliderWords:
    """The words of a term of the score."""
    label, example = (_of_people() | _of_the_week() | _of_a_repair())[term]
    return SliderWords(label, example)


def _of_people() -> dict[str, tuple[str, str]]:
    return {
        "interest": (
            _("What people love"),
            _("Somebody who loves singing gets the choir’s place before somebody who merely likes it."),
        ),
        "engagement": (
            _("A first session for everybody"),
            _("Rather one session for each of three people than three for one."),
        ),
        "shortfall": (
            _("As much as they wish for"),
            _("Who wishes for three sessions a week is invited to three, also where others love these more."),
        ),
        "left_out": (
            _("Nobody left out"),
            _("Who likes something is invited to at least one such thing a week."),
        ),
        "target": (
            _("Aims of care plans"),
            _("Whose plan asks for movement twice a week is invited to it twice."),
        ),
        "group": (
            _("Aims of living groups"),
            _("A living group that wants to be together twice a week is."),
        ),
        "tie": (
            _("Company that does good"),
            _("Two friends meet at one table more often; two who strain each other less."),
        ),
        "companion": (
            _("Somebody dear beside everybody"),
            _("Who has a friend here meets one at least once in the week."),
        ),
        "turn": (
            _("Whose turn it is"),
            _("Who waited longest for the outing goes first, though others love it more."),
        ),
    }


def _of_the_week() -> dict[str, tuple[str, str]]:
    return {
        "offer": (
            _("Something on when it should be"),
            _("An evening gets its group, though one in the afternoon would please more."),
        ),
        "usual": (
            _("Habits"),
            _("The choir stays on Tuesday at 10, though Thursday would suit two people more."),
        ),
        "time": (
            _("The time of day that people like"),
            _("Who likes mornings is invited to mornings."),
        ),
        "crowd": (
            _("Rooms that are not too full"),
            _("A group of 14 goes to the hall, though the lounge has just 14 seats."),
        ),
        "walk": (
            _("Short ways"),
            _("People are invited to what is held near where they live."),
        ),
        "session": (
            _("Fewer, fuller sessions"),
            _("One group of ten instead of two of five: less for the team to prepare."),
        ),
    }


def _of_a_repair() -> dict[str, tuple[str, str]]:
    return {
        "cancel": (
            _("A session is not called off"),
            _("The choir takes place, somebody else leading, though more could have gone to the cinema."),
        ),
        "drop": (
            _("Nobody loses a place"),
            _("Who was told “choir on Tuesday” keeps it, though somebody else would love it more."),
        ),
        "move": (
            _("The time stays"),
            _("The choir stays at 10 in another room, rather than in its own room at 3."),
        ),
        "relocate": (
            _("The space stays"),
            _("The choir stays in the hall, though three people live nearer to the lounge."),
        ),
        "relead": (
            _("Who leads stays"),
            _("Finn leads the choir as was told, though Gita could and he would be free for the walk."),
        ),
    }


def worth_said(places: float | None) -> str:
    """As what one person counts who is told something else than was published; "" where nothing compares."""
    if places is None:
        return ""
    times = f"{places:.1f}".removesuffix(".0")
    return _("Now one person told so weighs as much as a place at what is loved most, times %(times)s.", times=times)
