"""How a topic that nobody could help with is named to HR: by the vocabulary, or as a word that enough people used."""

from storage.queries.figures import WORD


def broaden(term: str) -> str:
    """The broader concept's term; "" above the top, and for words."""
    return ""


def name_term(term: str, locale: str) -> str:
    """The name to show in `ja` or `en`; "" for a concept that the vocabulary no longer has."""
    return term.removeprefix(WORD) if term.startswith(WORD) else ""
