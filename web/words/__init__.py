"""Language: which one a page speaks, and how it writes days, times and counts."""

from flask import Flask, request
from flask_babel import Babel, get_locale

LOCALES = ("en_GB",)


def init_words(app: Flask) -> None:
    """Translate through gettext, from `web/words/translations` where there are any."""
    app.config.from_mapping(BABEL_DEFAULT_LOCALE=LOCALES[0], BABEL_TRANSLATION_DIRECTORIES="words/translations")
    Babel(app, locale_selector=_locale)


def _locale() -> str:
    offered = [locale.replace("_", "-") for locale in LOCALES]
    return (request.accept_languages.best_match(offered) or offered[0]).replace("-", "_")


def language() -> str:
    """The language of the present page, for its `lang` attribute."""
    locale = get_locale()
    assert locale is not None, "a page is shown within a request"
    return locale.language
