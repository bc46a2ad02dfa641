"""From an activity to what the core understands, and from the core's reply to what Teams shows."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import structlog

from adapters.teams import forms, wire
from adapters.teams.addresses import Address
from adapters.teams.directory import TeamsDirectory
from adapters.teams.markup import RenderError, plain
from adapters.teams.outbound import Services, TeamsSender
from adapters.teams.received import Received, Who
from adapters.teams.render import CARD, Canvas, finish_card, render_card
from adapters.teams.rosters import Roster
from bot.failures import SendFailed
from bot.i18n import _, find_language, pgettext, use_locale
from bot.incoming import (
    ButtonPressed,
    FormSubmitted,
    Incoming,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Origin,
    Scope,
)
from bot.ports import Dispatch, Person
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply, ShowHome
from bot.ui import Message, Para, Reader

Json = dict[str, Any]

log = structlog.get_logger(__name__)

NOTICE = "application/vnd.microsoft.activity.message"
LONGEST_NOTICE = 250
"""Characters of the notice under a card; what is longer becomes a message."""
PATIENCE = 5.0
"""Seconds for something of ours inside an answer; Teams waits 10 for a dialog and 15 for a card."""
EDITS = frozenset({"editMessage", "undeleteMessage"})
DELETION = "softDeleteMessage"
ZONE = "Asia/Tokyo"
"""Only for readers whose zone Teams did not tell; dates in cards follow the client anyway."""


class Inbound:
    """The turns of `bridge.Turns`."""

    def __init__(self, dispatch: Dispatch, sender: TeamsSender, directory: TeamsDirectory, services: Services) -> None:
        self._dispatch, self._sender, self._directory, self._services = dispatch, sender, directory, services
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Waits for what was begun beside an answer."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def note(self, received: Received) -> None:
        """Keeps what every activity tells: where the service is, the person's zone, which team it came from."""
        self._services.note(received.tenant, received.service_url)
        self._directory.note(received)
        if received.scope is not Scope.PERSONAL:
            await self._directory.rosters.add(_get_roster(received))

    # What nobody waits for

    async def on_message(self, received: Received) -> None:
        """A person wrote, or pressed a button of an old client that sends its data as a message."""
        if received.sender.is_bot:
            return
        origin = make_origin(received, message=received.id)
        incoming: Incoming = MessageReceived(origin, received.text, received.thread, received.files)
        if not received.text and received.value is not None:
            incoming = ButtonPressed(make_origin(received), wire.read(received.value).payload)
        reply = await self._dispatch(incoming)
        message = _find_message(reply)
        if message is not None:
            await self._sender.say(_get_person(received), message, make_reader(received, reply.locale))

    async def on_edited(self, received: Received) -> None:
        """A person changed a message in the 1:1 chat, or brought back one that they had deleted."""
        if received.scope is Scope.PERSONAL and not received.sender.is_bot and received.event in EDITS:
            await self._dispatch(MessageEdited(_make_origin_of_change(received), received.text))

    async def on_deleted(self, received: Received) -> None:
        """A person deleted a message in the 1:1 chat."""
        if received.scope is Scope.PERSONAL and not received.sender.is_bot and received.event == DELETION:
            await self._dispatch(MessageDeleted(_make_origin_of_change(received)))

    async def on_installed(self, received: Received) -> None:
        """Installed by a person for themselves: they joined. In a team it only becomes a roster."""
        if received.scope is Scope.PERSONAL and not received.sender.is_bot:
            await self._dispatch(MemberJoined(make_origin(received)))

    async def on_removed(self, received: Received) -> None:
        """Removed by a person for themselves: nothing reaches them any more."""
        if received.scope is Scope.PERSONAL:
            await self._dispatch(MemberLeft(make_origin(received)))
        else:
            await self._directory.rosters.remove(_get_roster(received))

    async def on_members(self, received: Received) -> None:
        """People came: they joined. The bot came: it does not greet a whole team, the nightly pass meets its people.

        Who leaves a team may still have the app for themselves; a send that fails tells when they have not.
        """
        if any(who.id == received.bot for who in received.removed):
            await self._directory.rosters.remove(_get_roster(received))
        for who in received.added:
            if who.is_bot or who.id == received.bot:  # a local client names its bot without the 28:
                continue
            if not who.object_id:
                log.warning("teams.member_without_object_id", conversation=received.conversation)
                continue
            await self._dispatch(MemberJoined(make_origin(received, who)))

    # What somebody waits for

    async def on_execute(self, received: Received) -> Json:
        """A button in a card."""
        carried = wire.read(_find(received.value, "action", "data"))
        reply = await self._dispatch(ButtonPressed(make_origin(received), carried.payload))
        reader = make_reader(received, reply.locale or carried.locale)
        with use_locale(reader.locale):
            return await self._answer_press(received, carried, reply, reader)

    async def _answer_press(self, received: Received, carried: wire.Carried, reply: Reply, reader: Reader) -> Json:
        match reply:
            case Nothing():
                return _notice(pgettext("teams", "Done."))
            case Private(message=message) | ShowHome(message=message):
                return await self._answer_privately(received, message, reader)
            case ReplaceMessage(message=message):
                card = render_card(message, reader, "chat")
                self._start(self._replace(received, received.reply_to, message, reader))
                return _show(card)
            case OpenForm() | FormErrors():
                log.warning("teams.form_from_plain_button", payload=carried.payload.partition("[")[0])
                return _show(_make_opener(carried.payload, reader))

    async def _answer_privately(self, received: Received, message: Message, reader: Reader) -> Json:
        """A sentence stands under the card. More than that goes to the 1:1 chat, or into the card if it can't."""
        if sentence := find_notice(message):
            return _notice(sentence)
        try:
            await asyncio.wait_for(self._sender.say(_get_person(received), message, reader), PATIENCE)
        except (SendFailed, TimeoutError) as error:
            log.warning("teams.answer_in_card", reason=type(error).__name__)
            return _show(render_card(message, reader, "chat"))
        return _notice(message.summary)

    async def on_fetch(self, received: Received) -> Json | None:
        """A button that opens a dialog."""
        carried = wire.read(_find(received.value, "data"))
        reply = await self._dispatch(ButtonPressed(make_origin(received), carried.payload))
        reader = make_reader(received, reply.locale or carried.locale)
        with use_locale(reader.locale):
            if isinstance(reply, Nothing):
                return forms.render_popup(pgettext("teams", "Done."))
            return await self._answer_dialog(received, received.reply_to, reply, reader)

    async def on_submit(self, received: Received) -> Json | None:
        """A dialog's form was sent off, or a button on its last page pressed."""
        carried = wire.read(_find(received.value, "data"))
        if carried.kind == "close":
            return None
        message_id = _find_replaceable(received, carried)
        origin = make_origin(received, message=message_id)
        incoming: Incoming = ButtonPressed(origin, carried.payload)
        if carried.kind == "form":
            incoming = FormSubmitted(origin, carried.payload, carried.values)
        reply = await self._dispatch(incoming)
        reader = make_reader(received, reply.locale or carried.locale)
        with use_locale(reader.locale):
            return await self._answer_dialog(received, message_id, reply, reader)

    async def _answer_dialog(self, received: Received, message_id: str, reply: Reply, reader: Reader) -> Json | None:
        match reply:
            case Nothing():
                return None
            case OpenForm(form=form):
                return forms.render_form(form, reader, message=message_id)
            case FormErrors(form=form, errors=errors):
                return forms.render_form(form, reader, errors=errors, message=message_id)
            case Private(message=message) | ShowHome(message=message):
                return forms.render_page(message, reader)
            case ReplaceMessage(message=message):
                return await self._answer_replaced(received, message_id, message, reader)

    async def _answer_replaced(
        self, received: Received, message_id: str, message: Message, reader: Reader
    ) -> Json | None:
        """The card behind the dialog changes and the dialog closes; where that fails, the dialog shows it."""
        if message_id:
            try:
                address = Address(received.service_url, received.conversation)
                await asyncio.wait_for(self._sender.replace(address, message_id, message, reader), PATIENCE)
            except (SendFailed, TimeoutError) as error:
                log.warning("teams.replace_failed", message=message_id, reason=type(error).__name__)
            else:
                return None
        return forms.render_page(message, reader)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replace(self, received: Received, message_id: str, message: Message, reader: Reader) -> None:
        """The answer changes the card for who pressed, until the client forgets; this changes it for good, for all."""
        if not message_id:
            return
        try:
            address = Address(received.service_url, received.conversation)
            await self._sender.replace(address, message_id, message, reader)
        except (SendFailed, RenderError) as error:
            log.warning("teams.replace_failed", message=message_id, reason=str(error))


