"""The typeface, straight from its package: no font file lives in this repository."""

from pathlib import Path

import fontpkg_atkinson_hyperlegible
from flask import Blueprint, abort, send_from_directory
from werkzeug.wrappers import Response

blueprint = Blueprint("assets", __name__)

_FOLDER = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
_FACES = {
    "regular.ttf": "AtkinsonHyperlegible-Regular.ttf",
    "bold.ttf": "AtkinsonHyperlegible-Bold.ttf",
}


@blueprint.get("/fonts/<name>")
def font(name: str) -> Response:
    """A face of Atkinson Hyperlegible."""
    if name not in _FACES:
        abort(404)
    response = send_from_directory(_FOLDER, _FACES[name], mimetype="font/ttf", max_age=31_536_000)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
