"""How a topic that nobody could help with is named to HR: by the vocabulary, or as a word that enough people used."""

from handlers.topics import Vocabulary
from storage.queries.figures import CONCEPT, WORD


def broaden(vocabulary: Vocabulary, term: str) -> str:
    """The term of the broader concept; "" above the top, for words, and for what the vocabulary no longer has. Where
    several are broader, the first is the nearest."""
    concept = vocabulary.find(term.removeprefix(CONCEPT)) if term.startswith(CONCEPT) else None
    return f"{CONCEPT}{concept.broader[0]}" if concept and concept.broader else ""


def name_term(vocabulary: Vocabulary, term: str, locale: str) -> str:
    """The name to show in `ja` or `en`; "" for a concept that the vocabulary no longer has."""
    if term.startswith(WORD):
        return term.removeprefix(WORD)
    concept = vocabulary.find(term.removeprefix(CONCEPT))
    return concept.name(locale) if concept else ""
