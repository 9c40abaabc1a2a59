"""What production must not begin with: each unsafe setting under its own name, all of them at once."""

from collections.abc import Iterable
from ipaddress import ip_address
from itertools import pairwise
from urllib.parse import urlsplit

from milieu.database import hosts_in_the_clear
from milieu.errors import Invalid
from milieu.machine.private import is_open, is_open_to_all, keep_private
from milieu.settings import Settings, is_debugging, library_defaults, unknown_names

SHORTEST_KEY = 32
FEWEST_LETTERS = 10  # different ones; 32 random hexadecimal digits have 14 of 16
MOST_PROXIES = 3
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "90", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertz", "yxcv")
_SAID_BY_MANY = ("changeme", "change-me", "change_me", "secret", "password", "example", "milieu", "default")


def check_safety(settings: Settings, *, has_pages: bool = True) -> None:
    """Raise Invalid where production would begin unsafe, naming every setting; elsewhere nothing is refused.

    `settings` are with their key where there is one; a clock without pages needs neither key nor names.
    """
    if not settings.is_production:
        return
    keep_private(settings.data_dir / "milieu.sqlite")  # what is ours to close need not be refused
    if found := [*unsafe(settings), *(unsafe_pages(settings) if has_pages else ())]:
        raise Invalid("Milieu does not start in production with settings that are not safe.", found)


def unsafe(settings: Settings) -> list[str]:
    """What is not safe for any process, each a sentence that begins with the setting's name."""
    found = unknown_names()
    if is_debugging():
        found.append("FLASK_DEBUG is set: whoever meets a fault would see what lies behind it. Take it away.")
    if is_open(settings.data_dir):
        found.append(f"MILIEU_DATA_DIR: other accounts may look into {settings.data_dir}: `chmod 700` it.")
    found += unsafe_databases(settings)
    if settings.solve_on.startswith("tcp:") and not is_this_machine(urlsplit(settings.solve_on).hostname or ""):
        found.append(
            f"MILIEU_SOLVE_ON is {settings.solve_on}: what residents wish and need would travel where others can read "
            "it. Give the cluster certificates and write tls://."
        )
    return found


def unsafe_databases(settings: Settings) -> Iterable[str]:
    """Each PostgreSQL that is spoken to over a network without TLS."""
    given = {"MILIEU_DATABASE_URL": settings.database_url, "MILIEU_BACKUP_PROOF_URL": settings.backup_proof_url}
    for name, url in given.items():
        hosts = (
            [host for host in hosts_in_the_clear(url, library_defaults()) if not is_this_machine(host)] if url else []
        )
        if hosts:
            yield (
                f"{name}: all that is kept would travel to {' and '.join(hosts)} where others can read it. "
                "Add ?sslmode=require to it, or verify-full with sslrootcert; a socket and this machine need none."
            )


def unsafe_pages(settings: Settings) -> list[str]:
    """What is not safe for a process that serves pages."""
    found = list(unsafe_key(settings))
    is_reachable = not is_this_machine(settings.host)
    if (is_reachable or settings.trusted_proxies) and not settings.is_secure:
        found.append(
            "MILIEU_IS_SECURE is not set: others reach Milieu, and only over HTTPS nobody reads along. "
            "Put a proxy that speaks HTTPS before it and set MILIEU_IS_SECURE=1, or listen on 127.0.0.1."
        )
    if (is_reachable or settings.trusted_proxies) and not settings.trusted_hosts:
        found.append("MILIEU_TRUSTED_HOSTS is empty: name the hosts that people reach Milieu by.")
    found += unsafe_names(settings)
    if settings.trusted_proxies > MOST_PROXIES:
        found.append(
            f"MILIEU_TRUSTED_PROXIES is {settings.trusted_proxies}: with more than really stand before Milieu, anybody "
            f"can pretend to call from elsewhere. {MOST_PROXIES} at most."
        )
    if settings.smtp_host and settings.smtp_security == "none" and not is_this_machine(settings.smtp_host):
        found.append(
            f"MILIEU_SMTP_SECURITY is none: links that set a password would go to {settings.smtp_host} where others "
            "can read them. Set it to starttls or tls, or hand letters to a mail server on this machine."
        )
    return found


def unsafe_names(settings: Settings) -> list[str]:
    """What is wrong with the names that the pages answer to, and with the one that stands in letters."""
    found = [
        f"MILIEU_TRUSTED_HOSTS: {each} stands for every name that ends so, whosever it is: write yours before it."
        for each in settings.trusted_hosts
        if each.startswith(".") and "." not in each[1:]
    ]
    address = urlsplit(settings.public_url)
    name = address.hostname or ""
    if name and address.scheme != "https" and not is_this_machine(name):
        found.append(
            f"MILIEU_PUBLIC_URL is {settings.public_url}: links that set a password would be opened where others can "
            "read along. Write https://."
        )
    if name and settings.trusted_hosts and not _is_among(name, settings.trusted_hosts):
        found.append(f"MILIEU_PUBLIC_URL: {name} is none of MILIEU_TRUSTED_HOSTS, so no link to it would be answered.")
    return found


def _is_among(name: str, hosts: Iterable[str]) -> bool:
    return any(name == each.removeprefix(".") or (each.startswith(".") and name.endswith(each)) for each in hosts)


def unsafe_key(settings: Settings) -> list[str]:
    """What is wrong with the key, or with who may read it."""
    key, file = settings.secret_key.get_secret_value(), settings.secret_key_file
    name = "MILIEU_SECRET_KEY_FILE" if file is not None else "MILIEU_SECRET_KEY"
    if not key:
        return ["MILIEU_SECRET_KEY_FILE: production needs a secret key of its own; `openssl rand -hex 32` makes one."]
    found = []
    if len(key) < SHORTEST_KEY:
        found.append(f"{name}: the secret key is too short: {SHORTEST_KEY} characters at least.")
    elif is_guessable(key):
        found.append(f"{name}: the secret key can be guessed; `openssl rand -hex 32` makes a better one.")
    if file is not None and is_open_to_all(file):
        found.append(f"MILIEU_SECRET_KEY_FILE: other accounts may read or change {file}: `chmod 600` it.")
    return found


def is_guessable(key: str) -> bool:
    """Whether a key has too few different letters, repeats itself or is made of what everybody writes there."""
    lower = key.lower()
    plain = len(key) < 2 * SHORTEST_KEY and any(word in lower for word in _SAID_BY_MANY)
    return len(set(key)) < FEWEST_LETTERS or _repeats(key) or _is_typed_along(lower) or plain


def _repeats(key: str) -> bool:
    """Whether all that follows a first part, at most half of it, was there before."""
    return any(key[period:] == key[:-period] for period in range(1, len(key) // 2 + 1))


def _is_typed_along(lower: str) -> bool:
    """Whether half of the letters follow each other in the alphabet or on a keyboard; of random ones, one in eight."""
    pairs = list(pairwise(lower))
    return (
        sum("".join(pair) in row or "".join(reversed(pair)) in row for pair in pairs for row in _ROWS) >= len(pairs) / 2
    )


def is_this_machine(host: str) -> bool:
    """Whether what is said to a host, or heard on it, never leaves this machine; no name is looked up."""
    bare = host.strip().lower().removeprefix("[").removesuffix("]")
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost"
