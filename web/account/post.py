"""Links by mail, found and sent after the page has answered: what a page takes tells nobody whose address it was."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import structlog
from flask import Flask, current_app, url_for
from flask_babel import gettext as _

from milieu.database import DbSession, retrying
from milieu.installation.mail import send
from milieu.services.access.holders import LINK, find_credentials, open_accounts
from milieu.services.access.passes import make_pass
from web.binding import bound

_MOST_WAITING = 200
_log = structlog.get_logger("web")


class PostRoom:
    """One thread that sends, and a bounded number of letters before it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "mail")
        self._places = threading.BoundedSemaphore(_MOST_WAITING)
        self.last: Future[None] | None = None

    def post(self, app: Flask, address: str) -> None:
        """Send a link to whoever has this address; nothing where nobody has, or where too many wait."""
        if not self._places.acquire(blocking=False):
            _log.error("mail not sent", kind="too many wait")
            return
        self.last = self._thread.submit(self._deliver, app, address)

    def _deliver(self, app: Flask, address: str) -> None:
        try:
            with app.test_request_context(base_url=app.extensions["milieu"].settings.public_url):
                send_link(address)
        except Exception as error:  # the outermost loop of this thread
            _log.error("mail not sent", kind=type(error).__name__)
        finally:
            self._places.release()


def post_room() -> PostRoom:
    """The application's own."""
    room: PostRoom = current_app.extensions.setdefault("milieu_post", PostRoom())
    return room


def send_link(address: str) -> None:
    """Make leave for the account of an address, where there is one, and send its link there."""
    held = bound()

    def work(db: DbSession) -> str | None:
        found = find_credentials(db, address)
        if found is None or not found.is_active:
            return None
        return make_pass(db, open_accounts(db, found.holder_id)[0].id, LINK, by=None, now=held.clock.now())

    if (secret := retrying(held.engines, work)) is None:
        return
    link = held.settings.public_url.rstrip("/") + url_for("account.new_password", code=secret)
    text = _(
        "Somebody, probably you, asked for a new password for Milieu.\n\nOpen this page within an hour and choose one:"
        "\n\n%(link)s\n\nIt works once. If it was not you, nothing has changed: just delete this letter.\n",
        link=link,
    )
    send(held.settings, address, _("A new password for Milieu"), text)
