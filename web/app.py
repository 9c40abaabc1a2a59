"""The application: wiring, nothing else."""

import secrets
from datetime import timedelta

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from milieu.clock import Clock
from milieu.database import Engines
from milieu.errors import Invalid
from milieu.settings import Settings
from web.account.set_up import blueprint as accounts
from web.account.views import init_accounts
from web.binding import bind
from web.converters import init_converters
from web.director import blueprint as director
from web.family import blueprint as family
from web.feeds import blueprint as feeds
from web.ground import blueprint as ground
from web.guards.access import init_access
from web.guards.failures import init_failures
from web.guards.headers import init_headers
from web.guards.hosts import init_hosts
from web.guards.letters import init_letters
from web.guards.origin import init_origin
from web.guards.records.read_record import init_read_record
from web.guards.records.request_log import init_request_log
from web.guards.sessions import ServerSessions
from web.guards.waiting_sessions import init_waiting_sessions
from web.pages import init_pages
from web.prints import blueprint as prints
from web.public import assets, health
from web.public import blueprint as public
from web.records import blueprint as records
from web.staff import blueprint as staff
from web.words import init_words

LARGEST_BODY = 1_000_000


def create_app(settings: Settings, engines: Engines, clock: Clock) -> Flask:
    """The pages of Milieu over a database that is at its newest revision. Starts nothing, opens no connection.

    Raises Invalid where production would run without a key of its own.
    """
    app = Flask(__name__)
    app.session_interface = ServerSessions()
    app.config.from_mapping(
        SECRET_KEY=_secret_key(settings),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        WTF_CSRF_TIME_LIMIT=None,
    )
    init_hosts(app, settings.trusted_hosts)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    bind(app, settings, engines, clock)
    init_read_record(app, engines)
    init_waiting_sessions(app)
    init_converters(app)
    init_request_log(app)
    init_failures(app)
    init_letters(app)
    init_access(app)
    init_origin(app)
    init_words(app)
    init_accounts(app)
    CSRFProtect(app)
    init_pages(app)
    init_headers(app)
    for blueprint in _blueprints():
        app.register_blueprint(blueprint)
    return app


def _blueprints() -> list[Blueprint]:
    return [
        accounts,
        assets.blueprint,
        health.blueprint,
        director,
        ground,
        prints,
        feeds,
        records,
        staff,
        family,
        public,
    ]


def _secret_key(settings: Settings) -> str:
    if given := settings.secret_key.get_secret_value():
        return given
    if settings.is_production:
        raise Invalid("Milieu needs a secret key in production: set MILIEU_SECRET_KEY_FILE.")
    return secrets.token_urlsafe(48)
