"""What somebody typed in a hurry, as it is compared with how it is written."""

import unicodedata


def plain(text: str) -> str:
    """A text without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
