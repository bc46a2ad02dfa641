"""People who use the workspace: what they see, and what they can do there.

Every act fails (SlackTrouble) where Slack would show the person an error, unless it is called with `may_fail=True`; and
it fails (AssertionError) where a person could not do it: a button, field, command or message that is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fake_slack import payloads, response_urls, writing
from tests.fake_slack.delivery import Answer, Delivery
from tests.fake_slack.modal import Modal
from tests.fake_slack.mrkdwn import show, texts_in
from tests.fake_slack.problems import ApiError, Json
from tests.fake_slack.users import user_json
from tests.fake_slack.view_methods import close_all, replace_view, stack_view
from tests.fake_slack.views import check_view
from tests.fake_slack.workspace import Channel, Message, View

if TYPE_CHECKING:
    from tests.fake_slack.server import FakeSlack

NO_CONNECTION = "We had some trouble connecting. Try again?"


class SlackTrouble(AssertionError):
    """Slack shows the person that the app did not answer, or answered badly."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as somebody has it on the screen; it does not change when the message does."""

    message: Message
    text: str
    blocks: list[Json]

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [element["text"]["text"] for element in buttons_in(self.blocks)]


def buttons_in(blocks: list[Json]) -> list[Json]:
    """The buttons of some blocks, from top to bottom; each knows its block id."""
    found: list[Json] = []
    for block in blocks:
        elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        found += [element | {"block_id": block["block_id"]} for element in elements if element.get("type") == "button"]
    return found


