"""The blueprint that the pages of the living groups hang on."""

from flask import Blueprint

blueprint = Blueprint("ground", __name__)
