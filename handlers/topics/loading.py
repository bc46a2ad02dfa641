"""Reading vocabularies: what is shipped, and a company's own file on top of it."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from handlers.topics.vocabulary import Concept, Vocabulary

DATA = Path(__file__).parent / "data"
_KEYS = ("ja", "en", "broader", "related")


class VocabularyError(ValueError):
    """A vocabulary file can't be read. `problems` are sentences, each with the file and what is wrong in it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Entry:
    """A concept as one file gives it."""

    file: str
    concept: Concept


def read_entries(path: Path) -> list[Entry]:
    """The concepts of a file. Raises VocabularyError when it can't be read or has another form."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise VocabularyError([f"{path}: {error.strerror}. Is the name right?"]) from error
    except UnicodeDecodeError as error:
        raise VocabularyError([f"{path}: not UTF-8 (byte {error.start})."]) from error
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError([f"{path}: {error}."]) from error
    problems = [f"{path}: {problem}" for id, table in tables.items() for problem in _find_problems(id, table)]
    if problems:
        raise VocabularyError(problems)
    return [Entry(path.name, _make(id, table)) for id, table in tables.items()]


def _find_problems(id: str, table: Any) -> list[str]:
    if not isinstance(table, dict):
        return [f"{id}: a concept is a table: [{id}], with ja, en and broader below it."]
    fields = cast("dict[str, Any]", table)
    unknown = [f"[{id}] {key}: not known; a concept has {', '.join(_KEYS)}." for key in fields if key not in _KEYS]
    wrong = [
        f"[{id}] {key}: must be a list of texts."
        for key in _KEYS
        if not _is_list_of_texts(fields.get(key, cast("list[str]", [])))
    ]
    return unknown + wrong


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in cast("list[Any]", value))


def _make(id: str, table: Mapping[str, list[str]]) -> Concept:
    return Concept(id, *(tuple(table.get(key, ())) for key in _KEYS))


def read_all(extra: str = "") -> list[Entry]:
    """The shipped concepts, then those of the company's own file, when it has one. Raises VocabularyError."""
    files = sorted(DATA.glob("*.toml"))
    return [entry for path in (*files, *([Path(extra)] if extra else [])) for entry in read_entries(path)]


def merge(entries: Iterable[Entry]) -> Vocabulary:
    """One vocabulary of all entries. A concept that comes again adds its names and ties to the earlier ones."""
    concepts: dict[str, Concept] = {}
    for entry in entries:
        known = concepts.get(entry.concept.id)
        concepts[entry.concept.id] = _join(known, entry.concept) if known else entry.concept
    return Vocabulary(concepts)


def _join(one: Concept, other: Concept) -> Concept:
    fields = ((*getattr(one, key), *getattr(other, key)) for key in _KEYS)
    return Concept(one.id, *(tuple(dict.fromkeys(values)) for values in fields))


def load_vocabulary(extra: str = "") -> Vocabulary:
    """The vocabulary, read once; `extra` is the path of the company's own file, or "". Raises VocabularyError."""
    return _load(extra)


@cache
def _load(extra: str) -> Vocabulary:
    return merge(read_all(extra))
