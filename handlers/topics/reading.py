"""What a text is about: the concepts it names, and the words that no concept covers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from threading import Lock

import structlog

from handlers.topics.folding import Kind, Text, Unit, fold, split_units
from handlers.topics.loading import VocabularyError, load_vocabulary
from handlers.topics.names import Name, Names, place_scattered, prepare_names
from handlers.topics.pieces import list_pieces
from handlers.topics.vocabulary import Relation, Vocabulary
from handlers.topics.words import Word, Words, split_words

log = structlog.get_logger(__name__)

LONGEST = 2000
"""Letters of a text that are read; a profile or a question is far shorter."""
_BY_WORDS = 0.97
_SCATTERED = 0.75
_GUESSED = 0.6
_LEAST_PART = 0.52
"""More than one of two words that say equally much."""
_MOST_GUESSES = 4
_LATIN_LENGTH = 3
"""How many Japanese letters a Latin word counts for when the longest name is looked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """A concept that a text names: where, in which letters, and how sure that is (0 to 1)."""

    concept: str
    text: str
    start: int
    weight: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is understood: concepts in the order of the text, each once; and all its words, with those in `rest`
    that no concept covers. `guesses` are concepts of which only a part of a name is there ("cross-border shops" may
    mean cross-border trade): good for finding people, not for telling them why."""

    found: tuple[Found, ...]
    words: tuple[str, ...]
    rest: tuple[str, ...]
    guesses: tuple[Found, ...] = ()

    @property
    def weights(self) -> dict[str, float]:
        """Concept → how sure it is."""
        return {one.concept: one.weight for one in self.found}


@dataclass(frozen=True, slots=True)
class Glance:
    """A text in short: its concepts, guessed ones too, and the pieces of its words."""

    concepts: tuple[str, ...]
    pieces: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Span:
    """A name found somewhere: the places of its letters, and what it may mean."""

    places: frozenset[int]
    names: tuple[Name, ...]
    weight: float
    length: int

    @property
    def start(self) -> int:
        return min(self.places)


class Reader:
    """Reads texts with one vocabulary. Safe in threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._names: Names | None = None
        self._preparing = Lock()
        self._relations: dict[str, dict[str, Relation]] = {}
        self.read = lru_cache(maxsize=20_000)(self._read)
        """What a text is about. Remembered: profiles are read again for every question."""
        self.glance = lru_cache(maxsize=300_000)(self._glance)
        """The same in short, remembered for a whole community."""

    def relations(self, asked: str) -> dict[str, Relation]:
        """Every concept that helps when `asked` is wanted: what the vocabulary says, and what the names imply."""
        known = self._relations.get(asked)
        if known is None:
            known = self._relations[asked] = self._relate(asked)
        return known

    def _relate(self, asked: str) -> dict[str, Relation]:
        found = self.vocabulary.relations(asked)
        implied = Relation("related", self.vocabulary.closeness.implied)
        for other in self._get_names().list_implied(asked):
            if other not in found or found[other].weight < implied.weight:
                found[other] = implied
        return found

    def _glance(self, text: str) -> Glance:
        reading = self._read(text)
        concepts = tuple(one.concept for one in (*reading.found, *reading.guesses))
        return Glance(concepts, list_pieces(reading.words))

    def prepare(self, texts: Iterable[str] = ()) -> None:
        """Gets everything ready that somebody would wait for otherwise: the names, and these texts."""
        self._get_names()
        for text in texts:
            self.glance(text)

    def _get_names(self) -> Names:
        with self._preparing:
            if self._names is None:
                self._names = prepare_names(self.vocabulary)
            return self._names

    def _read(self, text: str) -> Reading:
        cut = fold(text[:LONGEST])
        units = split_units(cut)
        words = split_words(cut, units)
        names = self._get_names()
        chosen = _choose(_list_spans(names, cut, units, words))
        covered = frozenset(place for span in chosen for place in span.places)
        left = tuple(word.key for word in words.words if not covered.intersection(range(word.start, word.end)))
        found = _list_found(cut, chosen)
        guesses = _guess(names, words.words, left, {one.concept for one in found})
        return Reading(found, tuple(word.key for word in words.words), left, guesses)


def get_reader(extra: str = "") -> Reader:
    """The reader of the shipped vocabulary with the company's own file, made once. Raises VocabularyError."""
    return _make_reader(extra)


@cache
def _make_reader(extra: str) -> Reader:
    return Reader(load_vocabulary(extra))


def get_working_reader(extra: str = "") -> Reader:
    """The same while people wait: with a file that can't be read the shipped vocabulary alone goes on, and the log
    says so each time."""
    try:
        return get_reader(extra)
    except VocabularyError as error:
        log.error("topics.file_broken", problems=error.problems)
        return get_reader()


def _list_found(text: Text, chosen: list[_Span]) -> tuple[Found, ...]:
    """Each concept once, as sure as the surest place that names it. What has several meanings counts less for each."""
    found: dict[str, Found] = {}
    for span in chosen:
        meanings = dict.fromkeys(name.concept for name in span.names)
        weight = span.weight / len(meanings) ** 0.5
        written = text.plain[span.start : max(span.places) + 1]
        for concept in meanings:
            known = found.get(concept)
            if known is None:
                found[concept] = Found(concept, written, span.start, weight)
            elif known.weight < weight:
                found[concept] = replace(known, weight=weight)
    return tuple(found.values())


