"""All names of a vocabulary, made ready to be found in texts: as letters, and as words."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from handlers.topics.folding import Kind, Text, Unit, fold, split_units
from handlers.topics.vocabulary import Vocabulary
from handlers.topics.words import Word, make_set, split_words

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
class Node:
    """A node of a trie: the next unit's key → the next node; and the names that end here."""

    following: dict[str, "Node"] = field(default_factory=dict[str, "Node"])
    names: tuple[Name, ...] = ()


@dataclass(slots=True)
class Names:
    """The names of a vocabulary, ready to be found. `by_letters` is a trie of units, `by_words` one of words,
    `scattered` the names of several words by each of these."""

    by_letters: Node = field(default_factory=Node)
    by_words: Node = field(default_factory=Node)
    scattered: dict[str, list[Scattered]] = field(default_factory=dict[str, list[Scattered]])
    rarity: dict[str, float] = field(default_factory=dict[str, float])
    """How much each word of a name of several words says: near 1 for one that few concepts have."""


def prepare_names(vocabulary: Vocabulary) -> Names:
    """Makes every name ready, in both ways."""
    names = Names()
    sequences: dict[tuple[str, ...], tuple[Name, ...]] = {}
    for concept, label in _list_labels(vocabulary):
        text = fold(label)
        name = Name(concept, label, _exact(text))
        units = split_units(text)
        _plant(names.by_letters, tuple(unit.key for unit in units if unit.kind is not Kind.BREAK), name)
        keys = tuple(word.key for word in split_words(text, units).words)
        if _can_be_words(units, keys):
            _plant(names.by_words, keys, name)
            if len(set(keys)) > 1:
                sequences[keys] = (*sequences.get(keys, ()), name)
    for keys, found in sequences.items():
        entry = Scattered(keys, found)
        for key in set(keys):
            names.scattered.setdefault(key, []).append(entry)
    names.rarity = _find_rarity(names.scattered, len(vocabulary.concepts))
    return names


def _find_rarity(scattered: dict[str, list[Scattered]], concepts: int) -> dict[str, float]:
    owners = {key: len({name.concept for one in entries for name in one.names}) for key, entries in scattered.items()}
    return {key: 1 - math.log1p(count - 1) / math.log1p(concepts) for key, count in owners.items()}


def _list_labels(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for concept in vocabulary.concepts.values():
        for label in dict.fromkeys(concept.names):
            yield concept.id, label


def _exact(text: Text) -> str:
    """The way it must be written, for a single Latin word that is an everyday word or a single letter."""
    single = re.fullmatch(r"[a-z]+", text.folded)
    return text.plain if single and (text.folded in _ORDINARY or len(text.folded) == 1) else ""


def _can_be_words(units: list[Unit], keys: tuple[str, ...]) -> bool:
    """Whether a name may be found by its words: not when nothing but an abbreviation or one letter would be left."""
    latin = [unit.key for unit in units if unit.kind is Kind.LATIN]
    return bool(keys) and not (len(keys) == 1 and (len(keys[0]) < 2 or keys[0] in _ORDINARY or len(latin) > 1))


def _plant(root: Node, keys: tuple[str, ...], name: Name) -> None:
    node = root
    for key in keys:
        node = node.following.setdefault(key, Node())
    if keys:
        node.names = (*node.names, name)


def find_in(root: Node, keys: list[str], start: int) -> Iterator[tuple[int, tuple[Name, ...]]]:
    """Every name that begins at `start`, with the place behind it, the shortest first."""
    node = root
    for place in range(start, len(keys)):
        following = node.following.get(keys[place])
        if following is None:
            return
        node = following
        if node.names:
            yield place + 1, node.names


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
