"""What Teams refuses in a card or a message. Every check answers with sentences, an empty list when all is well."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Literal, cast

from . import cardtree, schemas
from .keys import Json, get_object, get_objects

MAX_BYTES = 100 * 1024
"""Size of a message on the wire as UTF-16 (Microsoft: "approximately 100 KB")."""
MAX_ACTIONS = 6
"""Buttons in one row of a card; Teams hides what goes beyond."""

Where = Literal["message", "dialog"]
KnowsPerson = Callable[[str], bool]

_AT = re.compile(r"<at>(.*?)</at>", re.DOTALL)

ACTIVITY_FIELDS = frozenset(
    {
        *("type", "id", "text", "textFormat", "summary", "speak", "locale", "inputHint", "importance", "value", "name"),
        *("attachments", "attachmentLayout", "entities", "channelData", "channelId", "serviceUrl", "replyToId"),
        *("from", "recipient", "conversation", "timestamp", "localTimestamp", "suggestedActions"),
    }
)


def check_activity(activity: Json, knows: KnowsPerson) -> list[str]:
    """Problems of a message or typing activity that the bot wants to send."""
    problems = [f"unknown field {key!r}" for key in sorted(activity.keys() - ACTIVITY_FIELDS)]
    if activity.get("type") not in ("message", "typing"):
        return [*problems, f"type {activity.get('type')!r} can't be sent"]
    if activity["type"] == "message":
        problems += _check_message(activity, knows)
    return problems


def _check_message(activity: Json, knows: KnowsPerson) -> Iterator[str]:
    attachments = get_objects(activity, "attachments")
    if not activity.get("text") and not attachments:
        yield "a message needs text or attachments"
    if activity.get("textFormat", "markdown") not in ("markdown", "plain", "xml"):
        yield "unknown textFormat"
    yield from _check_mentions([activity.get("text") or ""], get_objects(activity, "entities"), knows)
    for attachment in attachments:
        yield from _check_attachment(attachment, knows)


def _check_attachment(attachment: Json, knows: KnowsPerson) -> Iterator[str]:
    if attachment.keys() - {"contentType", "content", "contentUrl", "name", "thumbnailUrl"}:
        yield "unknown field in an attachment"
    if attachment.get("contentType") != cardtree.CARD:
        yield f"this fake knows no attachment of type {attachment.get('contentType')!r}"
    elif not isinstance(attachment.get("content"), dict):
        yield "a card attachment needs its content as an object"
    else:
        yield from check_card(attachment["content"], "message", knows)


def check_card(card: Json, where: Where, knows: KnowsPerson) -> list[str]:
    """Problems of an Adaptive Card, in a conversation or in a dialog."""
    problems = check_schema(card)
    if problems:
        return problems
    problems += _check_head(card)
    problems += _check_actions(card, where)
    problems += _check_inputs(card)
    problems += _check_elements(card)
    texts = [cardtree.read_text(card)]
    problems += _check_mentions(texts, get_objects(get_object(card, "msteams"), "entities"), knows)
    return problems


def measure(activity: Json) -> int:
    """Bytes of the activity as UTF-16, as Teams counts them."""
    return len(json.dumps(activity, ensure_ascii=False).encode("utf-16-le"))


def check_schema(card: Json) -> list[str]:
    """Problems that Microsoft's schema of Adaptive Cards 1.5 finds; nothing where the schema is not at hand."""
    schema = schemas.load()
    return [] if schema is None else [f"schema: {problem}" for problem in schema.check(card)]


def _check_head(card: Json) -> Iterator[str]:
    if card.get("type") != "AdaptiveCard":
        yield "a card's type must be AdaptiveCard"
    if card.get("version") not in ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5"):
        yield f"version {card.get('version')!r}: Teams bots know cards up to 1.5"
    if not card.get("body"):
        yield "an empty card"
    if get_object(card, "msteams").keys() - {"width", "entities"}:
        yield "unknown key in msteams"


def _check_actions(card: Json, where: Where) -> Iterator[str]:
    for row in cardtree.walk(card):
        if len(get_objects(row, "actions")) > MAX_ACTIONS:
            yield f"{len(row['actions'])} buttons in a row; Teams shows {MAX_ACTIONS}"
    for element in cardtree.walk(card):
        if str(element.get("type", "")).startswith("Action."):
            yield from _check_action(element, where)
    ids = [element["id"] for element in cardtree.walk(card) if element.get("id")]
    yield from (f"the id {name!r} is used twice" for name, count in Counter(ids).items() if count > 1)


