"""The blueprint that the staff's views hang on."""

from flask import Blueprint

blueprint = Blueprint("staff", __name__)
