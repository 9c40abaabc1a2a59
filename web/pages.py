"""How a view answers: `page("room/name.html", …)` renders it in the common frame and keeps who was looked at."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from milieu.queries.demo import read_demo
from milieu.services.reads import make_view
from web.binding import bound, now, reader
from web.guards.access import may
from web.guards.principal import principal, principal_or_none
from web.guards.records.read_record import read_record
from web.words import domains, language, times

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class NavItem:
    """A page of the main navigation; `is_current` where the present page is it or lies under it."""

    word: str
    address: str
    is_current: bool


def init_pages(app: Flask) -> None:
    """Give every template what it may use."""
    app.jinja_env.globals.update(
        asset=asset,
        form_key=form_key,
        language=language,
        domain=domains.domain,
        first_domain=domains.first_domain,
        legend=domains.legend,
        clock_time=times.clock_time,
        short_day=times.short_day,
        long_day=times.long_day,
        day_and_month=times.day_and_month,
        duration=times.duration,
        full_date=times.full_date,
        month_and_year=times.month_and_year,
        weekday=times.weekday,
    )
    app.jinja_env.filters.update(time_of=_time_here, when=_when_here)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_frame)


def page(name: str, /, *, status: int = 200, nav: str = "", shows: Collection[str] = (), **context: Any) -> Response:
    """Render a template. `nav` is the endpoint of the main page it lies under; `shows` are the residents it names.

    Those go into the record of reads before anything is shown; leave it out only where a page names no resident.
    """
    record_shown(shows)
    g.nav = nav
    return make_response(render_template(name, **context), status)


def record_shown(resident_ids: Collection[str]) -> None:
    """Put into the record of reads that the present request shows these residents to who is signed in."""
    if resident_ids:
        somebody = principal()
        view = make_view(
            somebody.community_id, somebody.account_id, resident_ids, request.endpoint or request.path, now=now()
        )
        read_record().keep(view)


def asset(name: str) -> str:
    """The address of a static file, which changes with its contents."""
    return url_for("static", filename=name, v=_version(name) if not current_app.debug else None)


def form_key() -> str:
    """A fresh key for a form: sent twice, the form is done once (`web/forms.py`)."""
    return secrets.token_hex(16)


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def _frame() -> dict[str, Any]:
    somebody = principal_or_none()
    return {
        "who": somebody,
        "nav_items": _nav_items() if somebody else [],
        "made_up": somebody.is_made_up if somebody else False,
        "catching_up": _catching_up(somebody.timezone) if somebody and somebody.is_made_up else (),
        "now": now(),
        "saves": bound().engines.saving.trouble is None and not read_record().is_trouble,
    }


def _catching_up(timezone: str) -> list[str]:
    """The weeks of a demo that are still being planned in the background."""
    demo = read_demo(reader())
    today = times.today_in(timezone, now())
    return [times.week_named(week, today) for week in demo.catching_up] if demo else []


def _nav_items() -> list[NavItem]:
    somebody = principal()
    items = [
        ("director.this_week", _("Week"), {"director"}),
        ("staff.today", _("Today"), {"director", "staff"}),
        ("director.people", _("People"), {"director"}),
        ("ground.living_groups", _("Living groups"), {"director"}),
        ("director.changed", _("Changes"), {"director"}),
        ("prints.start", _("To print"), {"director", "staff"}),
        ("records.start", _("Records"), {"director"}),
        ("director.house", _("House"), {"director"}),
        ("director.lists", _("Lists"), {"director"}),
        ("director.accounts", _("Accounts"), {"director"}),
        ("family.home", _("The week"), {"family"}),
        ("feeds.mine", _("Calendar"), {"family"}),
    ]
    return [
        NavItem(word, url_for(endpoint), endpoint == g.get("nav"))
        for endpoint, word, roles in items
        if roles & somebody.roles and may(somebody.roles, endpoint)
    ]


def _zone() -> str:
    somebody = principal_or_none()
    return somebody.timezone if somebody else str(g.get("zone", "UTC"))


def _time_here(moment: datetime) -> str:
    return times.time_of(moment, _zone())


def _when_here(moment: datetime) -> str:
    return times.when(moment, now(), _zone())
