"""Walks an Adaptive Card: its elements, words, inputs and buttons."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import cast

from .keys import Json

CARD = "application/vnd.microsoft.card.adaptive"

_CHILDREN = ("body", "items", "columns", "actions", "rows", "cells", "inlines", "card", "selectAction", "inlineAction")


def walk(node: object, toggled: AbstractSet[str] | None = None) -> Iterator[Json]:
    """Every element and action of a card, in reading order.

    With `toggled`, only what a person sees who has toggled the elements with these ids.
    """
    if isinstance(node, list):
        for child in cast("list[object]", node):
            yield from walk(child, toggled)
    elif isinstance(node, dict):
        element = cast(Json, node)
        if toggled is None or is_visible(element, toggled):
            yield element
            for key in _CHILDREN:
                if key in element:
                    yield from walk(element[key], toggled)


def is_visible(element: Json, toggled: AbstractSet[str]) -> bool:
    """Whether an element shows, after what a person toggled."""
    return bool(element.get("isVisible", True)) is not (element.get("id") in toggled)


def list_inputs(card: Json) -> list[Json]:
    """The input elements of a card."""
    return [element for element in walk(card) if str(element.get("type", "")).startswith("Input.")]


def list_actions(card: Json, toggled: AbstractSet[str] | None = None) -> list[Json]:
    """The buttons of a card; with `toggled`, those in view. What only shows or hides something comes last."""
    actions = [each for each in walk(card, toggled) if str(each.get("type", "")).startswith("Action.")]
    return sorted(actions, key=lambda action: action["type"] == "Action.ToggleVisibility")


def read_text(card: Json) -> str:
    """The words of a card, one element a line, as a screen reader meets them."""
    lines = [_words(element) for element in walk(card)]
    return "\n".join(line for line in lines if line)


def _words(element: Json) -> str:
    match element.get("type"):
        case "TextBlock":
            return str(element["text"])
        case "RichTextBlock":
            return "".join(_run(run) for run in element["inlines"])
        case "FactSet":
            return "\n".join(f"{fact['title']}: {fact['value']}" for fact in element["facts"])
        case "Image":
            return str(element.get("altText", ""))
        case _:
            return ""


def _run(run: Json | str) -> str:
    return run if isinstance(run, str) else str(run["text"])
