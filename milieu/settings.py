"""The only reader of the environment: `MILIEU_…` variables over a `.env` file over defaults."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")


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
        env_prefix="MILIEU_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
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
    idle_seconds: float = Field(30.0, ge=1)  # a connection between two requests
    request_seconds: float = Field(20.0, ge=1)  # from a request's first letter to its last
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: int = Field(0, ge=0)
    is_secure: bool = False  # served over HTTPS: cookies are marked Secure
    staff_idle_minutes: int = Field(15, ge=1)  # shared tablets
    staff_hours: int = Field(12, ge=1)
    desk_idle_minutes: int = Field(60, ge=1)
    desk_hours: int = Field(12, ge=1)
    family_days: int = Field(30, ge=1)

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

    tick_seconds: float = Field(10.0, gt=0)
    lease_seconds: float = Field(30.0, gt=0)

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(_host(part.strip()) for part in parts if part.strip()) if isinstance(parts, Iterable) else value

    @property
    def database_url(self) -> str:
        """The database: the one given, else a SQLite file in the data folder."""
        return self.database_url_given or f"sqlite:///{self.data_dir / 'milieu.sqlite'}"
