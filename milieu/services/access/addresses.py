"""E-mail addresses in one normal form: what is counted, looked up, stored and checked is the same string.

Full-width letters, any dot between labels, capitals and the two spellings of a foreign domain ("münchen.de" and
"xn--mnchen-3ya.de") are one address. Names of closed networks ("desk@home.local", "dee@localhost") are real.
"""

import re
import unicodedata

from milieu.errors import Invalid

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3
_LONGEST_LOCAL, _LONGEST_LABEL = 64, 63
_DOTS = str.maketrans("。｡．", "...")
_NEVER_BEFORE_AT = re.compile(r'[()<>\[\]:;,\\"\s]')


def normal_address(typed: str) -> str:
    """The one form of an address; of what is no address a bounded text that no account has. Never raises."""
    text = typed[: 4 * LONGEST_ADDRESS]
    for _ in range(4):  # a label may spell another spelling; what has not settled by then is no address
        settled = _once(text)
        if settled == text:
            break
        text = settled
    return text[: LONGEST_ADDRESS + 1]


def read_address(typed: str) -> str:
    """The normal form of an address that an account may have. Raises Invalid with a sentence that names the fault."""
    address = normal_address(typed)
    local, at, domain = address.rpartition("@")
    if fault := _fault(local, at, domain, address):
        raise Invalid(fault, at="email")
    return address


def wire_address(address: str) -> str:
    """An address as mail servers take it: foreign letters of its domain in their ASCII spelling."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{'.'.join(map(_in_ascii, domain.split('.')))}"


def _once(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).strip().lower().translate(_DOTS))
    local, at, domain = folded.rpartition("@")
    return local + at + ".".join(map(_in_letters, domain.split("."))) if at else folded


def _in_letters(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _in_ascii(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def _fault(local: str, at: str, domain: str, address: str) -> str:
    if "<" in address or ">" in address:
        return "Write the e-mail address alone, without a name and without < and >."
    if not at or not local or not domain:
        return "That is not an e-mail address: it needs a name, an @ and a place, like dee@example.org."
    if len(address) > LONGEST_ADDRESS or len(local) > _LONGEST_LOCAL:
        return "That e-mail address is too long."
    if any(unicodedata.category(char)[0] in "CZ" for char in address):
        return "An e-mail address holds no spaces and no hidden letters."
    if "@" in local or _NEVER_BEFORE_AT.search(local) or not all(local.split(".")):
        return "The part before the @ cannot be read: it holds a letter or a dot that no address has there."
    if not all(map(_is_label, domain.split("."))):
        return "The part after the @ cannot be read: it is a place like example.org or home.local."
    return ""


def _is_label(label: str) -> bool:
    fits = 0 < len(_in_ascii(label)) <= _LONGEST_LABEL and label[0] != "-" != label[-1]
    return fits and all(char == "-" or unicodedata.category(char)[0] in "LMN" for char in label)
