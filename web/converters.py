"""What may stand in an address: a day as 2026-11-30. Anything else is no address of ours."""

from datetime import date

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError


class DayConverter(BaseConverter):
    """An ISO date between 2000 and 2199."""

    regex = r"2[01]\d\d-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: date) -> str:
        return value.isoformat()


def init_converters(app: Flask) -> None:
    """Let addresses hold a `<day:…>`."""
    app.url_map.converters["day"] = DayConverter