def _list_spans(names: Names, text: Text, units: list[Unit], words: Words) -> Iterator[_Span]:
    yield from _spell(names, text, units, words.borders)
    yield from _follow_words(names, text, words.words)
    yield from _gather_words(names, words.words)


def _choose(spans: Iterator[_Span]) -> list[_Span]:
    """The longest names first, each letter once; in the order of the text."""
    chosen: list[_Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda span: (-span.length, -span.weight, span.start)):
        if taken.isdisjoint(span.places):
            chosen.append(span)
            taken.update(span.places)
    return sorted(chosen, key=lambda span: span.start)


def _spell(names: Names, text: Text, units: list[Unit], borders: frozenset[int]) -> Iterator[_Span]:
    """Names found letter by letter."""
    keys = tuple(unit.key for unit in units)
    for start in range(len(units)):
        for end, ending in names.by_letters.find(keys, start):
            inside = units[start:end]
            fitting = tuple(name for name in ending if not name.exact or _is_written(name, text, units, start))
            if fitting and _stands_free(units, start, end, borders):
                places = frozenset(place for unit in inside for place in range(unit.start, unit.end))
                yield _Span(places, fitting, 1.0, _measure(inside))


def _measure(units: list[Unit]) -> int:
    return sum(1 if unit.is_japanese else _LATIN_LENGTH for unit in units)


def _is_written(name: Name, text: Text, units: list[Unit], place: int) -> bool:
    """Whether an everyday word is written as the name is, or stands among Japanese letters, where it can't be one."""
    unit = units[place]
    beside = [units[place - 1] if place else None, units[place + 1] if place + 1 < len(units) else None]
    among = any(one is not None and one.is_japanese for one in beside)
    return among or text.plain[unit.start : unit.end] == name.exact


def _stands_free(units: list[Unit], start: int, end: int, borders: frozenset[int]) -> bool:
    """Whether a name is no mere part of another word: インド in インドネシア, 京都 in 東京都."""
    return _is_free(units, start, borders, end - start) and _is_free(units, end, borders, end - start)


def _is_free(units: list[Unit], place: int, borders: frozenset[int], length: int) -> bool:
    """Whether a name of `length` units may begin or end before the unit at `place`."""
    if place in (0, len(units)) or not units[place].joined:
        return True
    before, after = units[place - 1].kind, units[place].kind
    clear = before is not after or before is Kind.LATIN or (before is not Kind.KATAKANA and length > 2)
    if clear and length > 1:
        return True
    return units[place].start in borders


def _follow_words(names: Names, text: Text, words: tuple[Word, ...]) -> Iterator[_Span]:
    """Names found word by word: other spellings, and particles between (電池の開発)."""
    keys = tuple(word.key for word in words)
    for start in range(len(words)):
        for end, ending in names.by_words.find(keys, start):
            inside = words[start:end]
            if len({word.clause for word in inside}) == 1:
                yield _Span(_places(inside), ending, _BY_WORDS, _measure_words(inside))


def _gather_words(names: Names, words: tuple[Word, ...]) -> Iterator[_Span]:
    """Names whose words stand near each other."""
    present = {word.key for word in words}
    entries = {id(entry): entry for key in present for entry in names.scattered.get(key, ()) if key == entry.keys[0]}
    for entry in entries.values():
        if present.issuperset(entry.keys) and (places := place_scattered(entry, words)) is not None:
            inside = tuple(words[place] for place in places)
            yield _Span(_places(inside), entry.names, _SCATTERED, _measure_words(inside))


def _guess(names: Names, words: tuple[Word, ...], left: tuple[str, ...], known: set[str]) -> tuple[Found, ...]:
    """The few concepts of whose names the text has the most, where a word is left over for which nothing was found."""
    present = {word.key for word in words}
    parts: dict[str, float] = {}
    for key in dict.fromkeys(left):
        for entry in names.scattered.get(key, ()):
            part = _share_of(entry.keys, present, names.rarity)
            for name in entry.names:
                if part >= _LEAST_PART and name.concept not in known and part > parts.get(name.concept, 0.0):
                    parts[name.concept] = part
    best = sorted(parts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_GUESSES]
    return tuple(Found(concept, "", 0, _GUESSED * part) for concept, part in best)


def _share_of(keys: tuple[str, ...], present: set[str], rarity: dict[str, float]) -> float:
    """How much of a name is there, each word by how much it says."""
    total = sum(rarity[key] for key in keys)
    return sum(rarity[key] for key in keys if key in present) / total if total else 0.0


def _places(words: tuple[Word, ...]) -> frozenset[int]:
    return frozenset(place for word in words for place in range(word.start, word.end))


def _measure_words(words: tuple[Word, ...]) -> int:
    return sum(_LATIN_LENGTH if word.latin else word.end - word.start for word in words)