class Person:
    """Somebody with an account."""

    def __init__(self, slack: "FakeSlack", user: Any) -> None:
        self.slack, self.user = slack, user
        self.troubles: list[str] = []
        self.visited: list[str] = []
        self._modals: dict[str, Modal] = {}

    @property
    def id(self) -> str:
        """The user id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The full name."""
        return self.user.real_name

    # Seeing

    @property
    def direct(self) -> Channel:
        """The DM with the bot."""
        return self.slack.workspace.open_direct(self.user)[0]

    def shown(self, channel: Channel | None = None) -> list[Shown]:
        """Everything by the bot that this person sees now, oldest first; in all conversations or in one."""
        bot = self.slack.workspace.bot.id
        found = [
            Shown(message, self._read(message), message.blocks)
            for message in self.slack.workspace.list_seen_by(self.id)
            if message.user == bot and (channel is None or message.channel == channel.id)
        ]
        return found[::-1]

    @property
    def last(self) -> Shown:
        """The newest message by the bot."""
        shown = self.shown()
        assert shown, f"{self.name} sees no message"
        return shown[-1]

    @property
    def private(self) -> list[Shown]:
        """What only this person sees in a conversation (ephemeral messages), oldest first."""
        return [one for one in self.shown() if one.message.ephemeral_to]

    def see(self, words: str) -> Shown:
        """The newest message that contains these words."""
        for one in reversed(self.shown()):
            if words in one.text:
                return one
        raise AssertionError(f"{self.name} sees no message with {words!r}; but:\n" + "\n---\n".join(self.everything))

    @property
    def everything(self) -> list[str]:
        """The text of every message in sight."""
        return [one.text for one in self.shown()]

    @property
    def modal(self) -> Modal:
        """The open modal on top."""
        views = [view for view in self.slack.workspace.views.values() if view.user == self.id and view.open]
        assert views, f"no modal is open for {self.name}"
        return self._modals.setdefault(views[-1].id, Modal(self, views[-1]))

    @property
    def has_modal(self) -> bool:
        """Whether a modal is open."""
        return any(view.user == self.id and view.open for view in self.slack.workspace.views.values())

    @property
    def home(self) -> Shown:
        """The home page that was published for this person."""
        view = self.slack.workspace.homes.get(self.id)
        assert view, f"no home page was published for {self.name}"
        text = "\n".join(texts_in(view.payload["blocks"], self.slack.workspace))
        return Shown(Message("", "", "", text), text, view.payload["blocks"])

    def _read(self, message: Message) -> str:
        texts = texts_in(message.blocks, self.slack.workspace)
        return "\n".join(texts) if texts else show(message.text, self.slack.workspace)

    # Commands

    async def command(
        self, name: str, text: str = "", *, channel: Channel | None = None, may_fail: bool = False
    ) -> Delivery:
        """Types `/name text`, in the DM with the bot or in a channel."""
        assert self.slack.installed.knows(name), f"{name} is not a valid command"
        workspace, place = self.slack.workspace, channel or self.direct
        links = {"trigger_id": workspace.new_trigger(self.id).id, "response_url": self._response_url(place.id, None)}
        payload = payloads.command(workspace, self.user, place, name, text, links)
        delivery = await self.slack.send("slash_commands", payload)
        self._take_command_answer(name, place, delivery.answers[-1], may_fail)
        return delivery

    def _take_command_answer(self, name: str, place: Channel, answer: Answer, may_fail: bool) -> None:
        if not answer.ok:
            code = "operation_timeout" if "timeout" in answer.reason else "dispatch_failed"
            self._trouble(f"{name} failed with the error “{code}”", may_fail)
            return
        body = answer.json() or ({"text": answer.text} if answer.text.strip() else None)
        if body is None:
            return
        try:
            response_urls.check_answer(body)
        except ApiError as error:
            self._trouble(
                f"{name} failed with the error “invalid_command_response” ({error.code} {error.extra})", may_fail
            )
            return
        response_urls.say(self.slack.workspace, place.id, self.id, body)

    def _response_url(self, channel: str, message: Message | None) -> str:
        made = self.slack.workspace.new_response_url(self.id, channel, message)
        return f"{self.slack.url}/response/{made.id}"

    # Clicks

    async def click(
        self, label: str, *, on: Shown | None = None, sure: bool = True, may_fail: bool = False
    ) -> Delivery | None:
        """Presses a button of the newest message that has it, or of `on`, which may be out of date by now.

        Where the button asks back, `sure` is the answer; None is returned when nothing was sent.
        """
        shown = on or self._find_button(label)
        action = self._take_button(shown.blocks, label)
        if "confirm" in action and not sure:
            return None
        workspace, message = self.slack.workspace, shown.message
        current: Json = {"text": shown.message.text, "blocks": shown.blocks}
        links = {
            "trigger_id": workspace.new_trigger(self.id).id,
            "response_url": self._response_url(message.channel, message),
        }
        payload = payloads.message_click(workspace, self.user, message, current, self._pressed(action), links)
        return await self._interact(payload, may_fail)

    async def click_home(self, label: str, *, may_fail: bool = False) -> Delivery:
        """Presses a button of the home page."""
        view = self.slack.workspace.homes.get(self.id)
        assert view, f"no home page was published for {self.name}"
        return await self.click_in_view(view, label, may_fail=may_fail)

    async def click_in_view(self, view: View, label: str, *, may_fail: bool = False) -> Delivery:
        """Presses a button of a modal or home page."""
        action = self._pressed(self._take_button(view.payload["blocks"], label))
        trigger = self.slack.workspace.new_trigger(self.id, view.id if view.id in self.slack.workspace.views else "")
        payload = payloads.view_click(self.slack.workspace, self.user, view, action, {"trigger_id": trigger.id})
        return await self._interact(payload, may_fail)

    async def _interact(self, payload: Json, may_fail: bool) -> Delivery:
        delivery = await self.slack.send("interactive", payload)
        if not delivery.answers[-1].ok:
            self._trouble("the button shows a warning sign: the app did not answer", may_fail)
        return delivery

    def _find_button(self, label: str) -> Shown:
        for one in reversed(self.shown()):
            if label in one.buttons:
                return one
        raise AssertionError(f"{self.name} sees no button {label!r}; there are {[one.buttons for one in self.shown()]}")

    def _take_button(self, blocks: list[Json], label: str) -> Json:
        fitting = [button for button in buttons_in(blocks) if button["text"]["text"] == label]
        assert fitting, f"no button {label!r}; there are {[button['text']['text'] for button in buttons_in(blocks)]}"
        if "url" in fitting[0]:
            self.visited.append(fitting[0]["url"])
        return fitting[0]

    def _pressed(self, button: Json) -> Json:
        kept = {
            key: button[key] for key in ("type", "action_id", "block_id", "text", "value", "style") if key in button
        }
        return kept | {"action_ts": self.slack.workspace.new_ts()}

    # Modals

    async def submit_modal(self, modal: Modal, *, may_fail: bool = False) -> Delivery:
        """Sends a modal off and does with it what the app answers."""
        workspace = self.slack.workspace
        trigger = workspace.new_trigger(self.id, modal.view.id)
        payload = payloads.submission(workspace, self.user, modal.view, trigger.id)
        delivery = await self.slack.send("interactive", payload)
        try:
            self._take_submit_answer(modal, delivery.answers[-1])
        except (AssertionError, ApiError) as error:
            self._trouble(f"{NO_CONNECTION} ({error})", may_fail)
        return delivery

    def _take_submit_answer(self, modal: Modal, answer: Answer) -> None:
        assert answer.ok, f"the app answered {answer.status or answer.reason}"
        body = answer.json()
        if body is None:
            assert not answer.text.strip(), f"no JSON object: {answer.text[:80]}"
            self._close_one(modal.view)
            return
        match body.get("response_action"):
            case "errors":
                modal.show_errors(body["errors"])
            case "clear":
                close_all(self.slack.workspace, self.id)
            case "update":
                replace_view(self.slack.workspace, modal.view, self._good_view(body))
            case "push":
                stack_view(self.slack.workspace, modal.view, self._good_view(body))
            case other:
                raise AssertionError(f"unknown response_action {other}")

    def _good_view(self, body: Json) -> Json:
        complaints = check_view(body.get("view"), "modal")
        assert not complaints, complaints
        return body["view"]

    def _close_one(self, view: View) -> None:
        view.open = False

    async def close_modal(self, modal: Modal) -> None:
        """Closes a modal; the app hears of it only where it asked to."""
        self._close_one(modal.view)
        if modal.view.payload.get("notify_on_close"):
            await self.slack.send("interactive", payloads.closing(self.slack.workspace, self.user, modal.view))

    # Events

    async def write(
        self,
        text: str,
        *,
        channel: Channel | None = None,
        thread: "Shown | Message | None" = None,
        files: Sequence[Json] = (),
    ) -> Delivery | None:
        """Writes to the bot, into a channel, or into the thread of a message, with files of `attach` if there are any.

        None: the app is not told (not subscribed, or not a member).
        """
        return await writing.write(self, text, channel, thread, files)

    def attach(self, name: str, mimetype: str = "application/pdf", **more: Any) -> Json:
        """Uploads a file, to be sent along with what is written."""
        return payloads.file_json(self.slack.workspace, self.user, name, mimetype, **more)

    @property
    def written(self) -> list[Message]:
        """What this person has written, oldest first."""
        return [one for one in self.slack.workspace.messages if one.user == self.id and not one.deleted]

    async def edit(self, message: Message, text: str) -> Delivery | None:
        """Changes something this person wrote."""
        return await writing.edit(self, message, text)

    async def delete(self, message: Message) -> Delivery | None:
        """Deletes something this person wrote."""
        return await writing.delete(self, message)

    async def open_home(self) -> Delivery | None:
        """Opens the app's home page."""
        assert self.slack.installed.home_tab, "the app has no home tab"
        place, workspace = self.direct, self.slack.workspace
        inner: Json = {"type": "app_home_opened", "user": self.id, "channel": place.id, "tab": "home"}
        return await self.tell("app_home_opened", inner | {"event_ts": workspace.new_ts()})

    async def join_team(self) -> Delivery | None:
        """Joins the workspace."""
        user = user_json(self.user, email=True)
        return await self.tell("team_join", {"type": "team_join", "user": user, **self._at()})

    async def join_channel(self, channel: Channel, *, invited_by: "Person | None" = None) -> Delivery | None:
        """Joins a channel."""
        if self.id not in channel.members:
            channel.members.append(self.id)
        return await self.tell("member_joined_channel", self._joined(self.id, channel, invited_by))

    async def invite_bot(self, channel: Channel) -> Delivery | None:
        """Takes the bot into a channel: Slack tells the bot that it joined."""
        bot = self.slack.workspace.bot.id
        channel.members.append(bot)
        return await self.tell("member_joined_channel", self._joined(bot, channel, self))

    def _joined(self, user_id: str, channel: Channel, inviter: "Person | None") -> Json:
        kind = "C" if channel.kind == "channel" else "G"
        inner: Json = {"type": "member_joined_channel", "user": user_id, "channel": channel.id, "channel_type": kind}
        team = self.slack.workspace.users[user_id].team
        return inner | {"team": team, **({"inviter": inviter.id} if inviter else {}), **self._at()}

    async def change_profile(self, **changes: Any) -> Delivery | None:
        """Changes the account, such as `real_name`, `title`, `tz`, `locale`, `email`."""
        for name, value in changes.items():
            assert hasattr(self.user, name), name
            setattr(self.user, name, value)
        return await self._tell_user_change()

    async def be_deactivated(self) -> Delivery | None:
        """The account is deactivated."""
        self.slack.deactivate(self)
        return await self._tell_user_change()

    async def _tell_user_change(self) -> Delivery | None:
        user = user_json(self.user, email=True, locale=True)
        return await self.tell(
            "user_change", {"type": "user_change", "user": user, "cache_ts": 1763600000, **self._at()}
        )

    def _at(self) -> Json:
        return {"event_ts": self.slack.workspace.new_ts()}

    async def tell(self, kind: str, inner: Json) -> Delivery | None:
        """Slack tells the app of an event; None where the app isn't subscribed to it."""
        if not self.slack.installed.gets(kind):
            return None
        return await self.slack.send("events_api", payloads.event(self.slack.workspace, inner))

    def _trouble(self, what: str, may_fail: bool) -> None:
        self.troubles.append(what)
        self.slack.troubles.append(f"{self.name}: {what}")
        if not may_fail:
            raise SlackTrouble(f"{self.name} sees: {what}")
