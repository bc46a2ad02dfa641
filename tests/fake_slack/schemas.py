"""The public JSON Schemas of Block Kit, where they are at hand (../shared/schemas beside the repository)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.protocols import Validator

from tests.fake_slack.problems import as_list, as_object

FOLDER = Path(__file__).parents[2].parent / "shared" / "schemas"


def present() -> bool:
    """Whether the schemas are at hand."""
    return FOLDER.is_dir()


def check(name: str, value: Any) -> list[str]:
    """What the schema `name` (Blocks, SlackModal, SlackHome) has against `value`; nothing where it is absent.

    The schemas look at structure only, so what has the shape of something that was right before is not looked at again.
    """
    validator = _load(name)
    shape = (name, json.dumps(_shape(value)))
    if validator is None or shape in _right:
        return []
    worst = next(iter(sorted(validator.iter_errors(value), key=lambda error: error.json_path)), None)
    if worst is not None:
        return [f"[ERROR] {worst.message[:300]} [json-pointer:{worst.json_path}]"]
    _right.add(shape)
    return []


_right: set[tuple[str, str]] = set()


def _shape(value: Any, key: str = "") -> Any:
    """The value with every text emptied but those that the schemas know by heart."""
    made = as_object(value)
    if made is not None:
        return {name: _shape(part, name) for name, part in made.items()}
    parts = as_list(value)
    if parts is not None:
        return [_shape(part) for part in parts]
    return value if key in ("type", "style") or not isinstance(value, str) else ""


@cache
def _load(name: str) -> Validator | None:
    path = FOLDER / f"{name}.schema.json"
    return Draft7Validator(json.loads(path.read_text())) if path.is_file() else None
