"""All names of a vocabulary, made ready to be found in texts: as letters, and as words."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from handlers.topics.folding import Kind, fold, split_units, stem
from handlers.topics.vocabulary import Vocabulary
from handlers.topics.words import Word, is_empty_english, make_set, split_japanese, split_words, strong_stem

_ORDINARY = make_set(
    """it us is or am as at be by do go he if in me my no of on so to up we who can all out an act aid arm art bat cat
    lean led may pip rest ride safe sap scrum agile spin aim ms"""
)
"""English words that are also abbreviations or names: such a name counts only as it is written."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one concept. `exact` is how it must be written, where that matters: IT, but not it."""

    concept: str
    label: str
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Scattered:
    """A name of several words that may also be found apart: "development of batteries" is battery development."""

    keys: tuple[str, ...]
    names: tuple[Name, ...]


@dataclass(slots=True)
class Table:
    """Names by the keys they are made of; `longest` tells how many keys a name has at most that begins with one."""

    names: dict[tuple[str, ...], tuple[Name, ...]] = field(default_factory=dict[tuple[str, ...], tuple[Name, ...]])
    longest: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, keys: tuple[str, ...], name: Name) -> None:
        """Enters a name; one without keys can't be found and is left out."""
        if keys:
            self.names[keys] = (*self.names.get(keys, ()), name)
            self.longest[keys[0]] = max(self.longest.get(keys[0], 0), len(keys))

    def find(self, keys: tuple[str, ...], start: int) -> Iterator[tuple[int, tuple[Name, ...]]]:
        """Every name that begins at `start`, with the place behind it, the shortest first."""
        last = min(start + self.longest.get(keys[start], 0), len(keys))
        for end in range(start + 1, last + 1):
            found = self.names.get(keys[start:end])
            if found:
                yield end, found


@dataclass(slots=True)
class Names:
    """The names of a vocabulary, ready to be found: by their units, by their words, and, where they have several words,
    `scattered` by each of these."""

    by_letters: Table = field(default_factory=Table)
    by_words: Table = field(default_factory=Table)
    scattered: dict[str, list[Scattered]] = field(default_factory=dict[str, list[Scattered]])
    rarity: dict[str, float] = field(default_factory=dict[str, float])
    """How much each word of a name of several words says: near 1 for one that few concepts have."""
    implied: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """Concept → those whose names stand inside its own: who does search engine optimisation knows search engines."""
    implying: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """The same the other way round."""

    def list_implied(self, concept: str) -> set[str]:
        """What the concept's names imply, and whose names imply the concept."""
        return self.implied.get(concept, set()) | self.implying.get(concept, set())


def prepare_names(vocabulary: Vocabulary) -> Names:
    """Makes every name ready, in both ways."""
    names = Names()
    for concept in vocabulary.concepts.values():
        for label in dict.fromkeys(concept.names):
            letters, words = cut_name(label)
            name = Name(concept.id, label, _exact(label))
            names.by_letters.add(letters, name)
            if _can_be_words(letters, words):
                names.by_words.add(words, name)
    for keys, found in names.by_words.names.items():
        if len(set(keys)) > 1:
            entry = Scattered(keys, found)
            for key in set(keys):
                names.scattered.setdefault(key, []).append(entry)
    names.rarity = _find_rarity(names.scattered, len(vocabulary.concepts))
    names.implied = _find_implied(names.by_words)
    for concept, others in names.implied.items():
        for other in others:
            names.implying.setdefault(other, set()).add(concept)
    return names


_LEAST_IMPLIED = 2
_LEAST_PART_IMPLIED = 0.1
"""How many of a concept's names, and what part of them, must hold a name of the other."""


