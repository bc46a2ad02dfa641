"""Many profiles, found by what a question is about: the fitting ones first, with the reasons.

For each concept of a question, a profile counts by its nearest concept: how near that is, how sure it is that the
profile names it, and how rare it is among the profiles. A profile that has several of the question's concepts therefore
comes before one that has a single one. What no concept covers is compared word by word and pair by pair of letters.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from handlers.topics.pieces import list_pieces, list_wanted_pieces
from handlers.topics.reading import Reader, Reading
from handlers.topics.vocabulary import Relation
from handlers.topics.words import FAINT

_PLACES = 4
"""Decimal places of a score: beyond them two machines may differ."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How the parts of a score are weighed. Found on the development part of tests/relevance; see docs/matching.md."""

    words: float = 0.15
    """What the comparison of words counts where concepts cover the question."""
    uncovered: float = 0.6
    """What it counts beyond that, times the share of the question that no concept covers."""
    covered_word: float = 0.35
    """What a word counts that a concept covers, beside 1 for others."""
    faint_word: float = 0.3
    """What a word counts beside others that says little of a topic: work, year."""
    general: float = 0.25
    """The least a concept counts for being general: 1 is the most special one."""
    later: float = 0.9
    """What a concept counts that is named after the first sentence or line of a profile."""
    focus: float = 0.1


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a profile fits: `asked` is the question's concept, `offered` the profile's, `text` the profile's words."""

    asked: str
    offered: str
    relation: Relation
    text: str
    share: float
    """How much of the question this is: 0 to 1."""
    source: int = 0
    """Which of the profile's texts names it, from 0."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A profile in a ranking: its place in the index, and its score from 0 to 1."""

    place: int
    score: float


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: concepts with their weights, which sum up to 1, and pieces of words with theirs."""

    concepts: dict[str, float]
    pieces: dict[str, float]
    uncovered: float
    named: frozenset[str] = frozenset()
    """The concepts that the question really names; the others are guessed from a part of a name."""


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a profile has of a concept: how much it counts, in which words, and in which of its texts. No words: it is
    guessed from a part of a name."""

    value: float
    text: str = ""
    source: int = 0


@dataclass(slots=True)
class _Column:
    """Who has something, and how much."""

    places: list[int] = field(default_factory=list[int])
    values: list[float] = field(default_factory=list[float])
    ready: tuple[Any, Any] | None = None

    def add(self, place: int, value: float) -> None:
        self.places.append(place)
        self.values.append(value)
        self.ready = None

    def arrays(self) -> tuple[Any, Any]:
        if self.ready is None:
            self.ready = (np.array(self.places, dtype=np.int64), np.array(self.values, dtype=np.float64))
        return self.ready


