"""The files that others run Milieu by are true of it: every command, setting, name and time in them is one there is."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from milieu.database import hosts_in_the_clear
from milieu.settings import Settings
from tests.architecture.sources import ROOT
from web.app import LARGEST_BODY
from web.commands import cli

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SETTINGS = {f"MILIEU_{field.removesuffix('_given').upper()}" for field in Settings.model_fields}
# Of the Compose specification, what these files use; another key is a misspelt one until it is looked up there.
SERVICE = {
    *("image", "build", "command", "environment", "volumes", "tmpfs", "ports", "expose", "depends_on", "restart"),
    *("healthcheck", "deploy", "read_only", "cap_drop", "security_opt", "shm_size"),
}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
VARIABLE = re.compile(r"\$\{(\w+)")


def compose() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return told


def faults_of_command(words: list[str]) -> list[str]:
    """What `milieu WORDS` would not understand."""
    command: click.Command = cli.milieu
    rest = list(words)
    while rest and isinstance(command, click.Group) and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    if isinstance(command, click.Group) and not command.invoke_without_command:
        return [f"milieu {' '.join(words)}: is no command"]
    options = {option for each in command.params for option in each.opts}
    return [f"milieu {' '.join(words)}: {word}" for word in rest if word not in options]


def faults_of_settings(given: dict[str, Any]) -> list[str]:
    return [name for name in given if name.startswith("MILIEU_") and name not in SETTINGS]


def faults_of_service(told: dict[str, Any], name: str) -> list[str]:
    """What is wrong with a service of a compose file."""
    service = told["services"][name]
    faults = [f"{name}: {key}" for key in service.keys() - SERVICE]
    if service["image"] == "milieu":
        faults += faults_of_command(service["command"])
        faults += faults_of_settings(service["environment"])
    needed = service.get("depends_on", {})
    faults += [f"{name} waits for {each}" for each in needed if each not in told["services"]]
    if isinstance(needed, dict):
        faults += [f"{name}: {each}" for each in needed.values() if set(each.values()) - CONDITIONS]
    for volume in service.get("volumes", ()):
        source = volume.partition(":")[0]
        is_there = (DEPLOY / source).exists() if source.startswith(".") else source in told["volumes"]
        faults += [] if is_there else [f"{name} has no volume {source}"]
    return faults


@pytest.mark.parametrize("name", compose()["services"])
def test_each_service_is_one_that_compose_and_milieu_understand(name: str) -> None:
    assert faults_of_service(compose(), name) == []


def test_what_is_wrong_with_a_service_would_be_found() -> None:
    told = compose()
    told["services"]["serve"].update(
        command=["server"],
        restrat="always",
        environment={"MILIEU_TRUSTED_HOST": "x"},
        depends_on={"databse": {"condition": "service_ready"}},
        volumes=["dta:/data"],
    )

    assert len(faults_of_service(told, "serve")) == 6


def test_every_variable_is_explained_and_none_is_left_over() -> None:
    lines = [line for line in (DEPLOY / "compose.yaml").read_text("utf-8").splitlines() if not line.startswith("#")]
    used = set(VARIABLE.findall("\n".join(lines)))
    explained = set(re.findall(r"^(\w+)=", (DEPLOY / "compose.env.example").read_text("utf-8"), re.MULTILINE))

    assert used == explained


def test_production_would_take_the_settings_of_compose() -> None:
    given = {name: VARIABLE.sub("x", str(value)) for name, value in compose()["x-milieu"]["environment"].items()}

    assert given["MILIEU_IS_PRODUCTION"] == given["MILIEU_IS_SECURE"] == "1"
    assert given["MILIEU_TRUSTED_HOSTS"]
    assert int(given["MILIEU_TRUSTED_PROXIES"]) == 1
    assert {"MILIEU_BACKUP_RECIPIENTS", "MILIEU_SECRET_KEY", "MILIEU_DATABASE_URL"} <= given.keys()
    assert hosts_in_the_clear(given["MILIEU_DATABASE_URL"], {}) == ()


def test_several_processes_see_to_the_days() -> None:
    assert compose()["services"]["scheduler"]["deploy"] == {"replicas": 2}


def test_programs_of_postgresql_are_as_new_as_the_server() -> None:
    image = compose()["services"]["database"]["image"]
    client = re.search(r"postgresql-client-(\d+)", (DEPLOY / "Containerfile").read_text("utf-8"))

    assert client is not None
    assert int(client[1]) >= int(image.rpartition(":")[2])


def test_the_container_is_made_of_what_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    copied = [word for line in re.findall(r"^COPY (.*)$", text, re.MULTILINE) for word in line.split()[:-1]]
    assert [each for each in copied if not (ROOT / each).exists()] == []
    assert {"milieu", "solver", "web", "pyproject.toml", "requirements.lock", "setup.lock"} <= set(copied)

    assert [each for each in re.findall(r"MILIEU_\w+", text) if each not in SETTINGS] == []
    ran = re.search(r'^CMD (\[".*"\])$', text, re.MULTILINE)
    assert ran is not None
    assert faults_of_command(yaml.safe_load(ran[1])) == []
    kept = re.search(r"^VOLUME (.*)$", text, re.MULTILINE)
    assert kept is not None
    told = compose()
    ours = set(told["x-milieu"]["volumes"]) - set(
        told["services"]["database"]["volumes"]
    )  # the socket is the database's
    assert set(yaml.safe_load(kept[1])) == {volume.rpartition(":")[2] for volume in ours}
    assert re.search(r"^USER milieu$", text, re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_unit_begins_a_command_there_is(unit: Path) -> None:
    started = re.findall(r"^ExecStart=/opt/milieu/bin/milieu (.*)$", unit.read_text("utf-8"), re.MULTILINE)

    assert len(started) == (unit.suffix == ".service")
    assert [fault for each in started for fault in faults_of_command(shlex.split(each))] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd's own reader is not on this machine")
@pytest.mark.parametrize(("change", "is_taken"), [(None, True), (("Restart=", "Restrat="), False)])
def test_systemd_takes_every_unit(tmp_path: Path, change: tuple[str, str] | None, is_taken: bool) -> None:
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/milieu/bin/milieu", "/bin/true")
        (tmp_path / unit.name.replace("@.", "@1.")).write_text(text.replace(*change) if change else text)
    units = [str(each) for each in sorted(tmp_path.iterdir())]

    told = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)

    said = [line for line in told.stderr.splitlines() if str(tmp_path) in line]
    assert (said == []) is is_taken, told.stderr


def test_the_timer_wakes_a_unit_there_is_after_the_clocks_own_hour() -> None:
    [timer] = [unit for unit in UNITS if unit.suffix == ".timer"]
    assert timer.with_suffix(".service") in UNITS

    hour = re.search(r"^OnCalendar=\*-\*-\* (\d\d):\d\d:00 UTC$", timer.read_text("utf-8"), re.MULTILINE)

    assert hour is not None
    assert int(hour[1]) > Settings().backup_hour


@pytest.mark.parametrize(
    ("file", "idle", "size"),
    [
        ("Caddyfile", r"keepalive (\d+)s", r"max_size (\d+)MB"),
        ("nginx.conf", r"keepalive_timeout (\d+)s", r"client_max_body_size (\d+)m"),
    ],
)
def test_proxies_end_connections_first_and_take_what_milieu_takes(file: str, idle: str, size: str) -> None:
    text = (DEPLOY / file).read_text("utf-8")
    seconds, megabytes = re.search(idle, text), re.search(size, text)

    assert seconds is not None
    assert megabytes is not None
    assert int(seconds[1]) < Settings().idle_seconds
    assert LARGEST_BODY <= int(megabytes[1]) * 1_000_000 <= 8 * LARGEST_BODY
