"""How many fields a form may have: each costs its reader time, and the largest body that is taken holds half a million.

Werkzeug bounds the parts of a form with files alone.
"""

from io import BytesIO
from typing import IO

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MOST_FIELDS = 20_000
"""More than the largest form has, which ticks everybody of a community; counted before anything is read."""

_Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class FieldsParser(FormDataParser):
    """A parser that refuses forms with more fields.

    Raises RequestEntityTooLarge.
    """

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> _Parsed:
        body = stream.read()
        if body.count(b"&") >= MOST_FIELDS:
            raise RequestEntityTooLarge
        return super()._parse_urlencoded(BytesIO(body), mimetype, content_length, options)
