"""People at their Teams client: they install the app, write, press buttons that are really there, fill in dialogs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from . import activities, cards, cardtree
from .courier import Answer
from .dialogs import Closed, Dialog, Entered, Misbehaved, Scene, fill
from .keys import Json, get_object
from .world import Account, Place, Sent, Written

if TYPE_CHECKING:
    from .server import FakeTeams


@dataclass(frozen=True)
class Pressed:
    """What a pressed button led to: a replaced card, a short notice under the card, a dialog, or a page."""

    answer: Answer | None = None
    card: Json | None = None
    toast: str = ""
    dialog: Dialog | None = None
    note: str = ""
    url: str = ""

    @property
    def text(self) -> str:
        """The words that came up, wherever they stand."""
        shown = cardtree.read_text(self.card) if self.card else self.dialog.text if self.dialog else ""
        return "\n".join(part for part in (shown, self.toast, self.note) if part)


class Actor:
    """One person at their Teams client."""

    def __init__(self, teams: "FakeTeams", account: Account) -> None:
        self.teams, self.account = teams, account

    @property
    def aad_id(self) -> str:
        """Their Entra object id."""
        return self.account.aad_id

    @property
    def chat(self) -> Place:
        """Their 1:1 chat with the bot."""
        return self.teams.world.personal(self.account)

    def knows(self, some_id: str) -> bool:
        """Whether a mention of that id names somebody."""
        return self.teams.world.find_person(some_id) is not None

    def _scene(self) -> activities.Scene:
        service = self.teams.service
        return activities.Scene(self.teams.world, service.service_url, service.now())

    async def _deliver(self, activity: Json) -> Answer:
        answer = await self.teams.courier.deliver(activity)
        if not answer.ok and self.teams.strict:
            raise Misbehaved(f"{activity['type']} was answered with {answer.status}")
        return answer

    async def install(self) -> Answer:
        """Adds the app for themselves; the bot is told twice, as in real life."""
        self.chat.installed, self.chat.blocked = True, False
        await self._deliver(activities.make_installation(self._scene(), self.account, self.chat, "add"))
        membership = activities.make_membership(
            self._scene(), self.account, self.chat, [self.account], bot=True, added=True
        )
        return await self._deliver(membership)

    async def uninstall(self) -> Answer:
        """Removes the app for themselves."""
        self.chat.installed = False
        return await self._deliver(activities.make_installation(self._scene(), self.account, self.chat, "remove"))

    def block(self) -> None:
        """Blocks the bot. Nobody tells the bot."""
        self.chat.blocked = True

    async def write(
        self,
        text: str,
        *,
        to: Place | None = None,
        thread: str = "",
        quoting: Sent | None = None,
        old_client: bool = False,
        files: Sequence[Json] = (),
    ) -> Answer:
        """Writes to the bot: in the 1:1 chat, or in a group or channel by naming it first.

        `quoting` is a message that this answers (told by old clients in HTML only); `files` are of `attach` or `paste`.
        """
        place = to or self.chat
        activity = activities.make_message(self._scene(), self.account, place, text, thread=thread)
        if quoting is not None:
            activity = activities.quote(activity, quoting, entity=not old_client)
        activity = activities.attach(activity, files)
        self.teams.world.written.append(Written(activity["id"], place, self.account, activity))
        return await self._deliver(activity)

    def attach(self, name: str) -> Json:
        """A file of their own, for `write`."""
        return activities.make_file(self.account, name)

    def paste(self) -> Json:
        """A picture, for `write`."""
        return activities.make_picture(self._scene())

    @property
    def written(self) -> list[Written]:
        """What they have written, oldest first; deleted messages are still there, to be restored."""
        return [one for one in self.teams.world.written if one.author is self.account]

    async def edit(self, written: Written, text: str) -> Answer:
        """Changes something they wrote."""
        assert not written.deleted, "it is deleted"
        return await self._change(written, "editMessage", text)

    async def delete(self, written: Written) -> Answer:
        """Deletes something they wrote."""
        assert not written.deleted, "it is deleted"
        written.deleted = True
        return await self._change(written, "softDeleteMessage", "")

    async def restore(self, written: Written) -> Answer:
        """Brings back what they deleted."""
        assert written.deleted, "it is not deleted"
        written.deleted = False
        return await self._change(written, "undeleteMessage", written.activity["text"])

    async def _change(self, written: Written, event: str, text: str) -> Answer:
        assert written.author is self.account, "people change only what they wrote themselves"
        if event == "editMessage":
            written.activity["text"] = text
        return await self._deliver(activities.make_change(self._scene(), written, event, text))

    async def like(self, sent: Sent) -> Answer:
        """Puts a thumb under a message of the bot."""
        return await self._deliver(activities.make_reaction(self._scene(), self.account, sent.place, sent.id))

    async def invoke(self, place_id: str, name: str, value: Json, *, message_id: str = "") -> Answer:
        """Posts an invoke from a conversation."""
        place = self.teams.world.places[place_id]
        activity = activities.make_invoke(self._scene(), self.account, place, name, value, message_id=message_id)
        return await self.teams.courier.deliver(activity)

    def messages(self, place: Place | None = None) -> list[Sent]:
        """What the bot left in a conversation, by default the 1:1 chat, oldest first."""
        return self.teams.world.list_sent(place or self.chat)

    @property
    def latest(self) -> Sent:
        """The newest message in the 1:1 chat."""
        messages = self.messages()
        assert messages, f"{self.account.name} has no messages"
        return messages[-1]

    async def receives(self, words: str, *, place: Place | None = None, within: float | None = None) -> Sent:
        """Waits for a message that says `words` in its text or notification, and gives the newest one. Raises
        AssertionError after `within` seconds, if given."""

        def found() -> list[Sent]:
            return [sent for sent in self.messages(place) if words in sent.text or words in sent.summary]

        what = f"{self.account.name} was to receive {words!r}"
        await self.teams.world.wait_until(found, within, what)
        return found()[-1]

    def find_button(self, label: str, *, on: Sent | None = None, place: Place | None = None) -> tuple[Sent, Json]:
        """The newest button of that label that the person sees, and the message it stands in."""
        for sent in [on] if on else reversed(self.messages(place)):
            for action in sent.actions_for(self.account):
                if action.get("title") == label:
                    return sent, action
        seen = [sent.buttons_for(self.account) for sent in self.messages(place)]
        raise AssertionError(f"{self.account.name} sees no button [{label}], only {seen}")

    async def press(
        self,
        label: str,
        values: Mapping[str, Entered] | None = None,
        *,
        on: Sent | None = None,
        place: Place | None = None,
    ) -> Pressed:
        """Presses a button of a card that was really sent, `values` filling the card's own fields if it has any."""
        sent, action = self.find_button(label, on=on, place=place)
        match action["type"]:
            case "Action.Execute":
                return await self.execute(sent, action, values or {})
            case "Action.Submit":
                return await self._submit(sent, action, values or {})
            case "Action.ToggleVisibility":
                targets = cast("list[str | Json]", action["targetElements"])
                sent.toggled[self.aad_id] ^= {each if isinstance(each, str) else each["elementId"] for each in targets}
                return Pressed()
            case "Action.OpenUrl":
                return Pressed(url=action["url"])
            case other:
                raise Misbehaved(f"this fake can't press a {other}")

    async def open(self, label: str, *, on: Sent | None = None, place: Place | None = None) -> Dialog:
        """Presses a button that opens a dialog."""
        pressed = await self.press(label, on=on, place=place)
        assert pressed.dialog is not None, f"[{label}] opened no dialog: {pressed}"
        return pressed.dialog

    async def execute(self, sent: Sent, action: Json, values: Mapping[str, Entered]) -> Pressed:
        """Executes a card's Action.Execute and shows what comes back. Raises Misbehaved."""
        card = sent.card_for(self.account)
        assert card is not None
        filled = fill(card, values, mobile=self.account.mobile)
        data = get_object(action, "data") | filled
        sending = {"type": "Action.Execute", "title": action["title"], "verb": action["verb"], "data": data}
        value = {"action": sending, "trigger": "manual"}
        answer = await self.invoke(sent.place.id, "adaptiveCard/action", value, message_id=sent.id)
        return await self._show(sent, answer)

    async def _show(self, sent: Sent, answer: Answer) -> Pressed:
        body = _read_card_answer(answer)
        match body["type"]:
            case cardtree.CARD:
                problems = cards.check_card(body["value"], "message", self.knows)
                if problems:
                    raise Misbehaved("; ".join(problems))
                sent.views[self.aad_id] = body["value"]
                await self.teams.world.tell()
                return Pressed(answer, card=body["value"])
            case "application/vnd.microsoft.activity.message":
                if not isinstance(body["value"], str) or not body["value"]:
                    raise Misbehaved("the notice under a card needs a sentence")
                return Pressed(answer, toast=body["value"])
            case other:
                raise Misbehaved(f"an answer of type {other!r}: {body['value']!r}")

    async def _submit(self, sent: Sent, action: Json, values: Mapping[str, Entered]) -> Pressed:
        data = get_object(action, "data")
        if "msteams" not in data:
            return Pressed(await self.submit_as_message(sent, data))
        card = sent.card_for(self.account)
        assert card is not None
        value = {"data": {**data, **fill(card, values)}, "context": {"theme": "default"}}
        answer = await self.invoke(sent.place.id, "task/fetch", value, message_id=sent.id)
        shown = Scene(self, sent.place.id).read(answer)
        return Pressed(answer, note=shown.note) if isinstance(shown, Closed) else Pressed(answer, dialog=shown)

    async def submit_as_message(self, sent: Sent, data: Json) -> Answer:
        """A plain Action.Submit arrives as a message without text, the data as its value."""
        activity = activities.make_message(self._scene(), self.account, sent.place, "")
        activity |= {"value": data, "replyToId": sent.id}
        del activity["text"]
        return await self._deliver(activity)


def _read_card_answer(answer: Answer) -> Json:
    if answer.status != 200:
        raise Misbehaved(f"a pressed button was answered with {answer.status}")
    body = answer.json
    if body.keys() != {"statusCode", "type", "value"}:
        raise Misbehaved(f"a pressed button's answer is {{statusCode, type, value}}, not {body!r}")
    if body["statusCode"] != 200:
        raise Misbehaved(f"the person sees an error: {body}")
    return body
