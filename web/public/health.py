"""For whoever watches over the installation: is the process alive, is it ready."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from milieu.prints.standby import ready_in
from milieu.queries.health import Backups, backups, communities, program_version, readiness
from milieu.services.machines import machines_of
from web.binding import bound, now, reader
from web.finding import finding
from web.guards.principal import principal
from web.guards.records.read_record import read_record
from web.pages import page
from web.words.checks import check_in_words
from web.words.times import today_in

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return jsonify(ok=True)


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether pages are served as promised: tables and clock, whether anything can be saved, how many reads wait."""
    found, saving = readiness(reader(), now=now(), lease_seconds=bound().settings.lease_seconds), saving_now()
    is_ok, kept = found.ok and saving.works, backups_now()
    told = {
        **asdict(found),
        "ok": is_ok,
        "saves": saving.works,
        "why": saving.sentence,
        "waiting_reads": saving.waiting_reads,
        "waiting_reads_on_disk": saving.on_disk,
        "backup_age_seconds": _age(kept.made_at),
        "backup_proven_age_seconds": _age(kept.proven_at),
        "backup_is_proven": kept.is_proven,
    }
    return jsonify(told), 200 if is_ok else 503


@blueprint.get("/health")
def health() -> Response:
    """The same in words, for a director whose pages say that nothing can be saved."""
    found, saving = readiness(reader(), now=now(), lease_seconds=bound().settings.lease_seconds), saving_now()
    since = datetime.fromtimestamp(saving.since, UTC) if saving.since else None
    settings = bound().settings
    ready = ready_in(settings.data_dir, principal().community_key)
    return page(
        "health.html",
        found=found,
        saving=saving,
        since=since,
        machines=machines_of(settings),
        ready=ready,
        is_ready=ready is not None and ready.holds(today_in(principal().timezone, now())),
        are_backups_on=bool(settings.backup_recipients),
        kept=backups_now(),
    )


@blueprint.get("/communities")
def all_communities() -> Response:
    """Every community, how new its week is, and how the installation is: for who looks after all of them.

    With two hundred of them, what is wrong must not have to be looked for: those come first, after the installation.
    """
    lines = communities(reader())
    meant = finding(lines, "name")
    found = readiness(reader(), now=now(), lease_seconds=bound().settings.lease_seconds)
    return page(
        "communities.html",
        found=found,
        saving=saving_now(),
        are_backups_on=bool(bound().settings.backup_recipients),
        kept=backups_now(),
        count=len(lines),
        failed=sum(line.is_in_trouble for line in lines),
        meant=meant,
        in_trouble=[line for line in meant.rows if line.is_in_trouble],
        well=[line for line in meant.rows if not line.is_in_trouble],
        version=program_version(),
        check_in_words=check_in_words,
    )


def backups_now() -> Backups:
    """How it stands with the backups, by whatever process they are made."""
    return backups(reader(), now=now())


def _age(moment: datetime | None) -> float | None:
    return None if moment is None else max(0.0, (now() - moment).total_seconds())


@dataclass(frozen=True)
class Saving:
    """Whether anything can be saved; since when (seconds since 1970) not, and why. How many reads of residents wait."""

    works: bool
    since: float | None
    sentence: str
    waiting_reads: int
    on_disk: int


def saving_now() -> Saving:
    """Try what waits once more, and say how it stands."""
    record, engines = read_record(), bound().engines
    record.write_waiting()
    trouble = engines.saving.trouble
    return Saving(
        trouble is None and not record.is_trouble,
        trouble.since if trouble else None,
        trouble.sentence if trouble else "",
        record.waiting,
        record.on_disk,
    )
