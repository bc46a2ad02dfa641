"""A modal as a person sees and uses it: fields by their labels, nothing that isn't there."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.fake_slack import limits, mrkdwn
from tests.fake_slack.delivery import Delivery
from tests.fake_slack.problems import Json, as_list, as_object
from tests.fake_slack.views import inputs_of
from tests.fake_slack.workspace import View

if TYPE_CHECKING:
    from tests.fake_slack.person import Person


@dataclass(frozen=True, slots=True)
class Label:
    """Where a labelled field is: its block and element."""

    block: Json
    element: Json


@dataclass
class Modal:
    """An open modal. Every method fails (AssertionError) where a person could not do it either."""

    person: "Person"
    view: View
    errors: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def title(self) -> str:
        """The title bar."""
        return str(self.view.payload["title"]["text"])

    @property
    def text(self) -> str:
        """Everything there is to read, a line for each text."""
        return "\n".join(mrkdwn.texts_in(self.view.payload["blocks"], self.person.slack.workspace))

    @property
    def labels(self) -> list[str]:
        """The labels of the fields, from top to bottom."""
        return [str(block["label"]["text"]) for block in inputs_of(self.view.payload)]

    @property
    def is_open(self) -> bool:
        """Whether it is still there."""
        return self.view.open

    def fill(self, label: str, text: str) -> "Modal":
        """Types into a text field."""
        found = self._find(label, "plain_text_input", "email_text_input", "url_text_input", "number_input")
        most = found.element.get("max_length", limits.INPUT_LENGTH)
        assert len(text) <= most, f"only {most} characters can be typed into {label!r}"
        return self._enter(found, "value", text or None)

    def choose(self, label: str, option: str) -> "Modal":
        """Picks one option by its label."""
        found = self._find(label, "static_select", "radio_buttons")
        return self._enter(found, "selected_option", _find_option(found, option))

    def pick(self, label: str, *options: str) -> "Modal":
        """Picks several options by their labels (instead of those picked before)."""
        found = self._find(label, "multi_static_select", "checkboxes")
        most = found.element.get("max_selected_items", limits.OPTIONS)
        assert len(options) <= most, f"only {most} can be picked from {label!r}"
        return self._enter(found, "selected_options", [_find_option(found, option) for option in options])

    tick = pick

    def pick_date(self, label: str, day: date) -> "Modal":
        """Picks a day in a calendar."""
        return self._enter(self._find(label, "datepicker"), "selected_date", day.isoformat())

    def clear(self, label: str) -> "Modal":
        """Empties a field."""
        found = self._find(label)
        entry = self._entry(found)
        for key in entry:
            if key != "type":
                entry[key] = [] if key == "selected_options" else None
        return self

    def value(self, label: str) -> Any:
        """What a field holds: text, an option's label, a list of labels, or a day as ISO text."""
        entry = self._entry(self._find(label))
        (value,) = [entry[key] for key in entry if key != "type"]
        option, options = as_object(value), as_list(value)
        if options is not None:
            return [option["text"]["text"] for option in options]
        return option["text"]["text"] if option else value or ""

    def options(self, label: str) -> list[str]:
        """The labels that can be picked."""
        return [option["text"]["text"] for option in self._find(label).element["options"]]

    async def submit(self, *, may_fail: bool = False) -> Delivery:
        """Sends it off. Slack itself refuses while a required field is empty."""
        self._must_be_open()
        assert self.view.payload.get("submit"), "there is no button to send it off"
        missing = [block["label"]["text"] for block in inputs_of(self.view.payload) if self._lacks(block)]
        assert not missing, f"required but empty: {missing}"
        self.errors = {}
        return await self.person.submit_modal(self, may_fail=may_fail)

    async def click(self, label: str, *, may_fail: bool = False) -> Delivery:
        """Presses a button inside the modal."""
        self._must_be_open()
        return await self.person.click_in_view(self.view, label, may_fail=may_fail)

    async def close(self) -> None:
        """Closes it without sending it off."""
        self._must_be_open()
        await self.person.close_modal(self)

    def show_errors(self, errors: Json) -> None:
        """Takes the sentences that the app wants beside the fields. Raises AssertionError for an unknown field."""
        blocks = {block["block_id"]: block["label"]["text"] for block in inputs_of(self.view.payload)}
        unknown = set(errors) - set(blocks)
        assert not unknown, f"no input block for {sorted(unknown)}"
        assert errors, "errors must not be empty"
        self.errors = {str(blocks[block_id]): str(text) for block_id, text in errors.items()}

    def _must_be_open(self) -> None:
        assert self.view.open, f"the modal {self.title!r} is closed"

    def _lacks(self, block: Json) -> bool:
        entry = self.view.state[block["block_id"]][block["element"].get("action_id", "?")]
        return not block.get("optional") and not any(value for key, value in entry.items() if key != "type")

    def _find(self, label: str, *kinds: str) -> Label:
        self._must_be_open()
        found = [block for block in inputs_of(self.view.payload) if block["label"]["text"] == label]
        assert len(found) == 1, f"{len(found)} fields are called {label!r}; there are {self.labels}"
        element = found[0]["element"]
        assert not kinds or element["type"] in kinds, f"{label!r} is a {element['type']}"
        return Label(found[0], element)

    def _entry(self, found: Label) -> Json:
        return self.view.state[found.block["block_id"]][found.element.get("action_id", "?")]

    def _enter(self, found: Label, key: str, value: Any) -> "Modal":
        self._entry(found)[key] = value
        return self


def _find_option(found: Label, label: str) -> Json:
    options = found.element["options"]
    fitting = [option for option in options if option["text"]["text"] == label]
    assert len(fitting) == 1, f"no single option {label!r}; there are {[option['text']['text'] for option in options]}"
    return fitting[0]
