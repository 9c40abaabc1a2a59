"""`python -m milieu.migrations "what changes"`: the next migration, from what the tables are to what the models say."""

import re
import sys
import tempfile
from pathlib import Path

from milieu.database import newest_revision
from milieu.installation.revisions import upgrade, write_revision

_ASK = 'What changes? For example: python -m milieu.migrations "the hearing aids of residents"'


def main(arguments: list[str]) -> int:
    """Write the migration and print where it stands; 2 with a sentence where its name is missing."""
    match arguments:
        case [message] if re.search(r"\w", message):
            pass
        case _:
            print(_ASK, file=sys.stderr)
            return 2
    newest = newest_revision()
    revision = f"{int(newest) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'newest.sqlite'}"
        upgrade(url, newest)  # named: of the newest it is not asked that the models are there already
        write_revision(url, message, revision)
    [written] = Path(__file__).parent.glob(f"versions/{revision}_*.py")
    print(f"{written}: read it before you keep it")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
