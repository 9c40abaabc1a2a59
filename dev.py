#!/usr/bin/env python3
"""Set up and run Milieu with nothing but Python: python3 dev.py COMMAND

  demo   set up, plan the week of a made-up community and serve it
           [--port N] [--data DIR] [--community alder|linden|rowan] [--fresh] [--no-browser]
  test   set up with the tests' tools and run everything that has to pass [--quick: none that is slow or on PostgreSQL];
           with pytest's own arguments (test -k board, test tests/solver) only those tests
  lint   ruff, mypy and the import contracts alone
  bench  measure the solver and the pages; arguments go to `python -m bench`
  setup  install the product and the tests' tools, nothing else
  lock   choose the newest allowed versions again and write the lock files

Everything is installed into .venv beside this file; deleting that folder undoes it.
"""

# This file must parse on Python 3.8, to say there that it is too old.
from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
IS_WINDOWS = sys.platform == "win32"
BIN = VENV / ("Scripts" if IS_WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if IS_WINDOWS else "python")
UV = BIN / ("uv.exe" if IS_WINDOWS else "uv")
WAITING_ROOM = ROOT / ".setup-lock"

OLDEST = (3, 11)
SETUP_LOCK = "setup.lock"  # uv and the build tools, which install the rest
LEVELS = {"product": "requirements.lock", "tools": "dev.lock"}  # dev.lock holds all of requirements.lock too
UNREACHED = "The packages could not be fetched: is this machine online? The same command goes on where this one ended."

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
OWN_BROWSER = VENV / "chromium"
NPM_CHROMIUM = "@sparticuz/chromium@153.0.0"  # carries the browser itself, its libraries and fonts
UNPACK = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath()'
COMPILE = "from solver.kernels.compilation import compile_once; compile_once()"
NO_BROWSER = "the browser tests will fail until there is a Chromium (or MILIEU_CHROMIUM names one). This mends it: {}"


class Stopped(Exception):
    """What the reader has to mend, as a sentence for them."""


