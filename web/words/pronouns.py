"""How a resident is spoken of."""


def by(pronoun: str, she: str, he: str, they: str) -> str:
    """The words for a pronoun."""
    return {"she": she, "he": he}.get(pronoun, they)
