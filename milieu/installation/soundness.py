"""A restored installation looked at: brought up to this program's tables, then held to what the doctor asks of data."""

from milieu.database import make_engines, newest_revision, present_revision
from milieu.errors import MilieuError
from milieu.installation.doctor import WRONG, examine_data
from milieu.installation.revisions import upgrade
from milieu.settings import Settings


def faults_of_restored(settings: Settings) -> list[str]:
    """What is wrong with it, in sentences. An upgrade that would fail fails here, where nobody needs the data."""
    engines = make_engines(settings.database_url)
    try:
        if present_revision(engines) != newest_revision():
            upgrade(settings.database_url)
    except MilieuError as error:
        return [error.sentence]
    finally:
        engines.dispose()
    return [each.sentence for each in examine_data(settings) if each.state == WRONG]