def say(sentence: str) -> None:
    print(f"milieu: {sentence}", flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Tell a step when it starts, and how long it took."""
    say(f"{what} ...")
    start = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - start:.1f} s")


# ---- set-up


def installers_environment() -> dict[str, str]:
    """The environment for pip and uv: they write into .venv, whatever the shell's own settings say."""
    foreign = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")
    pips = {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    uvs = {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy", "UV_SYSTEM_CERTS": "1"}
    return {name: value for name, value in os.environ.items() if name not in foreign} | pips | uvs


def is_done(arguments: list[str], environment: dict[str, str], *, is_seen: bool = False) -> bool:
    """Run an installer; its words are shown where it fails, or as they come where `is_seen`."""
    sink = None if is_seen else subprocess.PIPE
    done = subprocess.run(
        arguments, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink and subprocess.STDOUT
    )
    if done.returncode and sink:
        sys.stderr.write(done.stdout.decode("utf-8", "replace"))
    return done.returncode == 0


def can_use_apt() -> bool:
    return not IS_WINDOWS and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(package: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    is_done(["apt-get", "-qq", "update"], environment)  # an old list may still do
    return is_done(["apt-get", "-qq", "-y", "--no-install-recommends", "install", package], environment)


def check_version() -> None:
    if sys.version_info[:2] < OLDEST:
        found = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
        again = " ".join([*(found or ["python3.13"])[:1], "dev.py", *(sys.argv[1:] or ["demo"])])
        wanted, present = (".".join(map(str, version)) for version in (OLDEST, sys.version_info[:2]))
        raise Stopped(f"Milieu needs Python {wanted} or newer, and this is {present}. Please run it like this: {again}")


def check_venv_module() -> None:
    """Debian's Python comes without ensurepip: install it where we may, else say how."""
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    if not importlib.util.find_spec("ensurepip") and can_use_apt() and sys.base_prefix == "/usr":
        with step(f"installing {package}, which this Python lacks"):
            apt_install(package)
        importlib.invalidate_caches()
    if not importlib.util.find_spec("ensurepip"):
        raise Stopped(
            f"This Python lacks its venv module. On Debian and Ubuntu this mends it: apt-get install {package}"
        )


def fingerprint(level: str) -> str:
    """A hash of all that decides what a level installs."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in ("pyproject.toml", SETUP_LOCK, *sorted({LEVELS["product"], LEVELS[level]})):
        try:
            digest.update(hashlib.sha256((ROOT / name).read_bytes()).digest())
        except OSError as error:
            raise Stopped(f"{name} is missing here: is this a whole clone of Milieu?") from error
    return digest.hexdigest()


def stamp(level: str) -> Path:
    """The file that says what was installed for a level, wholly and last."""
    return VENV / f"milieu-{level}.stamp"


def is_set_up(level: str) -> bool:
    return PYTHON.exists() and stamp(level).is_file() and stamp(level).read_text() == fingerprint(level)


def is_taken(handle: int) -> bool:
    """Lock a file until it is closed or this process ends; True where another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


@contextmanager
def alone() -> Iterator[None]:
    """Let one set-up at a time write into the environment; a second waits and says so."""
    with WAITING_ROOM.open("a+b") as file:
        if is_taken(file.fileno()):
            say("another set-up is at work in this folder; waiting until it is done ...")
            while is_taken(file.fileno()):
                time.sleep(0.2)
        yield


def make_environment() -> None:
    """Leave a working environment in .venv: made, completed, or made anew where it no longer works."""
    home = VENV / "milieu-home"  # scripts in it carry the folder's path
    has_moved = home.exists() and home.read_text() != str(ROOT)
    question = f"import sys, pip; sys.exit(sys.version_info[:2] < {OLDEST})"
    if PYTHON.exists() and not has_moved:
        asked = subprocess.run([str(PYTHON), "-c", question], env=installers_environment(), stderr=subprocess.DEVNULL)
        if asked.returncode == 0:
            home.write_text(str(ROOT))
            return
    check_venv_module()
    import venv

    with step("making an environment in .venv with Python {}.{}.{}".format(*sys.version_info[:3])):
        try:
            venv.create(VENV, with_pip=True, clear=VENV.exists(), symlinks=not IS_WINDOWS)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Stopped(f"No environment could be made in {VENV}: {error}") from error
        home.write_text(str(ROOT))


def get_installer() -> list[str]:
    """The command that installs packages: uv's, else pip's where uv has no wheel for this machine."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-warn-script-location"]
    wanted = ["--require-hashes", "-r", SETUP_LOCK] if (ROOT / SETUP_LOCK).exists() else ["uv==0.13.*"]
    with step("fetching uv, which installs the rest"):
        is_there = is_done([*pip, "--only-binary=uv", *wanted], installers_environment())
    if is_there:
        return [str(UV), "pip", "install", "--python", str(PYTHON), "--no-build-isolation"]
    say("uv cannot be had here; trying pip, which takes longer")
    return pip


def install(level: str) -> None:
    """Bring the environment to a level. Interrupted, it is repeated by the next call: the stamp is written last."""
    wanted = fingerprint(level)
    make_environment()
    for old in LEVELS:
        stamp(old).unlink(missing_ok=True)
    installer, environment = get_installer(), installers_environment()
    lock = (ROOT / LEVELS[level]).read_text()
    packages = sum("==" in line and not line.startswith((" ", "#")) for line in lock.splitlines())
    with step(f"installing {packages} packages" + (" (the product and the tests' tools)" if level == "tools" else "")):
        arguments = [*installer, "--require-hashes", "-r", LEVELS[level]]
        tries = [environment, {**environment, "UV_SYSTEM_CERTS": "0"}]  # the machine's certificates, else uv's own
        if not any(is_done(arguments, each, is_seen=sys.stderr.isatty()) for each in tries):
            raise Stopped(UNREACHED)
        if not is_done([*installer, "--no-deps", "-e", "."], environment):
            raise Stopped("Milieu itself could not be installed; the lines above say why.")
    if level == "tools":
        stamp("product").write_text(fingerprint("product"))
    stamp(level).write_text(wanted)


def compile_search() -> None:
    """Have the machine code of the search in its cache: again only when its sources change."""
    sources = [path.read_bytes() for path in sorted((ROOT / "solver").rglob("*.py"))]
    wanted, kept = hashlib.sha256(b"".join([fingerprint("product").encode(), *sources])).hexdigest(), stamp("search")
    if not sources or (kept.is_file() and kept.read_text() == wanted):
        return
    with step("compiling the search: half a minute of one core, once"):
        is_compiled = is_done([str(PYTHON), "-c", COMPILE], dict(os.environ))
    if not is_compiled:
        return say("the search could not be compiled; plans take longer until it is")
    kept.write_text(wanted)


def set_up(level: str, *, compiles: bool = True) -> None:
    """Install what a level needs; does nothing, quickly, where it is there."""
    if not is_set_up(level):
        with alone():
            if not is_set_up(level):
                install(level)
    if compiles:
        compile_search()


# ---- a browser for the tests


def find_chromium() -> Path | None:
    """A Chromium for the browser tests: the one named, one on the PATH, one that was fetched before."""
    if named := os.environ.get("MILIEU_CHROMIUM"):
        if not (found := shutil.which(named)):
            raise Stopped(f"MILIEU_CHROMIUM names {named}, which is not there or cannot be run.")
        return Path(found)
    for name in BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    caches = (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright")
    fetched = [path for cache in caches for path in sorted(cache.glob("chromium-*/chrome-*/chrome"))]
    others = [Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"), OWN_BROWSER / "start"]
    return next((path for path in [*fetched, *others] if path.is_file()), None)


def fetch_chromium() -> bool:
    """Install a Chromium from Debian's packages or, without root, from npm; False where neither can be done."""
    if can_use_apt():
        with step("installing Debian's chromium for the browser tests"):
            if apt_install("chromium"):
                return True
    node = next(VENV.glob("lib/python*/site-packages/playwright/driver/node"), None)
    npm = shutil.which("npm")
    if not npm or not node or sys.platform != "linux":
        return False
    OWN_BROWSER.mkdir(exist_ok=True)
    (OWN_BROWSER / "package.json").write_text("{}")
    with step("fetching a Chromium from npm for the browser tests"):
        arguments = [npm, "install", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", NPM_CHROMIUM]
        unpacking = {"TMPDIR": str(OWN_BROWSER), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}  # the libraries too
        if not is_done([*arguments, "--prefix", str(OWN_BROWSER)], {**os.environ}):
            return False
        (OWN_BROWSER / "unpack.mjs").write_text(UNPACK)
        if not is_done([str(node), str(OWN_BROWSER / "unpack.mjs")], {**os.environ, **unpacking}):
            return False
        start = OWN_BROWSER / "start"
        here = f'export LD_LIBRARY_PATH="{OWN_BROWSER}/al2023/lib" FONTCONFIG_PATH="{OWN_BROWSER}/fonts"'
        start.write_text(f'#!/bin/sh\n{here}\nexec "{OWN_BROWSER}/chromium" "$@"\n')
        start.chmod(0o755)
    return True


def provide_chromium() -> None:
    """Leave a Chromium where the tests look; where that fails say what mends it: the tests that need it fail."""
    if find_chromium() is None:
        with alone():
            if find_chromium() is None and not fetch_chromium():
                own = f"{PYTHON.relative_to(ROOT)} -m playwright install chromium"
                say(NO_BROWSER.format("sudo apt-get install chromium" if shutil.which("apt-get") else own))


# ---- commands


def run(*arguments: str) -> int:
    """Run a program of the environment in this folder."""
    return subprocess.run([str(BIN / arguments[0]), *arguments[1:]], cwd=ROOT).returncode


def run_parts(parts: dict[str, list[str]]) -> int:
    """Run every part, also after one has failed, and tell at the end how each went and how long it took."""
    rows, is_good = [], True
    for name, arguments in parts.items():
        say(f"{name} ...")
        start = time.monotonic()
        status = run(*arguments)
        is_good = is_good and status == 0
        rows.append(f"  {name:<20} {'passed' if status == 0 else 'FAILED':<8} {time.monotonic() - start:7.1f} s")
    for row in rows:
        say(row)
    return 0 if is_good else 1


LINT = {"ruff": ["ruff", "check", "."], "ruff format": ["ruff", "format", "--check", "."], "mypy": ["mypy"]}
LINT["import contracts"] = ["lint-imports", "--no-logo"]
TESTS = ["pytest", "-pxdist", f"-n{min(4, (os.cpu_count() or 1) + 1)}", "--dist=loadfile"]  # one more: many wait


def demo(arguments: list[str]) -> int:
    set_up("product", compiles=False)  # it compiles the search itself, while its first page is there
    if IS_WINDOWS:
        return run("milieu", "demo", *arguments)
    os.execv(BIN / "milieu", ["milieu", "demo", *arguments])  # noqa: S606


def test(arguments: list[str]) -> int:
    set_up("tools", compiles=False)
    threading.Thread(target=compile_search).start()  # what reads the sources need not wait for it, and pytest does
    provide_chromium()
    is_whole = arguments in ([], ["--quick"])
    return run_parts({**LINT, "pytest": [*TESTS, *arguments]}) if is_whole else run("pytest", *arguments)


def lint(arguments: list[str]) -> int:
    set_up("tools")
    return run_parts(LINT)


def bench(arguments: list[str]) -> int:
    set_up("product")
    return run("python", "-m", "bench", *arguments)


def setup(arguments: list[str]) -> int:
    set_up("tools")
    say("everything is installed in .venv")
    return 0


def lock(arguments: list[str]) -> int:
    """Write the four lock files, exact versions with their hashes for every platform, and no addresses."""
    with alone():
        make_environment()
        get_installer()
        uv = [str(UV), "pip", "compile", "--universal", "--generate-hashes", "--quiet", "--no-header"]
        uv += ["--upgrade", "--no-annotate", "--python", str(PYTHON), *arguments]
        for name, chosen in {
            LEVELS["product"]: ["pyproject.toml"],
            LEVELS["tools"]: ["pyproject.toml", "--extra", "cluster", "--group", "dev", "-c", LEVELS["product"]],
            "cluster.lock": ["pyproject.toml", "--extra", "cluster", "-c", LEVELS["tools"]],  # on several machines
            SETUP_LOCK: ["--group", "setup", "-c", LEVELS["tools"]],
        }.items():
            with step(f"choosing versions for {name}"):
                if not is_done([*uv, *chosen, "-o", name], installers_environment()):
                    raise Stopped(UNREACHED)
    return 0


COMMANDS = {"demo": demo, "test": test, "lint": lint, "bench": bench, "setup": setup, "lock": lock}


def main(arguments: list[str]) -> int:
    command = arguments[0] if arguments else ""
    if command not in COMMANDS:
        is_asked = command in ("-h", "--help", "help")
        print(__doc__.strip(), file=sys.stdout if is_asked else sys.stderr)
        return 0 if is_asked else 2
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # many processes: without bytecode each compiles every import anew
    try:
        check_version()
        return COMMANDS[command](arguments[1:])
    except Stopped as stopped:
        print(f"milieu: {stopped}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nmilieu: stopped; the same command goes on where this one ended.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