def make_origin(received: Received, who: Who | None = None, *, message: str = "") -> Origin:
    """Who caused an activity; `who` where it is not its sender."""
    personal = received.scope is Scope.PERSONAL
    return Origin(
        platform="teams",
        tenant=received.tenant,
        user=(who or received.sender).user,
        key=f"{received.key}:{who.user}" if who else received.key,
        scope=received.scope,
        conversation=received.conversation,
        message=message or received.reply_to,
        address=Address(received.service_url, received.conversation).encode() if personal else "",
        locale=received.locale,
    )


def _make_origin_of_change(received: Received) -> Origin:
    return replace(make_origin(received, message=received.id), key=received.change_key)


def make_reader(received: Received, locale: str = "") -> Reader:
    """For whom an answer is drawn: in its own language or that of the card that was pressed, else the client's."""
    language = find_language(locale) or find_language(received.locale) or "ja"
    return Reader(language, received.zone or ZONE)


def find_notice(message: Message) -> str:
    """The message as one short text for below a card, "" if it is more than that."""
    paragraphs = [block for block in message.blocks if isinstance(block, Para)]
    if len(paragraphs) < len(message.blocks) or len(paragraphs) > 1:
        return ""
    pieces = [piece for block in paragraphs for piece in block.content]
    text = "".join(piece for piece in pieces if isinstance(piece, str)) if pieces else message.summary
    is_plain = all(isinstance(piece, str) for piece in pieces)
    return plain(text) if is_plain and 0 < len(text) <= LONGEST_NOTICE else ""