def _find_implied(table: Table) -> dict[str, set[str]]:
    """What the names of each concept have inside them often enough to be no chance."""
    counts: dict[str, Counter[str]] = {}
    for keys, names in table.names.items():
        inside = {name.concept for part in _list_parts(table, keys) for name in table.names[part]}
        for name in names:
            counts.setdefault(name.concept, Counter()).update({"": 1, **dict.fromkeys(inside - {name.concept}, 1)})
    return {
        concept: {
            other
            for other, count in found.items()
            if other and count >= _LEAST_IMPLIED and count >= _LEAST_PART_IMPLIED * found[""]
        }
        for concept, found in counts.items()
    }


def _list_parts(table: Table, keys: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The longest names inside a name."""
    parts: list[tuple[int, int]] = []
    for length in range(len(keys) - 1, 0, -1):
        for start in range(len(keys) - length + 1):
            end = start + length
            within = any(left <= start and end <= right for left, right in parts)
            if not within and keys[start:end] in table.names:
                parts.append((start, end))
    return [keys[start:end] for start, end in parts]


_PLAIN_JAPANESE = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc\u3005\u4e00-\u9fff]+")
_PLAIN_LATIN = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")


def cut_name(label: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of a name's units and of its words. Plain names, which most are, take a short way to the same result:
    there are tens of thousands of them, and somebody waits for the first answer."""
    if _PLAIN_JAPANESE.fullmatch(label):
        return tuple(label), tuple(one.key for one in split_japanese(label) if not one.empty)
    if _PLAIN_LATIN.fullmatch(label):
        units = [(word, stem(word.casefold())) for word in re.split("[ -]", label) if word.casefold() != "the"]
        words = (strong_stem(key) for word, key in units if not is_empty_english(key, word))
        return tuple(key for _, key in units), tuple(words)
    text = fold(label)
    units = split_units(text)
    letters = tuple(unit.key for unit in units if unit.kind is not Kind.BREAK)
    return letters, tuple(word.key for word in split_words(text, units).words)


def _find_rarity(scattered: dict[str, list[Scattered]], concepts: int) -> dict[str, float]:
    owners = {key: len({name.concept for one in entries for name in one.names}) for key, entries in scattered.items()}
    return {key: 1 - math.log1p(count - 1) / math.log1p(concepts) for key, count in owners.items()}


def _exact(label: str) -> str:
    """The way it must be written, for a single Latin word that is an everyday word or a single letter."""
    plain = unicodedata.normalize("NFKC", label)
    single = plain.isascii() and plain.isalpha()
    return plain if single and (plain.casefold() in _ORDINARY or len(plain) == 1) else ""


def _can_be_words(letters: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether a name may be found by its words: not when nothing but an abbreviation or one letter would be left of
    it."""
    if len(words) != 1:
        return bool(words)
    latin = sum(key.isascii() for key in letters)
    return len(words[0]) > 1 and words[0] not in _ORDINARY and latin <= 1


def place_scattered(entry: Scattered, words: tuple[Word, ...], widest: int = 2) -> list[int] | None:
    """Where the words of a name stand, when they stand near each other in one clause: in their order with at most
    `widest` other words between, or turned round with a preposition ("management of projects")."""
    for start, word in enumerate(words):
        if word.key not in entry.keys:
            continue
        window = words[start : start + len(entry.keys) + widest]
        places = [_index(window, key) for key in entry.keys]
        if None in places or 0 not in places:
            continue
        found = [start + place for place in places if place is not None]
        if _belong_together(words, found):
            return found
    return None


def _index(window: tuple[Word, ...], key: str) -> int | None:
    return next((place for place, word in enumerate(window) if word.key == key), None)


def _belong_together(words: tuple[Word, ...], places: list[int]) -> bool:
    if len(set(places)) < len(places) or len({words[place].clause for place in places}) > 1:
        return False
    if places == sorted(places):
        gaps = max(places) - min(places) + 1 - len(places)
        return gaps <= (2 if words[places[0]].latin else 1)
    return all(words[place].latin for place in places) and any(
        words[place].linked for place in range(min(places) + 1, max(places) + 1)
    )