def _check_action(action: Json, where: Where) -> Iterator[str]:
    kind = action["type"]
    if not (action.get("title") or "").strip() and kind != "Action.OpenUrl":
        yield f"{kind} without a title"
    if kind == "Action.Execute" and not action.get("verb"):
        yield "Action.Execute without a verb"
    if kind == "Action.Execute" and where == "dialog":
        yield "Action.Execute does nothing in a dialog"
    if kind == "Action.OpenUrl" and not re.match(r"(https?|mailto|msteams):", action.get("url", "")):
        yield f"OpenUrl to {action.get('url')!r}"
    if kind == "Action.Submit":
        yield from _check_submit(action, where)


def _check_submit(action: Json, where: Where) -> Iterator[str]:
    data = action.get("data")
    extra: object = cast(Json, data).get("msteams") if isinstance(data, dict) else None
    if extra is not None and extra != {"type": "task/fetch"}:
        yield f"msteams in a button's data: {extra!r}"
    if extra is not None and where == "dialog":
        yield "a dialog can't open a dialog"


def _check_inputs(card: Json) -> Iterator[str]:
    for field in cardtree.list_inputs(card):
        name = field.get("id")
        if not name:
            yield f"{field['type']} without an id"
        if field.get("isRequired") and not field.get("errorMessage"):
            yield f"{name}: a required field needs its errorMessage"
        if not field.get("label") and field["type"] != "Input.Toggle":
            yield f"{name}: without a label a screen reader has nothing to say"
        if field["type"] == "Input.ChoiceSet":
            yield from _check_choices(field)


def _check_choices(field: Json) -> Iterator[str]:
    choices = get_objects(field, "choices")
    values = [str(choice["value"]) for choice in choices]
    if not choices:
        yield f"{field['id']}: no choices"
    if len(set(values)) < len(values):
        yield f"{field['id']}: two choices have one value"
    if field.get("isMultiSelect") and any("," in value for value in values):
        yield f"{field['id']}: a comma in a value breaks the answer"
    preset = str(field.get("value") or "")
    chosen = [part for part in (preset.split(",") if field.get("isMultiSelect") else [preset]) if part]
    if any(part not in values for part in chosen):
        yield f"{field['id']}: the value is none of the choices"


def _check_elements(card: Json) -> Iterator[str]:
    ids = {element.get("id") for element in cardtree.walk(card)}
    for element in cardtree.walk(card):
        match element.get("type"):
            case "TextBlock" if not element["text"].strip():
                yield "an empty TextBlock"
            case "RichTextBlock" if not element["inlines"]:
                yield "an empty RichTextBlock"
            case "Image" if not re.match(r"https://|data:image/", element.get("url", "")):
                yield f"an image by {str(element.get('url'))[:60]!r}"
            case "Image" if not element.get("altText"):
                yield "an image without words for those who can't see it"
            case "Action.ToggleVisibility" if _targets(element) - ids:
                yield "ToggleVisibility of something that is not there"
            case _:
                pass


def _targets(action: Json) -> set[str]:
    return {each if isinstance(each, str) else each["elementId"] for each in action["targetElements"]}


def _check_mentions(texts: list[str], entities: list[Json], knows: KnowsPerson) -> Iterator[str]:
    named = Counter(f"<at>{name}</at>" for text in texts for name in _AT.findall(text))
    listed = Counter(entity.get("text") for entity in entities)
    yield from (f"{text} has no entity" for text in named.keys() - listed.keys())
    yield from (f"the mention {text} is not in the text" for text in listed.keys() - named.keys())
    yield from (f"two entities for {text}" for text, count in listed.items() if count > 1)
    for entity in entities:
        yield from _check_entity(entity, knows)


def _check_entity(entity: Json, knows: KnowsPerson) -> Iterator[str]:
    mentioned = get_object(entity, "mentioned")
    if entity.get("type") != "mention" or entity.keys() != {"type", "text", "mentioned"}:
        yield "an entity is {type: mention, text, mentioned}"
    if mentioned.keys() != {"id", "name"} or not mentioned.get("name"):
        yield "mentioned is {id, name}"
    elif not knows(mentioned["id"]):
        yield f"nobody has the id {mentioned['id']!r}"
