"""A dialog (task module) as a person sees it: fields to fill, sentences beside them, a button to send it off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from . import cards, cardtree
from .courier import Answer
from .keys import Json, get_object

if TYPE_CHECKING:
    from .actors import Actor

Entered = str | bool | date | Sequence[str]
"""What a person enters: text, a tick, a day, or the labels (or values) of choices."""


class Misbehaved(AssertionError):
    """The bot answered something that Teams would not take."""


class NotSent(AssertionError):
    """The client itself would not send this: a required field is empty, or a text too long."""


@dataclass(frozen=True)
class Closed:
    """The dialog is gone; `note` is the sentence of the popup, if there was one."""

    note: str = ""


class Dialog:
    """An open dialog."""

    def __init__(self, actor: "Actor", info: Json, scene: "Scene") -> None:
        self.actor, self.scene = actor, scene
        self.title = str(info["title"])
        self.card = cast(Json, info["card"]["content"])
        self.toggled: set[str] = set()

    @property
    def text(self) -> str:
        """All words in it."""
        return cardtree.read_text(self.card)

    @property
    def inputs(self) -> dict[str, Json]:
        """The input elements by id."""
        return {str(field["id"]): field for field in cardtree.list_inputs(self.card)}

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {name: str(field.get("value", "")) for name, field in self.inputs.items()}

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [action["title"] for action in cardtree.list_actions(self.card, self.toggled)]

    @property
    def errors(self) -> dict[str, str]:
        """The warning below each field, by the field's id; "" for one above all fields."""
        found: dict[str, str] = {}
        name = ""
        for element in cardtree.walk(self.card):
            if str(element.get("type", "")).startswith("Input."):
                name = str(element["id"])
            elif element.get("type") == "TextBlock" and str(element.get("color")).lower() == "attention":
                found[name] = element["text"]
        return found

    async def submit(self, values: Mapping[str, Entered] | None = None, *, button: str = "") -> "Dialog | Closed":
        """Fills the fields (by id or label) and presses `button`, by default the first. Raises NotSent, Misbehaved."""
        action = self._find_button(button)
        if action["type"] == "Action.ToggleVisibility":
            self.toggled ^= {each if isinstance(each, str) else each["elementId"] for each in action["targetElements"]}
            return self
        if action["type"] != "Action.Submit":
            raise Misbehaved(f"[{button}] is a {action['type']}, which does nothing in a dialog")
        filled = fill(self.card, values or {}, mobile=self.actor.account.mobile)
        data = get_object(action, "data") | filled
        return await self.submit_raw(data)

    async def submit_raw(self, data: Json) -> "Dialog | Closed":
        """Sends off any data, as a forged client could."""
        value = {"data": data, "context": {"theme": "default"}}
        return self.scene.read(await self.scene.invoke("task/submit", value))

    async def next(self, values: Mapping[str, Entered] | None = None, *, button: str = "") -> "Dialog":
        """Submits and expects a dialog again: the next step, or this one with errors."""
        following = await self.submit(values, button=button)
        assert isinstance(following, Dialog), f"the dialog closed: {following}"
        return following

    async def finish(self, values: Mapping[str, Entered] | None = None, *, button: str = "") -> str:
        """Submits and expects it to close; gives the popup's sentence."""
        following = await self.submit(values, button=button)
        assert isinstance(following, Closed), f"still open: {following.title} {following.errors} {following.text}"
        return following.note

    def _find_button(self, label: str) -> Json:
        actions = cardtree.list_actions(self.card, self.toggled)
        for action in actions:
            if not label or action["title"] == label:
                return action
        raise AssertionError(f"no button [{label}] in the dialog {self.title!r}, only {self.buttons}")


