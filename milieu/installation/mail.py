"""Letters by SMTP: one at a time, in a thread of their own, so that no page waits and none tells who exists."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import make_msgid

import structlog

from milieu.services.access.addresses import wire_address
from milieu.settings import Settings

_SECONDS = 20
_log = structlog.get_logger(__name__)


def is_mail_set(settings: Settings) -> bool:
    """Whether letters can be sent: a server, a sender, and the address under which people reach the pages."""
    return bool(settings.smtp_host and settings.mail_from and settings.public_url)


def send(settings: Settings, to: str, subject: str, text: str) -> bool:
    """Send a letter; whether the server took it. What went wrong is logged by its kind alone: letters name people."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = settings.mail_from, wire_address(to), subject
    letter["Message-ID"] = make_msgid(domain="milieu.invalid")
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    try:
        with _server(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(letter)
    except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
        _log.error("mail not sent", kind=type(error).__name__)
        return False
    return True


def _server(settings: Settings) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=_SECONDS, context=trusted)
    server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SECONDS)
    if settings.smtp_security == "starttls":
        server.starttls(context=trusted)
    return server
