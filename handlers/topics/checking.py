"""What may be wrong in a vocabulary: found here, said by `python -m bot topics check`."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.topics.folding import Kind, fold, split_units
from handlers.topics.loading import Entry, merge
from handlers.topics.vocabulary import Vocabulary

_ID = "abcdefghijklmnopqrstuvwxyz0123456789-"


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence about one mistake. A warning may be meant; an error never is."""

    sentence: str
    is_error: bool = True


def check_entries(entries: Sequence[Entry]) -> list[Problem]:
    """All problems: errors first, then warnings, each in the order of the files."""
    vocabulary = merge(entries)
    found = [
        *_check_ids(entries),
        *_check_twice(entries),
        *_check_ties(vocabulary),
        *_check_circles(vocabulary),
        *_check_names(vocabulary),
        *_check_orphans(vocabulary),
        *_check_doubles(vocabulary),
    ]
    return sorted(found, key=lambda problem: not problem.is_error)


def _check_ids(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry in entries:
        if not entry.concept.id or any(letter not in _ID for letter in entry.concept.id):
            yield Problem(f"{entry.file} [{entry.concept.id}]: an id has small letters, digits and - only.")


def _check_twice(entries: Sequence[Entry]) -> Iterator[Problem]:
    """A concept may come again only to be added to by another file, and then without being described anew."""
    files: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        files[entry.concept.id].append(entry.file)
    for id, where in files.items():
        if len(where) > 1:
            yield Problem(f"[{id}] comes in {' and '.join(where)}: their names are taken together.", is_error=False)


def _check_ties(vocabulary: Vocabulary) -> Iterator[Problem]:
    for id, concept in vocabulary.concepts.items():
        for kind in ("broader", "related"):
            for other in getattr(concept, kind):
                if other not in vocabulary.concepts:
                    yield Problem(f"[{id}] {kind}: there is no concept {other!r}.")
                elif other == id:
                    yield Problem(f"[{id}] {kind}: a concept can't name itself.")


def _check_circles(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Concepts that are broader than themselves: each circle once, from its first concept."""
    done: set[str] = set()
    for id in vocabulary.concepts:
        circle = _find_circle(vocabulary, id)
        if circle and done.isdisjoint(circle):
            done.update(circle)
            yield Problem(f"{' → '.join([*circle, id])}: a circle of broader concepts.")


def _find_circle(vocabulary: Vocabulary, start: str) -> list[str]:
    """The shortest way from a concept by `broader` back to itself, or nothing."""
    paths, seen = [[start]], {start}
    while paths:
        path = paths.pop(0)
        for parent in vocabulary.concepts[path[-1]].broader:
            if parent == start and len(path) > 1:
                return path
            if parent in vocabulary.concepts and parent not in seen:
                seen.add(parent)
                paths.append([*path, parent])
    return []


def _check_names(vocabulary: Vocabulary) -> Iterator[Problem]:
    for id, concept in vocabulary.concepts.items():
        for locale, names in (("ja", concept.ja), ("en", concept.en)):
            if not names:
                yield Problem(f"[{id}] {locale}: has no name in this language.")
            for name in names:
                yield from _check_name(f"[{id}] {locale}", name)


def _check_name(where: str, name: str) -> Iterator[Problem]:
    text = fold(name)
    units = [unit for unit in split_units(text) if unit.kind is not Kind.BREAK]
    if not name.strip():
        yield Problem(f"{where}: an empty name.")
    elif not units:
        yield Problem(f"{where}: nothing in {name!r} can be found in a text.")
    elif len(units) == 1 and units[0].is_japanese:
        yield Problem(f"{where}: {name!r} is a single letter, and will be found in too many words.", is_error=False)
    elif name != name.strip():
        yield Problem(f"{where}: {name!r} has space around it.", is_error=False)


def _check_orphans(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Concepts that belong to nothing and that nothing belongs to or is related to."""
    related = {other for concept in vocabulary.concepts.values() for other in concept.related}
    for id, concept in vocabulary.concepts.items():
        alone = not concept.broader and not vocabulary.descendants[id] and not concept.related and id not in related
        if alone:
            yield Problem(f"[{id}] is an orphan: nothing is broader, narrower or related.", is_error=False)


def _check_doubles(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Names of several concepts. It may be meant; each then counts for less."""
    owners: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    for id, concept in vocabulary.concepts.items():
        for name in concept.names:
            owners[tuple(unit.key for unit in split_units(fold(name)))].setdefault(id, name)
    for found in owners.values():
        if len(found) > 1:
            name = next(iter(found.values()))
            yield Problem(f"{name!r} is a name of {', '.join(found)}.", is_error=False)
