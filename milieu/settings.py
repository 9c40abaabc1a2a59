"""The only reader of the environment: `MILIEU_…` variables over a `.env` file over defaults."""

import difflib
import io
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit

from dotenv.parser import Original, parse_stream
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from milieu.errors import Invalid

ENV_FILE = Path(".env")

_PREFIX = "MILIEU_"
# Names of ours that are no settings: what the solver and the tests are told.
_OTHERS = {"PLAIN_KERNELS", "COMPILE_KERNELS", "TEST_DATABASE_URL", "REFEREE", "CHROMIUM"}
_SCHEDULER = re.compile(r"(tcp|tls)://[^\s/:@]+:\d{1,5}|(tcp|tls)://\[[0-9a-fA-F:.]+\]:\d{1,5}")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_ADDRESS = re.compile(r"https?://([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?/?", re.IGNORECASE)


def _data_dir() -> Path:
    if given := os.environ.get("STATE_DIRECTORY"):  # systemd's StateDirectory=
        return Path(given)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "milieu"


def _host(given: str) -> str:
    """A host's name in its one normal form; one that begins with a dot stands for all that end so."""
    try:
        name = given.removeprefix(".").removesuffix(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        name = ""
    if _HOST.fullmatch(name) is None:
        raise ValueError(f"{given!r} is no host name: write it like milieu.example.org, without https:// and port")
    return f".{name}" if given.startswith(".") else name


class Settings(BaseSettings):
    """What an installation can be told. `Settings(data_dir=…)` in tests; nothing else reads `os.environ`.

    `secret_key` signs the forms; empty, one is made in the data folder (refused in production, see `serving`).
    Seconds are wall-clock. `solver_memory_mb` 0 = no limit of ours on a solver child.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    data_dir: Path = Field(default_factory=_data_dir)
    database_url_given: str = Field("", validation_alias=AliasChoices("MILIEU_DATABASE_URL", "DATABASE_URL"))
    is_production: bool = False
    secret_key: SecretStr = SecretStr("")
    secret_key_file: Path | None = None

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    threads: int = Field(32, ge=2)
    connections: int = Field(2000, ge=50, le=50_000)  # open at once, however little they ask
    idle_seconds: float = Field(30.0, ge=1, le=3600)  # a connection between two requests
    request_seconds: float = Field(20.0, ge=1, le=3600)  # from a request's first letter to its last
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: int = Field(0, ge=0)
    is_secure: bool = False  # served over HTTPS: cookies are marked Secure
    staff_idle_minutes: int = Field(15, ge=1, le=1440)  # shared tablets
    staff_hours: int = Field(12, ge=1, le=168)
    desk_idle_minutes: int = Field(60, ge=1, le=1440)
    desk_hours: int = Field(12, ge=1, le=168)
    family_days: int = Field(30, ge=1, le=366)

    # Mail, for links to set a password: all of host, sender and public address, or none is sent.
    smtp_host: str = ""
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = ""
    public_url: str = ""  # as people type it, "https://milieu.example.org"

    solver_workers: int = Field(default_factory=lambda: min(2, os.cpu_count() or 1), ge=1)
    solver_memory_mb: int = Field(4096, ge=0)  # of addresses, each of its processes; 300 residents took 470
    solver_grace_seconds: float = Field(5.0, ge=0)
    concurrent_runs: int = Field(1, ge=1)
    solve_on: str = ""  # a Dask scheduler that solves run on, "tls://10.0.0.2:8786"; empty: on this machine
    solve_wait_seconds: float = Field(60.0, ge=1)  # how long a solve waits there before it is done here

    # Backups: none is made without a public key of age to encrypt it to.
    backup_dir: Path | None = None
    backup_recipients: Annotated[tuple[str, ...], NoDecode] = ()
    backup_hour: int = Field(1, ge=0, le=23)  # UTC
    backup_proof_url: str = ""  # a PostgreSQL whose user may make databases
    postgresql_programs: Path | None = None  # the folder of pg_dump, pg_restore and psql
    ping_url: str = ""

    tick_seconds: float = Field(10.0, gt=0)
    lease_seconds: float = Field(30.0, gt=0)

    @field_validator("data_dir", mode="after")
    @classmethod
    def _find_folder(cls, value: Path) -> Path:
        return _folder(value)

    @field_validator("secret_key_file", "backup_dir", "postgresql_programs", mode="after")
    @classmethod
    def _find_file(cls, value: Path | None) -> Path | None:
        return None if value is None else _folder(value)

    @model_validator(mode="after")
    def _compare(self) -> Self:
        if self.lease_seconds <= self.tick_seconds:
            raise ValueError(
                f"MILIEU_LEASE_SECONDS: a lease of {self.lease_seconds:g} s ends before the clock looks again, every "
                f"{self.tick_seconds:g} s (MILIEU_TICK_SECONDS); make it three times as long"
            )
        return self

    @field_validator("solve_on")
    @classmethod
    def _find_scheduler(cls, value: str) -> str:
        if value and _SCHEDULER.fullmatch(value) is None:
            raise ValueError(f"{value!r} is no address of a Dask scheduler: write it like tls://10.0.0.2:8786")
        return value

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(_host(part.strip()) for part in parts if part.strip()) if isinstance(parts, Iterable) else value

    @field_validator("backup_recipients", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("public_url", mode="after")
    @classmethod
    def _check_address(cls, value: str) -> str:
        if value and _ADDRESS.fullmatch(value) is None:
            raise ValueError(f"{value!r} is no address of these pages: write it like https://milieu.example.org")
        return value

    @field_validator("ping_url", mode="after")
    @classmethod
    def _check_ping(cls, value: str) -> str:
        address = urlsplit(value)
        is_plain_here = address.scheme == "http" and address.hostname in ("localhost", "127.0.0.1", "::1")
        if value and not (address.hostname and (address.scheme == "https" or is_plain_here)):
            raise ValueError("an address that begins with https://, or with http://localhost for this machine's own")
        return value

    @property
    def backups(self) -> Path:
        """The folder of the backups."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def database_url(self) -> str:
        """The database: the one given, else a SQLite file in the data folder."""
        return self.database_url_given or f"sqlite:///{quote(str(self.data_dir / 'milieu.sqlite'), safe='/:')}"


def read_settings(**given: Any) -> Settings:
    """The settings of the environment and of `.env`, under what the command line gave. Raises Invalid, naming each."""
    _read_env_file()
    try:
        return Settings(**given)
    except ValidationError as error:
        raise Invalid("A setting cannot be taken.", [_fault(each) for each in error.errors()]) from error


def unknown_names() -> list[str]:
    """Each name in the environment and in `.env` that begins like ours and is none, as a sentence."""
    known = {_variable(field) for field in Settings.model_fields}
    given = {name.upper() for name in (*os.environ, *_read_env_file())}
    wrong = sorted(name for name in given if name.startswith(_PREFIX) and name not in known)
    return [_unknown(name, sorted(known)) for name in wrong if name.removeprefix(_PREFIX) not in _OTHERS]


def is_debugging() -> bool:
    """Whether Flask is told to show its insides to whoever meets a fault."""
    return os.environ.get("FLASK_DEBUG", "").lower() not in ("", "0", "false", "no")


def library_defaults() -> dict[str, str]:
    """What the library of PostgreSQL takes for whatever an address leaves open, by the names of its variables."""
    return {name: value for name, value in os.environ.items() if name.startswith("PG")}


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    return f"{name} is no setting of Milieu{f': did you mean {near[0]}?' if near else '.'}"


def _fault(fault: Any) -> str:
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"{_variable(str(fault['loc'][0]))}: {said}." if fault["loc"] else f"{said}."


def _variable(field: str) -> str:
    """The name in the environment of a setting."""
    return field if field.startswith(_PREFIX) else f"{_PREFIX}{field.removesuffix('_given').upper()}"


def _read_env_file() -> list[str]:
    """The names that `.env` gives. Raises Invalid where it is no text, or a line of it is no setting."""
    if not ENV_FILE.is_file():
        return []
    try:
        text = ENV_FILE.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Invalid(f"The file {ENV_FILE} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"The file {ENV_FILE} is not in UTF-8: save it as that.") from error
    if "\0" in text:
        raise Invalid(f"The file {ENV_FILE} is not in UTF-8: save it as that.")
    bindings = list(parse_stream(io.StringIO(text)))
    if torn := [str(_line_of(each.original)) for each in bindings if each.error]:
        raise Invalid(f"The file {ENV_FILE} has lines that are no NAME=value: {', '.join(torn)}.")
    return [each.key for each in bindings if each.key]


def _line_of(original: Original) -> int:
    """The line of a binding that could not be read; empty lines before it count to it."""
    return original.line + len(original.string) - len(original.string.lstrip("\n"))


def _folder(given: Path) -> Path:
    """An absolute path, `~` and `$HOME` filled in as a shell does; left standing they would name a new folder."""
    text = os.path.expandvars(os.path.expanduser(given))
    if left := re.search(r"\$\{?\w+\}?|^~[^/]*", text):
        raise ValueError(f"{left[0]} in {str(given)!r} is nobody's folder: write the whole path")
    try:
        text.encode()
    except UnicodeError:
        raise ValueError("the folder's name has letters that cannot be read") from None
    return Path(os.path.abspath(text))
