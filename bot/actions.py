"""Typed payloads of buttons and forms.

A payload carries ids and short choices, never state: what it may do is looked up again when it comes back.
"""

import dataclasses
import json
import re
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, cast, dataclass_transform, get_type_hints

from bot.text import is_storable

MAX_LENGTH = 1000
"""Characters of an encoded action. Slack allows 2,000 in a button's value; a form's metadata needs room for more."""

LARGEST = 2**63 - 1
"""An id beyond it fits no database column."""

_NAME = re.compile(r"[a-z0-9_.-]{1,80}")


class StaleActionError(ValueError):
    """The payload is of a card that an older version of Musubi sent, or is no payload of ours."""


class Action:
    """What a button or form means. Subclasses are made with [`action`][bot.actions.action] and hold ints and
    strings.
    """

    __slots__ = ()

    action_name: ClassVar[str]
    """Stable name on the wire, such as `consultation.accept`."""

    opens_form: ClassVar[bool]
    """Whether pressing it may answer with a form. Teams must know that before the press."""

    field_types: ClassVar[tuple[tuple[str, type], ...]]
    """The fields and whether each is int or str, in their order."""


A = TypeVar("A", bound=Action)

_registry: dict[str, type[Action]] = {}


@dataclass_transform(frozen_default=True)
def action(name: str, *, opens_form: bool = False) -> Callable[[type[A]], type[A]]:
    """Makes a class a frozen dataclass and registers it under `name`.

    Raises ValueError when the name is taken or has other signs than a-z, digits, `.`, `_` and `-`, or a field is
    neither int nor str.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} can't be an action's name")

    def register(cls: type[A]) -> type[A]:
        made = dataclasses.dataclass(frozen=True, slots=True)(cls)
        made.action_name, made.opens_form, made.field_types = name, opens_form, _list_fields(name, made)
        if name in _registry:
            raise ValueError(f"two actions are called {name}")
        _registry[name] = made
        return made

    return register


def _list_fields(name: str, cls: type[Action]) -> tuple[tuple[str, type], ...]:
    hints = get_type_hints(cls)
    fields = tuple((field.name, hints[field.name]) for field in dataclasses.fields(cast(Any, cls)))
    for field, kind in fields:
        if kind not in (int, str):
            raise ValueError(f"{name}.{field} must be int or str")
    return fields


def list_actions() -> tuple[type[Action], ...]:
    """Every registered action, by name."""
    return tuple(_registry[name] for name in sorted(_registry))


def values_of(payload: Action) -> list[int | str]:
    """The payload's field values in the order of its fields."""
    return [getattr(payload, name) for name, _kind in payload.field_types]


def encode(payload: Action) -> str:
    """The payload as text, such as `consultation.accept[12]`.

    Raises ValueError when it is longer than MAX_LENGTH, or holds what would not come back.
    """
    for value, (name, kind) in zip(values_of(payload), payload.field_types, strict=True):
        if not isinstance(value, kind) or isinstance(value, bool) or not _can_be_kept(value):
            raise ValueError(f"{payload.action_name}.{name} can't carry this {type(value).__name__}")
    text = payload.action_name + json.dumps(values_of(payload), ensure_ascii=False, separators=(",", ":"))
    if len(text) > MAX_LENGTH:
        raise ValueError(f"{payload.action_name} carries {len(text)} characters; {MAX_LENGTH} fit")
    return text


def decode(text: str) -> Action:
    """The payload that [`encode`][bot.actions.encode] wrote. Raises StaleActionError for anything else."""
    name, bracket, rest = text.partition("[")
    cls = _registry.get(name)
    if cls is None or not bracket or len(text) > MAX_LENGTH:
        raise StaleActionError(name[:80])
    try:
        raw: object = json.loads(bracket + rest)
    except (ValueError, RecursionError) as error:  # brackets a thousand deep are somebody's joke, not our payload
        raise StaleActionError(name) from error
    return _build(cls, cast("list[object]", raw))


def _build(cls: type[Action], values: list[object]) -> Action:
    kinds = [kind for _name, kind in cls.field_types]
    if [type(value) for value in values] != kinds or not all(_can_be_kept(value) for value in values):
        raise StaleActionError(cls.action_name)
    return cls(*values)


def _can_be_kept(value: object) -> bool:
    """Whether a database can look for it."""
    if isinstance(value, int):
        return -LARGEST - 1 <= value <= LARGEST
    return is_storable(cast(str, value))
