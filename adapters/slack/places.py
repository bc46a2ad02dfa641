"""Where somebody waits for an answer, and how one is given there.

Each place answers in its own way: a slash command in the answer to Slack's request, a button through its message's
response_url, a form by another page in its window. What a place returns is the body of that answer; {} says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.slack.forms import FormPlace, read_place, render_errors, render_form, write_place
from adapters.slack.limits import ANSWER_BUDGET
from adapters.slack.render import Json, render_home, render_message, render_page
from adapters.slack.web import CallFailed, Web
from bot.replies import FormErrors
from bot.ui import Form, Message, Reader

Payload = Mapping[str, Any]

_NOT_CHANGEABLE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found"})


class Place(Protocol):
    """Where an answer goes. Every method may raise CallFailed or RenderError."""

    async def show(self, message: Message, reader: Reader) -> Json:
        """Shows a message to the person alone."""
        ...

    async def open(self, form: Form, reader: Reader) -> Json:
        """Opens a form."""
        ...

    async def replace(self, message: Message, reader: Reader) -> Json:
        """Puts a message in the place of the one whose button was pressed."""
        ...

    async def correct(self, reply: FormErrors, reader: Reader) -> Json:
        """Shows sentences beside a form's fields."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What every place needs: the Web API with the workspace's token, the person, and the right to open a modal."""

    web: Web
    token: str
    user: str
    trigger_id: str
    budget: float = ANSWER_BUDGET
    """Seconds for one call while the person waits."""

    async def call(self, method: str, **arguments: Any) -> Json:
        """Calls the Web API within what is left of the three seconds. Raises CallFailed."""
        return await self.web.call(self.token, method, self.budget, **arguments)

    async def open_modal(self, view: Json) -> Json:
        """Opens a modal for the person. Raises CallFailed."""
        await self.call("views.open", trigger_id=self.trigger_id, view=view)
        return {}

    async def publish(self, message: Message, reader: Reader) -> None:
        """Publishes the person's home page. Raises CallFailed."""
        await self.call("views.publish", user_id=self.user, view=render_home(message, reader))


@dataclass(frozen=True, slots=True)
class AtCommand:
    """A slash command: what is said goes into the answer itself, for the person alone."""

    desk: Desk

    async def show(self, message: Message, reader: Reader) -> Json:
        """In the answer."""
        return {"response_type": "ephemeral"} | render_message(message, reader)

    async def open(self, form: Form, reader: Reader) -> Json:
        """A modal."""
        return await self.desk.open_modal(render_form(form, reader, FormPlace()))

    async def replace(self, message: Message, reader: Reader) -> Json:
        """There is nothing to replace."""
        return await self.show(message, reader)

    async def correct(self, reply: FormErrors, reader: Reader) -> Json:
        """No form is open yet."""
        return await self.open(reply.form, reader)


@dataclass(frozen=True, slots=True)
class AtMessage:
    """A button of a message, or of something only the person sees (`hidden`), which only its response_url reaches."""

    desk: Desk
    channel: str
    message: str
    response_url: str
    hidden: bool

    async def show(self, message: Message, reader: Reader) -> Json:
        """Below it, for the person alone."""
        body: Json = {"response_type": "ephemeral", "replace_original": False}
        return await self._respond(body | render_message(message, reader))

    async def _respond(self, body: Json) -> Json:
        await self.desk.web.post(self.response_url, body, self.desk.budget)
        return {}

    async def open(self, form: Form, reader: Reader) -> Json:
        """A modal that remembers the message."""
        place = FormPlace(self.channel, "" if self.hidden else self.message, self.response_url)
        return await self.desk.open_modal(render_form(form, reader, place))

    async def replace(self, message: Message, reader: Reader) -> Json:
        """The message itself."""
        rendered = render_message(message, reader)
        if not self.hidden and await _change(self.desk, self.channel, self.message, rendered):
            return {}
        return await self._respond({"replace_original": True} | rendered)

    async def correct(self, reply: FormErrors, reader: Reader) -> Json:
        """No form is open yet."""
        return await self.open(reply.form, reader)


async def _change(desk: Desk, channel: str, message: str, rendered: Json) -> bool:
    """Changes a message; False where Slack says that it can't be changed. Its key stays with it."""
    try:
        await desk.call("chat.update", channel=channel, ts=message, **({"blocks": []} | rendered))
    except CallFailed as failure:
        if failure.code in _NOT_CHANGEABLE:
            return False
        raise
    return True


@dataclass(frozen=True, slots=True)
class AtModal:
    """A button inside a modal: what is said becomes its next page."""

    desk: Desk
    view: Payload

    async def show(self, message: Message, reader: Reader) -> Json:
        """The window's next page."""
        carried = write_place("", read_place(self.view)[1].next())
        return await self._turn(render_page(message, reader, carried))

    async def open(self, form: Form, reader: Reader) -> Json:
        """The window's next page."""
        return await self._turn(render_form(form, reader, read_place(self.view)[1].next()))

    async def _turn(self, page: Json) -> Json:
        await self.desk.call("views.update", view_id=str(self.view["id"]), hash=str(self.view["hash"]), view=page)
        return {}

    async def replace(self, message: Message, reader: Reader) -> Json:
        """The window is what the button was in."""
        return await self.show(message, reader)

    async def correct(self, reply: FormErrors, reader: Reader) -> Json:
        """The window's next page."""
        return await self.open(reply.form, reader)


@dataclass(frozen=True, slots=True)
class AtHome:
    """A button of the home page: what is said opens in a modal, because nothing stands below a home page."""

    desk: Desk

    async def show(self, message: Message, reader: Reader) -> Json:
        """A modal to read."""
        return await self.desk.open_modal(render_page(message, reader, write_place("", FormPlace())))

    async def open(self, form: Form, reader: Reader) -> Json:
        """A modal."""
        return await self.desk.open_modal(render_form(form, reader, FormPlace()))

    async def replace(self, message: Message, reader: Reader) -> Json:
        """A modal to read: the page itself is published by `ShowHome`."""
        return await self.show(message, reader)

    async def correct(self, reply: FormErrors, reader: Reader) -> Json:
        """No form is open yet."""
        return await self.open(reply.form, reader)


@dataclass(frozen=True, slots=True)
class AtForm:
    """A form that was sent off: what is said is the next page of its window, in the answer itself."""

    desk: Desk
    view: Payload

    async def show(self, message: Message, reader: Reader) -> Json:
        """The window's last page."""
        carried = write_place("", self._place.next())
        return {"response_action": "update", "view": render_page(message, reader, carried)}

    @property
    def _place(self) -> FormPlace:
        return read_place(self.view)[1]

    async def open(self, form: Form, reader: Reader) -> Json:
        """The window's next page."""
        return {"response_action": "update", "view": render_form(form, reader, self._place.next())}

    async def replace(self, message: Message, reader: Reader) -> Json:
        """The message whose button opened the form, and the window closes; without one the window's last page."""
        rendered, place = render_message(message, reader), self._place
        if place.message and await _change(self.desk, place.channel, place.message, rendered):
            return {}
        if not place.response_url:
            return await self.show(message, reader)
        await self.desk.web.post(place.response_url, {"replace_original": True} | rendered, self.desk.budget)
        return {}

    async def correct(self, reply: FormErrors, reader: Reader) -> Json:
        """Sentences beside the fields; what was entered stays."""
        errors = render_errors(reply.errors, self.view)
        return {"response_action": "errors", "errors": errors} if errors else await self.open(reply.form, reader)
