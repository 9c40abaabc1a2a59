"""The present password of somebody who is known: asked before what a sign-in alone does not open."""

from milieu.services.access.holders import find_password_hash
from milieu.services.access.passwords import is_right, is_too_long
from web.account.hashing import HashQueue
from web.account.throttle import FROM_ONE_NETWORK, reserve_for, was_right
from web.binding import reader


def is_present_password(queue: HashQueue, holder_id: str, typed: str) -> bool:
    """Whether it is hers. Counted alike wherever it is asked. Raises TooFast: nothing was looked at."""
    tries = reserve_for("present password", FROM_ONE_NETWORK, holder_id)
    stored = find_password_hash(reader(), holder_id)
    if is_too_long(typed) or not queue.compute(is_right, stored, typed):
        return False
    was_right(tries)
    return True
