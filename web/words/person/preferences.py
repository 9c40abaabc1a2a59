"""What an assessment asks of what matters to somebody, and what they answer, in plain words."""

from collections.abc import Sequence

from flask_babel import gettext as _

from milieu.preferences import HINDERED, LITTLE, NOT, SILENT, SOMEWHAT, VERY


def question_word(question: str) -> str:
    """What a question is about, as it follows "how important is it to…"."""
    return {
        "clothes": _("choose what to wear"),
        "belongings": _("look after their own things"),
        "washing": _("choose between bath, shower and washing at the basin"),
        "snacks": _("have something to eat between meals"),
        "bedtime": _("go to bed when they like"),
        "care_talks": _("have family or a friend there when care is talked about"),
        "phone": _("telephone where nobody listens"),
        "locked_place": _("have a place that locks for their things"),
        "reading": _("have books, papers and magazines to read"),
        "music": _("listen to music they like"),
        "animals": _("be with animals"),
        "news": _("keep up with the news"),
        "groups": _("do things in a group"),
        "favourites": _("do what they have always loved doing"),
        "outdoors": _("go outside when the weather is good"),
        "religion": _("take part in their religion"),
    }[question]


def answer_word(code: str) -> str:
    """An answer."""
    return {
        VERY: _("very important"),
        SOMEWHAT: _("somewhat important"),
        LITTLE: _("not very important"),
        NOT: _("not important"),
        HINDERED: _("important, but they cannot or have no choice"),
        SILENT: _("no answer"),
    }[code]


def answer_options() -> Sequence[tuple[str, str]]:
    """The answers to choose from, with the number that a key chooses them by."""
    return [(code, f"{code} {answer_word(code)}") for code in (VERY, SOMEWHAT, LITTLE, NOT, HINDERED, SILENT)]


def topic_word(question: str) -> str:
    """What a question is about in a word or two, for an activity that is an answer to it."""
    return {
        "reading": _("Reading"),
        "music": _("Music"),
        "animals": _("Animals"),
        "news": _("The news"),
        "outdoors": _("Going outside"),
        "religion": _("Religion"),
    }[question]


def met_word(answer: str, activity: str, how: str) -> str:
    """What was done about something important that could not be done."""
    said = _("visited: %(activity)s", activity=activity) if answer == "visit" else _("made possible")
    return f"{said}. {how}".strip() if how else f"{said}."
