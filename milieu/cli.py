"""`milieu …`: parse, call one service, print.

Each command imports what it needs when it is called: the names below must be quick to list. Exit codes: 0 done, 1
refused or failed, 2 an input or a setting that cannot be taken. What is printed on standard error is for people.
"""

import io
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milieu import __version__
from milieu.errors import Conflict, Invalid, MilieuError, Unplannable
from milieu.machine.interruption import interruptible

if TYPE_CHECKING:
    from milieu.settings import Settings

FAILED, CANNOT_READ, INTERRUPTED = 1, 2, 130
FIRST_YEAR, LAST_YEAR = 2000, 2199  # as in the pages' addresses
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of words.")
COMMUNITY = click.option("--community", metavar="KEY", help="Which community; not needed where there is only one.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; every error of ours ends as a sentence on standard error."""
    _speak_any_letter()
    try:
        with interruptible():
            result = milieu.main(args=arguments, prog_name="milieu", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except MilieuError as error:
        tell(error)
        return CANNOT_READ if isinstance(error, Invalid) else FAILED
    except BrokenPipeError:  # `milieu … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:  # a folder that may not be written, a disk that is full
        click.echo(f"{error.filename or 'The machine says'}: {error.strerror or error}.", err=True)
        return FAILED
    return result if isinstance(result, int) else 0


def _speak_any_letter() -> None:
    """Show a letter that the terminal has not as its number, rather than fail after the work was done."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def tell(error: MilieuError) -> None:
    """Print an error's sentence and its particulars on standard error."""
    click.echo(error.sentence, err=True)
    particulars = error.problems if isinstance(error, Invalid) else ()
    if isinstance(error, Conflict | Unplannable):
        particulars = tuple(error.because)
    for line in particulars:
        click.echo(f"  {line}", err=True)


class Week(click.ParamType[date]):
    """A date, taken for the week it lies in."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        from milieu.commands.weeks import monday_of

        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date: write it like 2026-11-30.", param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(f"Milieu plans the years {FIRST_YEAR} to {LAST_YEAR}: {value} is in none of them.", param, ctx)
        return monday_of(day)


WEEK = click.option("--week", type=Week(), required=True, metavar="DATE", help="Any day of the week, as 2026-11-30.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="milieu", message="%(prog)s %(version)s")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="The data folder; else MILIEU_DATA_DIR.")
@click.pass_context
def milieu(ctx: click.Context, data: Path | None) -> None:
    """Plan the week of a care community: who is invited to what, with whom, where and when."""
    ctx.obj = data


def settings_of(ctx: click.Context) -> "Settings":
    """The installation's settings, with what the command line says of them."""
    import logging

    from milieu.installation.logs import set_up_logs
    from milieu.settings import read_settings, unknown_names

    set_up_logs(logging.WARNING)
    data = ctx.find_object(Path)
    settings = read_settings() if data is None else read_settings(data_dir=data)
    for sentence in unknown_names():
        click.echo(sentence, err=True)
    return settings


@milieu.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", "is_trial", is_flag=True, help="Say what it would do, and write nothing.")
@click.option("--ends", metavar="N", type=click.IntRange(1), help="End these N rows, much of a table, on purpose.")
@JSON
@click.pass_context
def import_folder(ctx: click.Context, folder: Path, is_trial: bool, ends: int | None, as_json: bool) -> None:
    """Read a community's FOLDER of CSV files: all of it, or nothing and every error in words.

    Rows that are gone from their files end. Where that is much of a table it stops, unless you say how many.
    """
    from milieu.commands.imports import run_import

    click.echo(run_import(settings_of(ctx), folder, ends=ends, is_trial=is_trial, as_json=as_json))


@milieu.command()
@WEEK
@COMMUNITY
@click.option("--seconds", type=click.IntRange(1, 3600), help="How long to search; else the community's own setting.")
@click.option("--publish", "is_published", is_flag=True, help="Publish the draft at once.")
@JSON
@click.pass_context
def plan(
    ctx: click.Context, week: date, community: str | None, seconds: int | None, is_published: bool, as_json: bool
) -> int:
    """Plan a week: the result is a draft."""
    from milieu.commands.weeks import run_plan

    return run_plan(
        settings_of(ctx), week, community=community, seconds=seconds, is_published=is_published, as_json=as_json
    )


@milieu.command()
@WEEK
@COMMUNITY
@JSON
@click.pass_context
def publish(ctx: click.Context, week: date, community: str | None, as_json: bool) -> int:
    """Publish a week's draft, telling what changes for whom."""
    from milieu.commands.weeks import run_publish

    return run_publish(settings_of(ctx), week, community=community, as_json=as_json)


@milieu.command()
@click.pass_context
def scheduler(ctx: click.Context) -> None:
    """Run the clock alone: the daily check of each community, and the plans that people ask for."""
    from milieu.commands.clockwork import run_scheduler

    run_scheduler(settings_of(ctx))


@milieu.command()
@click.option("--scheduler", help="The address of the Dask scheduler, as tls://10.0.0.2:8786; else MILIEU_SOLVE_ON.")
@click.option("--cores", type=click.IntRange(1), help="How many cores its solves may use; else all of them.")
@click.option("--memory", type=click.IntRange(1), metavar="MB", help="How much memory they may use; else all there is.")
@click.pass_context
def worker(ctx: click.Context, scheduler: str | None, cores: int | None, memory: int | None) -> None:
    """Be a machine that solves run on. It needs no database and no key."""
    from milieu.commands.worker import run_worker

    run_worker(settings_of(ctx), scheduler, cores=cores, memory_mb=memory)


@milieu.group()
def db() -> None:
    """The database: bring its tables up to date, compare them with this program."""


@db.command()
@click.option("--without-backup", "is_without_backup", is_flag=True, help="Do not back up first, on purpose.")
@click.pass_context
def upgrade(ctx: click.Context, is_without_backup: bool) -> None:
    """Bring the tables to this program's revision, all or nothing, after a backup on which it was tried."""
    from milieu.commands.tables import run_upgrade

    click.echo(run_upgrade(settings_of(ctx), is_without_backup=is_without_backup))


@db.command()
@click.pass_context
def check(ctx: click.Context) -> int:
    """Say whether the tables are this program's; exit code 1 where they are not."""
    from milieu.commands.tables import run_check

    sentence, is_good = run_check(settings_of(ctx))
    click.echo(sentence)
    return 0 if is_good else FAILED


@milieu.command()
@JSON
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> int:
    """Check the installation: database, clock, solver, fonts, space to write."""
    from milieu.installation.doctor import examine, report

    findings = examine(settings_of(ctx))
    click.echo(report(findings, as_json=as_json))
    return FAILED if any(finding.state == "wrong" for finding in findings) else 0


@milieu.group(invoke_without_command=True)
@click.option("--if-due", "is_if_due", is_flag=True, help="Only where today's is neither made nor under way.")
@JSON
@click.pass_context
def backup(ctx: click.Context, is_if_due: bool, as_json: bool) -> int:
    """Back everything up while Milieu runs, and prove it by restoring it; exit code 1 where it is not proven."""
    if ctx.invoked_subcommand is not None:
        return 0
    from milieu.commands.backups import run_backup

    sentence, is_proven = run_backup(settings_of(ctx), is_if_due=is_if_due, as_json=as_json)
    click.echo(sentence)
    return 0 if is_proven else FAILED


A_FILE = click.Path(dir_okay=False, path_type=Path)
IDENTITY = click.option("--identity", type=A_FILE, required=True, metavar="FILE", help="The key that opens it.")


@backup.command("key")
@click.argument("file", type=A_FILE)
def backup_key(file: Path) -> None:
    """Make the key of backups in a new FILE, and print its public half."""
    from milieu.commands.backups import make_key

    click.echo(make_key(file))


@backup.command("list")
@JSON
@click.pass_context
def backup_list(ctx: click.Context, as_json: bool) -> None:
    """The backups that are kept, the newest first."""
    from milieu.commands.backups import list_backups

    click.echo(list_backups(settings_of(ctx), as_json=as_json))


@backup.command("prove")
@click.argument("file", type=A_FILE)
@IDENTITY
@click.pass_context
def backup_prove(ctx: click.Context, file: Path, identity: Path) -> None:
    """Restore the backup FILE into an empty place, look at it there as the doctor does, and take it away again."""
    from milieu.commands.backups import prove_backup

    click.echo(prove_backup(settings_of(ctx), file, identity))


@milieu.command()
@click.argument("file", type=A_FILE)
@IDENTITY
@click.option("--ended", type=A_FILE, metavar="FILE", help="What ended since; else ended.json beside the backup.")
@click.option("--without-ended", is_flag=True, help="Go on without it, on purpose.")
@click.pass_context
def restore(ctx: click.Context, file: Path, identity: Path, ended: Path | None, without_ended: bool) -> None:
    """Put the backup FILE where nothing is yet: all of it, or nothing."""
    from milieu.commands.backups import run_restore

    click.echo(run_restore(settings_of(ctx), file, identity, ended=ended, is_without_ended=without_ended))


@milieu.group()
def account() -> None:
    """Who may sign in."""


EMAIL = click.option("--email", required=True, help="The address to sign in with.")


@account.command()
@COMMUNITY
@EMAIL
@click.option("--name", required=True, help="The name that colleagues see.")
@click.option("--role", "roles", required=True, multiple=True, help="director, staff, family or administrator.")
@click.option("--relative", metavar="KEY", help="For family: the relative's key in relatives.csv.")
@click.option("--facilitator", metavar="KEY", help="For staff who lead: their key in facilitators.csv.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@click.pass_context
def create(
    ctx: click.Context,
    community: str | None,
    email: str,
    name: str,
    roles: tuple[str, ...],
    relative: str | None,
    facilitator: str | None,
    password_stdin: bool,
) -> None:
    """Make an account; asks for its password, but for who has one in another community."""
    from milieu.commands.accounts import create_for, has_password

    settings = settings_of(ctx)
    password = None if has_password(settings, email) else _password(is_piped=password_stdin)
    click.echo(
        create_for(
            settings,
            community=community,
            email=email,
            name=name,
            password=password,
            roles=roles,
            relative=relative,
            facilitator=facilitator,
        )
    )


@account.command("list")
@COMMUNITY
@JSON
@click.pass_context
def list_accounts(ctx: click.Context, community: str | None, as_json: bool) -> None:
    """Who may sign in, and who may no longer."""
    from milieu.commands.accounts import list_of

    click.echo(list_of(settings_of(ctx), community=community, as_json=as_json))


@account.command()
@COMMUNITY
@EMAIL
@click.pass_context
def end(ctx: click.Context, community: str | None, email: str) -> None:
    """End an account: it is signed out at its next click, and nobody signs in with it again.

    Who has accounts in several communities keeps the others; COMMUNITY then says which one ends.
    """
    from milieu.commands.accounts import end_for

    click.echo(end_for(settings_of(ctx), email, community=community))


@account.command()
@EMAIL
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@click.option("--code", "is_code", is_flag=True, help="Print a one-time code instead, to choose a password with.")
@click.pass_context
def password(ctx: click.Context, email: str, password_stdin: bool, is_code: bool) -> None:
    """Give an account another password, and end all its sign-ins."""
    from milieu.commands.accounts import code_for, set_password_for

    settings = settings_of(ctx)
    click.echo(
        code_for(settings, email) if is_code else set_password_for(settings, email, _password(is_piped=password_stdin))
    )


@account.command()
@EMAIL
@click.option("--end", "is_end", is_flag=True, help="End them all; the password still holds.")
@click.pass_context
def sessions(ctx: click.Context, email: str, is_end: bool) -> None:
    """Say on how many browsers an account is signed in, or end that."""
    from milieu.commands.accounts import sessions_of

    click.echo(sessions_of(settings_of(ctx), email, is_end=is_end))


def _password(*, is_piped: bool) -> str:
    from milieu.commands.accounts import read_password

    if is_piped:
        return read_password(sys.stdin.readline() if sys.stdin is not None else "")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return asked


if __name__ == "__main__":
    sys.exit(main())
