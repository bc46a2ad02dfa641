"""Topics as concepts: what a text is about, in Japanese or English, and who fits a question. See docs/matching.md.

Not a feature: nothing here has routes. Consultations, coffee rounds and HR's figures use it.
"""

from handlers.topics.index import Evidence, Hit, Index, Question, Weights
from handlers.topics.loading import VocabularyError, load_vocabulary
from handlers.topics.pieces import list_pieces, list_wanted_pieces
from handlers.topics.reading import Found, Reader, Reading, get_reader, get_working_reader
from handlers.topics.vocabulary import Concept, Relation, Vocabulary

__all__ = [
    "Concept",
    "Evidence",
    "Found",
    "Hit",
    "Index",
    "Question",
    "Reader",
    "Reading",
    "Relation",
    "Vocabulary",
    "VocabularyError",
    "Weights",
    "get_reader",
    "get_working_reader",
    "list_pieces",
    "list_wanted_pieces",
    "load_vocabulary",
]
