"""Slack's markup as its readers see it."""

import re
from datetime import UTC, datetime
from typing import Any

from tests.fake_slack.problems import Json, as_list, as_object
from tests.fake_slack.workspace import Workspace

_CONTROL = re.compile(r"<([^<>]*)>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def unescape(text: str) -> str:
    """Text without Slack's three entities."""
    return re.sub(r"&(lt|gt|amp);", lambda found: _ENTITIES[found.group()], text)


def find_pings(text: str) -> list[str]:
    """The control sequences that notify somebody: `@U…`, `!channel`, `!here`, `!everyone`, `!subteam^…`."""
    return [found for found in _CONTROL.findall(text) if re.match(r"@|!channel|!here|!everyone|!subteam", found)]


def show(text: str, workspace: Workspace) -> str:
    """mrkdwn as it looks: names for mentions, labels for links, dates written out (UTC), no formatting characters."""
    shown = unescape(_CONTROL.sub(lambda found: _show_control(found.group(1), workspace), text))
    bold = re.sub(r"(?<!\w)([*_~])(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", shown)
    return re.sub("[\u200b\u2060]", "", bold)


def _show_control(body: str, workspace: Workspace) -> str:
    target, _, label = body.partition("|")
    if target.startswith("@"):
        user = workspace.users.get(target[1:])
        return f"@{user.real_name}" if user else f"@{target[1:]}"
    if target.startswith("!date^"):
        return _show_date(target, label)
    if target.startswith("!"):
        return f"@{target[1:]}"
    return label or target


def _show_date(target: str, fallback: str) -> str:
    moment = datetime.fromtimestamp(int(target.split("^")[1]), UTC)
    return fallback or f"{moment:%Y-%m-%d %H:%M}"


def texts_in(value: Any, workspace: Workspace) -> list[str]:
    """Every text object in blocks, as it looks, in order."""
    found: list[str] = []
    _collect(value, workspace, found)
    return found


def _collect(value: Any, workspace: Workspace, found: list[str]) -> None:
    for item in as_list(value) or []:
        _collect(item, workspace, found)
    made = as_object(value)
    if made:
        _collect_object(made, workspace, found)


def _collect_object(value: Json, workspace: Workspace, found: list[str]) -> None:
    if value.get("type") in ("plain_text", "mrkdwn"):
        text = value["text"]
        found.append(text if value["type"] == "plain_text" else show(text, workspace))
        return
    for key, part in value.items():
        if key not in ("confirm", "initial_option", "initial_options"):
            _collect(part, workspace, found)


def pings_in(value: Any) -> list[str]:
    """Everything in text or blocks that notifies somebody."""
    if isinstance(value, str):
        return find_pings(value)
    made = as_object(value) or {}
    if made.get("type") == "plain_text":
        return []
    parts = as_list(value) or [part for key, part in made.items() if key != "value"]
    return [ping for part in parts for ping in pings_in(part)]
