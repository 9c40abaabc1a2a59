"""The error tree of Milieu: each error carries the sentence that its reader needs."""

from collections.abc import Iterable
from datetime import timedelta


class MilieuError(Exception):
    """What Milieu itself refuses; anything else that is raised is a fault of ours."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(MilieuError):
    """There is no such thing, or none in this community: the two are never told apart."""


class Conflict(MilieuError):
    """What was seen has changed since, or two wishes exclude each other; `because` says what, in sentences.

    `at` is the field of a form that is meant, where it is one.
    """

    def __init__(self, sentence: str, because: Iterable[str] = (), *, at: str = "") -> None:
        super().__init__(sentence)
        self.because = tuple(because)
        self.at = at


class Invalid(MilieuError):
    """Input that cannot be taken; `problems` names every place, in the reader's words; `at` as in `Conflict`."""

    def __init__(self, sentence: str, problems: Iterable[str] = (), *, at: str = "") -> None:
        super().__init__(sentence)
        self.problems = tuple(problems)
        self.at = at


class NotAllowed(MilieuError):
    """The account may not do this."""


class Unplannable(MilieuError):
    """No schedule can be had; `because` are sentences that a director can act on."""

    def __init__(self, sentence: str, because: Iterable[str] = ()) -> None:
        super().__init__(sentence)
        self.because = tuple(because)


class Busy(MilieuError):
    """The database was taken for too long, or another write came first: nothing was saved, trying again is right."""


class Unwritable(Busy):
    """Nothing can be saved at all just now: a full disk, a folder that may only be read, a database that is gone."""


class TooFast(MilieuError):
    """Tried more often than is allowed: nothing was looked at; after `wait` it may be tried again."""

    def __init__(self, sentence: str, wait: timedelta) -> None:
        super().__init__(sentence)
        self.wait = wait