@dataclass(frozen=True)
class Scene:
    """Where a dialog was opened: who posts its invokes."""

    actor: "Actor"
    place_id: str

    async def invoke(self, name: str, value: Json) -> Answer:
        """Posts an invoke from the same conversation."""
        return await self.actor.invoke(self.place_id, name, value)

    def read(self, answer: Answer) -> Dialog | Closed:
        """What the bot's answer to task/fetch or task/submit shows. Raises Misbehaved."""
        if answer.status != 200:
            raise Misbehaved(f"{answer.activity['name']} was answered with {answer.status}")
        if answer.body is None or answer.body == {}:
            return Closed()
        task = _get_task(answer.body)
        if task.get("type") == "message":
            return Closed(_get_note(task))
        if task.get("type") != "continue":
            raise Misbehaved(f"task type {task.get('type')!r}")
        info = cast(Json, task.get("value"))
        _check_info(info, self.actor)
        return Dialog(self.actor, info, self)


def _get_task(body: object) -> Json:
    if not isinstance(body, dict) or cast(Json, body).keys() != {"task"}:
        raise Misbehaved(f"a dialog's answer is {{task: ...}}, not {body!r}")
    task = cast(Json, cast(Json, body)["task"])
    if task.keys() != {"type", "value"}:
        raise Misbehaved(f"a task is {{type, value}}, not {sorted(task)}")
    return task


def _get_note(task: Json) -> str:
    if not isinstance(task["value"], str) or not task["value"]:
        raise Misbehaved("the popup needs a sentence")
    return task["value"]


def _check_info(info: Json, actor: "Actor") -> None:
    if info.keys() - {"title", "height", "width", "card"} or not info.get("title"):
        raise Misbehaved(f"task info with {sorted(info)}")
    for side in ("height", "width"):
        if not isinstance(info.get(side), int) and info.get(side) not in ("small", "medium", "large"):
            raise Misbehaved(f"{side} {info.get(side)!r}")
    attachment = cast(Json, info["card"])
    if attachment.get("contentType") != cardtree.CARD:
        raise Misbehaved("a dialog shows a card")
    problems = cards.check_card(attachment["content"], "dialog", actor.knows)
    if problems:
        raise Misbehaved("; ".join(problems))


def fill(card: Json, values: Mapping[str, Entered], *, mobile: bool = False) -> dict[str, str]:
    """What a client sends for a card's fields: the preset values with `values` (by id or label) over them."""
    fields = {str(field["id"]): field for field in cardtree.list_inputs(card)}
    entered = {_find_field(fields, name): value for name, value in values.items()}
    preset = {name: str(field.get("value", "")) for name, field in fields.items()}
    filled = preset | {name: _as_text(fields[name], value) for name, value in entered.items()}
    for name, text in filled.items():
        _check_client_side(fields[name], text)
    return filled if mobile else {name: text for name, text in filled.items() if text}


def _find_field(fields: dict[str, Json], name: str) -> str:
    if name in fields:
        return name
    labelled = [key for key, field in fields.items() if field.get("label") == name]
    if len(labelled) != 1:
        raise AssertionError(f"no field {name!r}, only {[(key, field.get('label')) for key, field in fields.items()]}")
    return labelled[0]


def _as_text(field: Json, value: Entered) -> str:
    match field["type"], value:
        case "Input.ChoiceSet", str():
            return _choose(field, value)
        case "Input.ChoiceSet", [*several]:
            assert field.get("isMultiSelect"), f"{field['id']} takes one choice"
            return ",".join(_choose(field, each) for each in several)
        case "Input.Toggle", bool():
            return str(field.get("valueOn", "true") if value else field.get("valueOff", "false"))
        case "Input.Date", date():
            return value.isoformat()
        case _, str():
            return value
        case _:
            raise AssertionError(f"{field['id']} ({field['type']}) can't be filled with {value!r}")


def _choose(field: Json, wanted: str) -> str:
    for choice in cast("list[Json]", field["choices"]):
        if wanted in (choice["value"], choice["title"]):
            return str(choice["value"])
    raise AssertionError(f"{field['id']} has no choice {wanted!r}")


def _check_client_side(field: Json, text: str) -> None:
    if field.get("isRequired") and not text:
        raise NotSent(f"{field['id']}: {field['errorMessage']}")
    if len(text) > field.get("maxLength", len(text)):
        raise NotSent(f"{field['id']}: only {field['maxLength']} characters can be typed")
