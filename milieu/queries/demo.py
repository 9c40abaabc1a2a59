"""What the pages say of a demo: who can be tried, and what is still being planned."""

from dataclasses import dataclass

from milieu.database import DbSession
from milieu.models import Note

ACCOUNTS, CATCHING_UP = "demo", "demo catching up"


@dataclass(frozen=True)
class DemoAccountShown:
    """An account to try; `about` says whose it is."""

    email: str
    about: str


@dataclass(frozen=True)
class DemoShown:
    """A demo; `catching_up` names the weeks ("this week") that are being planned in the background right now."""

    password: str
    accounts: tuple[DemoAccountShown, ...]
    catching_up: tuple[str, ...]


def read_demo(db: DbSession) -> DemoShown | None:
    """The demo that this installation is, None where it is none."""
    note = db.get(Note, ACCOUNTS)
    if note is None:
        return None
    behind = db.get(Note, CATCHING_UP)
    return DemoShown(
        password=str(note.value["password"]),
        accounts=tuple(DemoAccountShown(each["email"], each["about"]) for each in note.value["accounts"]),
        catching_up=tuple(behind.value) if behind is not None else (),
    )