def _find_message(reply: Reply) -> Message | None:
    """What an answer to a message says. The core posts those through the outbox; this is for whatever it does not."""
    match reply:
        case Private(message=message) | ShowHome(message=message) | ReplaceMessage(message=message):
            return message
        case OpenForm() | FormErrors():
            raise TypeError("a message can't be answered with a form")
        case Nothing():
            return None


def _find_replaceable(received: Received, carried: wire.Carried) -> str:
    """The message that a form may replace. Outside the 1:1 chat only Teams' own word counts: what the form carries
    comes from a client, which could name a message that others read."""
    return received.reply_to or (carried.message if received.scope is Scope.PERSONAL else "")


def _make_opener(payload: str, reader: Reader) -> Json:
    text = _("Please press once more to open the form.")
    button = {"type": "Action.Submit", "title": pgettext("teams", "Open"), "style": "positive"}
    body: list[Json] = [
        {"type": "TextBlock", "text": text, "wrap": True},
        {"type": "ActionSet", "actions": [button | {"data": wire.make_press(payload, reader.locale, fetch=True)}]},
    ]
    return finish_card(body, Canvas(reader, "chat"), speak=text)


def _get_roster(received: Received) -> Roster:
    return Roster(received.tenant, received.service_url, received.roster)


def _get_person(received: Received) -> Person:
    origin = make_origin(received)
    return Person(origin.tenant, origin.user, origin.address)


def _notice(sentence: str) -> Json:
    return {"statusCode": 200, "type": NOTICE, "value": plain(sentence)}


def _show(card: Json) -> Json:
    return {"statusCode": 200, "type": CARD, "value": card}


def _find(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return value  # pyright: ignore[reportUnknownVariableType]
