"""What two people have in common of their past, as a sentence for those who may know it."""

from flask_babel import gettext as _

from milieu.queries.residents.pasts import LANGUAGES, ORIGINS, TRADES, Shared


def shared_sentence(name: str, shared: Shared) -> str:
    """What somebody has in common with whom it is about."""
    return {
        LANGUAGES: _("%(name)s speaks %(word)s too.", name=name, word=shared.word),
        ORIGINS: _("%(name)s comes from %(word)s too.", name=name, word=shared.word),
        TRADES: _("%(name)s has this past too: %(word)s.", name=name, word=shared.word),
    }[shared.kind]


def both_sentence(shared: Shared) -> str:
    """What two have in common."""
    return {
        LANGUAGES: _("Both speak %(word)s.", word=shared.word),
        ORIGINS: _("Both come from %(word)s.", word=shared.word),
        TRADES: _("Both have this past: %(word)s.", word=shared.word),
    }[shared.kind]
