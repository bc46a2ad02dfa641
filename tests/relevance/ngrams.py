"""The baseline that Musubi's ranking is held against: character n-grams, weighted by rarity, by the cosine."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_LENGTHS = (2, 3)


def fold(text: str) -> str:
    """Compatible forms and case made equal; whatever is not a letter or digit parts words."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def count(text: str) -> Counter[str]:
    """The n-grams of a text, within its words."""
    words = [f" {word} " for word in fold(text).split()]
    return Counter(
        word[start : start + length] for word in words for length in _LENGTHS for start in range(len(word) - length + 1)
    )


class Index:
    """Some texts, to be ranked by how like a question they are."""

    def __init__(self, texts: Sequence[str]) -> None:
        grams = [count(text) for text in texts]
        seen = Counter(gram for each in grams for gram in each)
        self._rarity = {gram: math.log((1 + len(texts)) / (1 + often)) + 1 for gram, often in seen.items()}
        self._vectors = [self._weigh(each) for each in grams]

    def _weigh(self, grams: Counter[str]) -> dict[str, float]:
        weighed = {
            gram: (1 + math.log(often)) * self._rarity[gram] for gram, often in grams.items() if gram in self._rarity
        }
        length = math.hypot(*weighed.values()) or 1.0
        return {gram: weight / length for gram, weight in weighed.items()}

    def rank(self, question: str) -> list[int]:
        """The places of the texts, the most alike first; equal ones in the order they came."""
        asked = self._weigh(count(question))
        likeness = [sum(weight * vector.get(gram, 0.0) for gram, weight in asked.items()) for vector in self._vectors]
        return sorted(range(len(likeness)), key=lambda place: -likeness[place])
