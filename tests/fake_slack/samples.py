"""Small, right pieces of Block Kit, to be broken one at a time."""

from typing import Any

from tests.fake_slack.problems import Json


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    """A section."""
    return {"type": "section", "text": mrkdwn(text)} | more


def button(label: str, value: str = "v", **more: Any) -> Json:
    """A button whose action id is its label."""
    return {"type": "button", "text": plain(label), "value": value, "action_id": label} | more


def actions(*elements: Json, **more: Any) -> Json:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)} | more


def option(label: str, value: str = "") -> Json:
    """An option; its value is its label where none is given."""
    return {"text": plain(label), "value": value or label}


def select(*labels: str, kind: str = "static_select", **more: Any) -> Json:
    """A choice."""
    return {"type": kind, "action_id": "choice", "options": [option(label) for label in labels]} | more


def entry(**more: Any) -> Json:
    """A text field."""
    return {"type": "plain_text_input", "action_id": "text"} | more


def field(label: str, element: Json, **more: Any) -> Json:
    """An input block; its id is its label."""
    return {"type": "input", "block_id": label, "label": plain(label), "element": element} | more


def modal(*blocks: Json, **more: Any) -> Json:
    """A modal that can be sent off."""
    base: Json = {"type": "modal", "title": plain("登録"), "submit": plain("送る"), "blocks": list(blocks)}
    return base | more
