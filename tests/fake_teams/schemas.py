"""Microsoft's schema of Adaptive Cards 1.5, element by element.

The schema tries every kind of element at every place, which takes seconds for a nested card. Here each element is held
against its own kind, with its children taken out, and each child against the kinds that its place allows.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft6Validator

from .keys import Json

PATH = Path(__file__).resolve().parents[3] / "shared/schemas/adaptive-card-1.5.schema.json"

_TEAMS_KEYS = ("msteams", "targetWidth")
_CHILDREN = ("body", "items", "columns", "actions", "rows", "cells")
_WORDS = ("text", "title", "value", "altText", "label", "placeholder", "errorMessage", "id", "url", "fallbackText")
"""Keys under which the schema takes any string."""


class CardSchema:
    """The schema, ready to check."""

    def __init__(self, schema: Json) -> None:
        self._definitions = cast("dict[str, Json]", schema["definitions"])
        self._validators: dict[str, Draft6Validator] = {}
        self._right: set[str] = set()
        """Shapes of elements that were right: what differs only in its words is not looked at again."""

    def check(self, card: Json) -> list[str]:
        """What is wrong with a card, in sentences."""
        return list(self._check(_without_teams_keys(card), {"AdaptiveCard"}, "card"))

    def _check(self, node: object, allowed: set[str], place: str) -> Iterator[str]:
        element = cast(Json, node) if isinstance(node, dict) else {}
        kind = str(element.get("type"))
        if kind not in allowed:
            yield f"{place}: {kind!r} may not stand here"
            return
        yield from self._check_alone(element, kind, place)
        for key in _CHILDREN:
            for index, child in enumerate(cast("list[object]", element.get(key) or [])):
                yield from self._check(child, self._list_allowed(kind, key), f"{place}/{key}/{index}")

    def _check_alone(self, element: Json, kind: str, place: str) -> Iterator[str]:
        alone: Json = element | {key: [] for key in _CHILDREN if key in element}
        shape = json.dumps(_shape(alone))
        if shape in self._right:
            return
        errors = list(cast("Iterator[Any]", self._find_validator(kind).iter_errors(alone)))  # pyright: ignore[reportUnknownMemberType]
        if not errors:
            self._right.add(shape)
        yield from (f"{place} ({kind}): {_deepest(error)}" for error in errors)

    def _list_allowed(self, kind: str, key: str) -> set[str]:
        found = self._definitions[kind]["properties"].get(key)
        if found is None or "$ref" not in found.get("items", {}):
            return set()
        name = found["items"]["$ref"].rpartition("/")[2]
        if not name.startswith("ImplementationsOf."):
            return {name}
        return {each["allOf"][0]["$ref"].rpartition("/")[2] for each in self._definitions[name]["anyOf"]}

    def _find_validator(self, kind: str) -> Draft6Validator:
        if kind not in self._validators:
            whole = {"$ref": f"#/definitions/{kind}", "definitions": self._definitions}
            self._validators[kind] = Draft6Validator(whole)
        return self._validators[kind]


@cache
def load() -> CardSchema | None:
    """The schema, or None where it is not beside this checkout."""
    return CardSchema(json.loads(PATH.read_text())) if PATH.exists() else None


def _shape(node: Any, key: str = "") -> Any:
    """The element with its words taken out, and what a button brings back."""
    if isinstance(node, list):
        return [_shape(child) for child in cast("list[object]", node)]
    if isinstance(node, dict):
        return {} if key == "data" else {name: _shape(value, name) for name, value in cast(Json, node).items()}
    return "" if key in _WORDS and isinstance(node, str) else node


def _without_teams_keys(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_teams_keys(child) for child in cast("list[object]", node)]
    if isinstance(node, dict):
        kept = {key: value for key, value in cast(Json, node).items() if key not in _TEAMS_KEYS}
        return {key: value if key == "data" else _without_teams_keys(value) for key, value in kept.items()}
    return node


def _deepest(error: Any) -> str:
    while error.context:
        error = max(error.context, key=lambda each: len(each.absolute_path))
    return f"{'/'.join(str(step) for step in error.absolute_path)}: {error.message[:200]}"