class Index:
    """Profiles that can be searched. Each is one or more texts with a weight: what stands first counts most."""

    def __init__(self, reader: Reader, weights: Weights | None = None) -> None:
        self._reader = reader
        self._vocabulary = reader.vocabulary
        self._weights = weights or Weights()
        self._by_concept: defaultdict[str, _Column] = defaultdict(_Column)
        self._by_piece: defaultdict[str, _Column] = defaultdict(_Column)
        self._offers: list[dict[str, _Offer]] = []
        self._reach: dict[str, int] = defaultdict(int)

    def __len__(self) -> int:
        return len(self._offers)

    def add(self, texts: Iterable[tuple[str, float]]) -> int:
        """Adds a profile; gives its place."""
        place = len(self._offers)
        offers: dict[str, _Offer] = {}
        pieces: dict[str, float] = {}
        for source, (text, weight) in enumerate(texts):
            reading = self._reader.read(text)
            for concept, offer in self._list_offers(reading, find_first_end(text), weight, source):
                if concept not in offers or offers[concept].value < offer.value:
                    offers[concept] = offer
            for piece in list_pieces(reading.words):
                pieces[piece] = max(pieces.get(piece, 0.0), weight)
        self._offers.append(offers)
        self._enter(place, offers, pieces)
        return place

    def _list_offers(self, reading: Reading, first: int, weight: float, source: int) -> Iterator[tuple[str, _Offer]]:
        for one in (*reading.found, *reading.guesses):
            value = weight * one.weight * (1.0 if one.start < first else self._weights.later)
            yield one.concept, _Offer(value, one.text, source)

    def _enter(self, place: int, offers: Mapping[str, _Offer], pieces: Mapping[str, float]) -> None:
        reached: set[str] = set()
        for concept, offer in offers.items():
            self._by_concept[concept].add(place, offer.value)
            reached.add(concept)
            reached.update(self._vocabulary.ancestors.get(concept, ()))
        for concept in reached:
            self._reach[concept] += 1
        for piece, value in pieces.items():
            self._by_piece[piece].add(place, value)

    def rarity(self, concept: str) -> float:
        """How much it says that somebody has a concept, or something narrower: near 1 for what few have."""
        return _rarity(self._reach.get(concept, 0), len(self)) * self._generality(concept)

    def _generality(self, concept: str) -> float:
        least = self._weights.general
        return least + (1 - least) * self._vocabulary.specificity(concept)

    def ask(self, texts: Iterable[tuple[str, float]]) -> Question:
        """A question of one or more texts with weights."""
        concepts: dict[str, float] = {}
        pieces: dict[str, float] = {}
        named: set[str] = set()
        words = rest = 0
        for text, weight in texts:
            reading = self._reader.read(text)
            for one in (*reading.found, *reading.guesses):
                value = one.weight * weight * self.rarity(one.concept)
                concepts[one.concept] = max(concepts.get(one.concept, 0.0), value)
            named.update(reading.weights)
            left = list_wanted_pieces(reading.rest)
            for piece in list_wanted_pieces(reading.words):
                value = weight * (1.0 if piece in left else self._weights.covered_word)
                value *= self._weights.faint_word if piece in FAINT else 1.0
                pieces[piece] = max(pieces.get(piece, 0.0), value)
            words, rest = words + len(reading.words), rest + len(reading.rest)
        known = {id: weight for id, weight in concepts.items() if weight > 0}
        total = sum(known.values())
        shares = {id: weight / total for id, weight in known.items()}
        return Question(shares, pieces, rest / words if words and known else 1.0, frozenset(named))

    def score(self, question: Question) -> Any:
        """The score of every profile, by place: an array of 0 to 1."""
        by_words = self._score_words(question)
        if not question.concepts:
            return by_words
        part = self._weights.words + self._weights.uncovered * question.uncovered**2 * 0.5
        return self._score_concepts(question) * (1 - part) + by_words * part

    def _score_concepts(self, question: Question) -> Any:
        total = np.zeros(len(self))
        for asked, share in question.concepts.items():
            best = np.zeros(len(self))
            near = self._reader.relations(asked)
            columns = [(self._by_concept[id].arrays(), near[id].weight) for id in near.keys() & self._by_concept.keys()]
            if columns:
                places = np.concatenate([places for (places, _), _ in columns])
                np.maximum.at(best, places, np.concatenate([values * weight for (_, values), weight in columns]))
            total += share * best
        return total

    def _score_words(self, question: Question) -> Any:
        total = np.zeros(len(self))
        most = 0.0
        for piece, weight in question.pieces.items():
            column = self._by_piece.get(piece)
            value = weight * _rarity(len(column.places) if column else 0, len(self))
            most += value
            if column is not None:
                places, values = column.arrays()
                total[places] += values * value
        return total / most if most else total

    def rank(self, question: Question, limit: int | None = None) -> list[Hit]:
        """The profiles from the best to the worst; equal ones in the order in which they were added."""
        scores: Any = self.score(question).round(_PLACES)
        places = np.arange(len(self))
        if limit is not None and limit < len(self):
            least: Any = np.partition(scores, -limit)[-limit]
            places = np.flatnonzero(scores >= least)
        order: Any = places[(-scores[places]).argsort(kind="stable")][:limit]
        return [Hit(int(place), float(scores[place])) for place in order]

    def explain(self, question: Question, place: int) -> list[Evidence]:
        """Why a profile fits: its nearest concept for each that the question names, what counts most first. Guesses
        are no reasons."""
        shares = {id: share for id, share in question.concepts.items() if id in question.named}
        found = (self._find_evidence(asked, share, place) for asked, share in shares.items())
        evidence = [one for one in found if one is not None]
        return sorted(evidence, key=lambda one: (-one.share * one.relation.weight, one.asked))

    def _find_evidence(self, asked: str, share: float, place: int) -> Evidence | None:
        relations, offers = self._reader.relations(asked), self._offers[place]
        fitting = [
            (relations[id].weight * offers[id].value, id) for id in offers if id in relations and offers[id].text
        ]
        if not fitting:
            return None
        _, offered = max(fitting, key=lambda one: (one[0], one[1] == asked, one[1]))
        return Evidence(asked, offered, relations[offered], offers[offered].text, share, offers[offered].source)


def _rarity(count: int, total: int) -> float:
    """Smoothed inverse document frequency, 1 for what nobody has, falling to about a tenth for what all have."""
    return math.log1p((total + 1) / (count + 0.5)) / math.log1p((total + 1) / 0.5)


_SENTENCE_ENDS = "。.!?！？\n"


def find_first_end(text: str) -> int:
    """Where the first sentence or line of a text ends: the title of a profile stands there."""
    return next((place for place, letter in enumerate(text) if letter in _SENTENCE_ENDS and place > 1), len(text))
