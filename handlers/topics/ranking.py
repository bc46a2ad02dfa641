"""`python -m bot rank`: mentors and questions as plain lists in, each question's mentors in order out. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from handlers.topics.index import Evidence, Index
from handlers.topics.reading import Reader
from handlers.topics.vocabulary import Vocabulary


class ListError(ValueError):
    """A list of texts has another form than it should; the message is a sentence that says where."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One mentor or question."""

    id: str
    text: str


def read_list(source: str | bytes, name: str) -> list[Entry]:
    """A JSON list of `{"id": …, "text": …}`; other keys are left alone. Raises ListError, which names `name`."""
    try:
        rows = json.loads(source)
    except UnicodeDecodeError as error:
        raise ListError(f"{name}: not UTF-8 (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        raise ListError(f"{name}: no JSON in line {error.lineno}, column {error.colno}: {error.msg}.") from error
    if not isinstance(rows, list):
        raise ListError(f'{name}: must be a JSON list of {{"id": …, "text": …}}.')
    entries = [_read_entry(row, number, name) for number, row in enumerate(cast("list[Any]", rows), start=1)]
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise ListError(f"{name}: the id {entry.id!r} comes twice.")
        seen.add(entry.id)
    return entries


def _read_entry(row: Any, number: int, name: str) -> Entry:
    fields = cast("dict[str, Any]", row) if isinstance(row, dict) else {}
    id, text = fields.get("id"), fields.get("text")
    if isinstance(id, bool) or not isinstance(id, str | int) or not isinstance(text, str):
        raise ListError(f'{name}: entry {number} must be {{"id": a text or number, "text": a text}}.')
    return Entry(str(id), text)


def rank_all(reader: Reader, mentors: Sequence[Entry], questions: Sequence[Entry]) -> list[dict[str, Any]]:
    """For each question all mentors, the best first; equally good ones in the order of their ids."""
    ordered = sorted(mentors, key=lambda one: one.id)
    index = Index(reader)
    for mentor in ordered:
        index.add([(mentor.text, 1.0)])
    return [
        {"id": question.id, "mentors": _rank(reader.vocabulary, index, ordered, question)} for question in questions
    ]


def _rank(vocabulary: Vocabulary, index: Index, mentors: Sequence[Entry], question: Entry) -> list[dict[str, Any]]:
    asked = index.ask([(question.text, 1.0)])
    return [
        {
            "id": mentors[hit.place].id,
            "score": hit.score,
            "reasons": [_describe(vocabulary, one) for one in index.explain(asked, hit.place)],
        }
        for hit in index.rank(asked)
    ]


def _describe(vocabulary: Vocabulary, evidence: Evidence) -> dict[str, Any]:
    """A reason as data: how what the mentor names (`offered`, in their words `text`) stands to what was `asked`."""
    return {
        "kind": evidence.relation.kind,
        "asked": _name(vocabulary, evidence.asked),
        "offered": _name(vocabulary, evidence.offered),
        "text": evidence.text,
        "weight": round(evidence.share * evidence.relation.weight, 4),
    }


def _name(vocabulary: Vocabulary, id: str) -> dict[str, str]:
    return {"id": id, "ja": vocabulary.name(id, "ja"), "en": vocabulary.name(id, "en")}
