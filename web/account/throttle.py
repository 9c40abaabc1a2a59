"""How often a password may be tried: alike for names with and without an account, from the first try to the last.

Counted are a name from one network (a few at once, then slowly), a name from anywhere, and a network, and of IPv6 the
site that it may be a part of, whatever they name.
Nobody is locked out by others: a browser that has signed in to the account before carries a signed mark and has
allowances of its own, a network's tries of a name leave room for the other networks, and leave to set a new password (a
mailed link, a printed code) is counted apart from all of them.
"""

import ipaddress
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from milieu.database import DbSession
from milieu.services.access.tries import Allowance, Meter, forget_tries, give_back, meter_key, reserve_try
from web.binding import bound, now, write

_DEVICE_DAYS = 180
_SLOWLY = timedelta(minutes=36)  # 40 a day

_WITH_PORT = re.compile(r"\[(?P<six>[^\[\]]*)\](?::\d{1,5})?|(?P<four>[0-9.]+):\d{1,5}", re.ASCII)

AT_ONCE = Allowance(3, timedelta(seconds=5))
FROM_ONE_NETWORK = Allowance(40, _SLOWLY)
FROM_ANYWHERE = Allowance(60, _SLOWLY)  # with 40 that come back: at most 100 in any 24 hours
OF_A_NETWORK = Allowance(100, timedelta(seconds=30))
OF_A_SITE = Allowance(1000, timedelta(seconds=3))  # who has a /48 has 65,536 networks


@dataclass(frozen=True)
class Tries:
    """What a reserved try has used: what belongs to this browser or network and name alone, and what others share."""

    own: tuple[Meter, ...]
    shared: tuple[Meter, ...] = ()


def reserve_sign_in(address: str, holder_id: str | None) -> Tries:
    """Count a try before its password is looked at. Raises TooFast: nothing was looked at, nothing is counted."""
    device = _device_of(holder_id) if holder_id else None
    if device is not None:
        own = (_meter("device", AT_ONCE, device), _meter("device, a day", FROM_ONE_NETWORK, device))
        return reserve(Tries(own))
    network = network_of(request.remote_addr)
    own = (_meter("name", AT_ONCE, address, network), _meter("name, a day", FROM_ONE_NETWORK, address, network))
    shared = [_meter("name", FROM_ANYWHERE, address), _meter("network", OF_A_NETWORK, network)]
    if site := _site_of(network):
        shared.append(_meter("site", OF_A_SITE, site))
    return reserve(Tries(own, tuple(shared)))


def reserve_for(kind: str, allowance: Allowance, *parts: str) -> Tries:
    """Count a try of another kind: `parts` say of whom."""
    return reserve(Tries((_meter(kind, allowance, *parts),)))


def reserve(tries: Tries) -> Tries:
    """Count it. Raises TooFast."""
    moment = now()
    write(lambda db: reserve_try(db, (*tries.own, *tries.shared), now=moment))
    return tries


def was_right(tries: Tries) -> None:
    """It was no wrong try: what is one's own begins anew, what is shared gets this one back."""

    def work(db: DbSession) -> None:
        forget_tries(db, tries.own)
        give_back(db, tries.shared)

    write(work)


def network_of(address: str | None) -> str:
    """The network that one subscriber has: an IPv4 address, the /64 of an IPv6 one; "" where it is unknown.

    Some proxies tell the visitor's port, too: "192.0.2.7:50123", "[2001:db8::7]:50123".
    """
    told = address or ""
    if with_port := _WITH_PORT.fullmatch(told):
        told = with_port["six"] or with_port["four"] or ""
    try:
        found = ipaddress.ip_address(told.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def remember_browser(holder_id: str, response: Response) -> None:
    """Mark this browser as one of hers."""
    response.set_cookie(
        _cookie_name(),
        _signer().dumps([holder_id, secrets.token_hex(16)]),
        max_age=timedelta(days=_DEVICE_DAYS),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=bound().settings.is_secure,
    )


def _site_of(network: str) -> str:
    """The /48 of an IPv6 network, which one subscriber may have as well; "" of every other."""
    return str(ipaddress.IPv6Network(network).supernet(new_prefix=48)) if ":" in network else ""


def _meter(kind: str, allowance: Allowance, *parts: str) -> Meter:
    return Meter(meter_key(current_app.config["SECRET_KEY"], kind, *parts), allowance)


def _device_of(holder_id: str) -> str | None:
    try:
        owner, device = _signer().loads(request.cookies.get(_cookie_name(), ""), max_age=_DEVICE_DAYS * 86_400)
    except (BadSignature, ValueError):
        return None
    return str(device) if owner == holder_id else None


def _cookie_name() -> str:
    return "__Host-milieu-device" if bound().settings.is_secure else "milieu-device"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="milieu-device")
