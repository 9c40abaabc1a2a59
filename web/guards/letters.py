"""What comes in by a page holds letters alone: no NUL, and nothing that turns a line around or cannot be seen.

A family name with U+202E makes others read the rest of the line backwards, and one with U+200B finds nobody who is
looked for. They are left out of every field and every part of an address's question, in the one place where those are
read. Letters of scripts that run from right to left stay as they are, and so do the joiners between letters of scripts
whose spelling needs them and within a picture of several parts. Passwords are letters of their own: nothing of them is
left out.
"""

import unicodedata
from typing import cast

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from milieu.errors import Invalid, NotFound
from web.guards.fields import FieldsParser

_BREAKS = "\n\r\t"
_JOINERS = "\u200c\u200d"
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and marks by name, which show nothing
_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
_SECRET = "password"  # noqa: S105 - the name of fields
NUL = "\0"


class LettersRequest(Request):
    """A request whose fields hold nothing that its reader could not see, and are no more than a form has."""

    form_data_parser_class = FieldsParser

    @property
    def args(self) -> MultiDict[str, str]:
        if "milieu_args" not in self.__dict__:
            self.__dict__["milieu_args"] = _cleaned(super().args)
        return cast(MultiDict[str, str], self.__dict__["milieu_args"])

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        fields = self.__dict__["form"]
        self.__dict__["milieu_has_nul"] = _has_nul(fields)
        self.__dict__["form"] = _cleaned(fields)

    @property
    def has_nul_in_address(self) -> bool:
        """Whether the path or the question behind it holds a NUL."""
        return NUL in self.path or _has_nul(super().args)

    @property
    def has_nul_in_form(self) -> bool:
        """Whether a field, or its name, holds a NUL."""
        return bool(self.form) and bool(self.__dict__["milieu_has_nul"])


def init_letters(app: Flask) -> None:
    """Read every request so; one with a NUL is refused before anything else looks at it."""
    app.request_class = LettersRequest
    app.before_request(_refuse)


def seen_letters(text: str) -> str:
    """The text without what turns a line around or cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        sign
        for place, sign in enumerate(text)
        if sign in _BREAKS or (_joins(text, place) if sign in _JOINERS else _is_seen(sign))
    )


def _refuse() -> None:
    asked = cast(LettersRequest, request)  # behind Flask's own stand-in
    if asked.has_nul_in_address:
        raise NotFound("No address holds a NUL.")
    if asked.method not in ("GET", "HEAD", "OPTIONS") and asked.has_nul_in_form:
        raise Invalid("Something in this form holds a sign that cannot be kept. Nothing was saved.")


def _cleaned(fields: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict(
        (name, value if _SECRET in name else seen_letters(value)) for name, value in fields.items(multi=True)
    )


def _has_nul(fields: MultiDict[str, str]) -> bool:
    return any(NUL in name or NUL in value for name, value in fields.items(multi=True))


def _is_seen(sign: str) -> bool:
    return sign not in _FILLERS and unicodedata.category(sign) not in _UNSEEN


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands within a word that is spelt with it, or a picture made of several."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if not before or not after:
        return False
    return _takes_joiners(before) and _takes_joiners(after)


def _takes_joiners(sign: str) -> bool:
    """Letters and marks of scripts that join, pictures, and what makes a picture coloured or plain."""
    if unicodedata.category(sign) in ("So", "Sk") or sign == "\ufe0f":
        return True
    script = unicodedata.name(sign, "").split(" ")[0]
    return unicodedata.category(sign)[0] in "LM" and script not in ("LATIN", "GREEK", "CYRILLIC", "CJK", "HIRAGANA")
