"""What has ended for good, kept outside the backups: a restored backup must let nobody in who was put out since.

A file beside the backups names accounts and consents by their ids, never by a name, as they are now. What it says is
done again to what is restored, in the step that puts it there; all sign-ins end too.
"""

import json
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import select

from milieu.backups.making import replace_file
from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.models import Account, Consent

NAME = "ended.json"


class Endings(BaseModel):
    """`accounts`: the ids of those that are ended. `consents`: their ids, with the last day on which each holds."""

    model_config = ConfigDict(frozen=True)

    accounts: tuple[str, ...] = ()
    consents: dict[str, date] = {}
    signs_out: bool = True

    def statements(self) -> list[str]:
        """What to do to a restored database, in the words of both kinds; ids are quoted as texts."""
        done = []
        if self.signs_out:
            done += ["DELETE FROM sign_in_session", "DELETE FROM password_pass"]
        if self.accounts:
            ids = ", ".join(map(_quoted, self.accounts))
            ended = "UPDATE account SET active = false, version = version + 1"
            done.append(f"{ended} WHERE active AND id IN ({ids})")
        for consent, until in self.consents.items():
            day = _quoted(until.isoformat())
            ended = f"UPDATE consent SET valid_until = {day}, version = version + 1"  # noqa: S608 quoted
            done.append(f"{ended} WHERE id = {_quoted(consent)} AND (valid_until IS NULL OR valid_until > {day})")
        return done


NOTHING = Endings(signs_out=False)
"""For the place where a backup is tried: it is to be what was backed up."""


def read_endings(db: DbSession) -> Endings | None:
    """What has ended by now; None where nobody was ever here."""
    if db.scalar(select(Account.id).limit(1)) is None:
        return None
    accounts = db.scalars(select(Account.id).where(~Account.active).order_by(Account.id)).all()
    consents = db.execute(select(Consent.id, Consent.valid_until).where(Consent.valid_until.is_not(None)))
    return Endings(accounts=tuple(accounts), consents={row.id: row.valid_until for row in consents})


def keep_endings(endings: Endings, folder: Path) -> bool:
    """Put them beside the backups, where they are not already; whether they were new."""
    contents = json.dumps(endings.model_dump(mode="json", exclude={"signs_out"}), sort_keys=True).encode()
    file = folder / NAME
    if file.exists() and file.read_bytes() == contents:
        return False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(file, contents)
    return True


def endings_in(file: Path) -> Endings:
    """What a file says. Raises Invalid where it is none of Milieu's."""
    try:
        return Endings.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise Invalid(f"What ended since cannot be read from {file}.") from error


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
