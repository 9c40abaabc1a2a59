"""The blueprint that the views of calendars hang on."""

from flask import Blueprint

blueprint = Blueprint("feeds", __name__)
