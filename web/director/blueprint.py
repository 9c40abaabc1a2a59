"""The blueprint that the director's views hang on."""

from flask import Blueprint

blueprint = Blueprint("director", __name__)
