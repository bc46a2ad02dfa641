"""Where acts on the page arrive: each becomes an incoming for the bot, and its reply becomes what the page shows."""

import asyncio
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

from adapters.playground.acts import Act, Delete, Edit, Join, OpenHome, Press, Say, Speak, Submit
from adapters.playground.courier import Courier, deleted, edited, joined, language_changed, said
from adapters.playground.directory import make_origin
from adapters.playground.keeper import Keeper
from adapters.playground.people import Resident
from adapters.playground.render import render_errors, render_form, render_message
from adapters.playground.store import BOT, Kind, Post, Store, UnknownPlaceError, direct, root_of
from bot.incoming import ButtonPressed, Command, FormSubmitted, HomeOpened, Origin, Scope
from bot.ports import Clock, Dispatch
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply, ShowHome
from bot.ui import Message, Reader

Json = dict[str, Any]

_SCOPES = {"dm": Scope.PERSONAL, "thread": Scope.PERSONAL, "group": Scope.GROUP, "channel": Scope.CHANNEL}

HOME = "home"

NOTHING: Json = {"kind": "nothing"}
QUEUED: Json = {"kind": "queued"}


class NotJoinedError(Exception):
    """The person is not in the workspace yet, so that there is nothing they can do in it but join."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an act happens and for whom: `in_form` says that a form's window is open and shows the answer."""

    origin: Origin
    reader: Reader
    in_form: bool = False


class Reception:
    """Takes acts, one effect per key however often the page sends them."""

    def __init__(
        self,
        keeper: Keeper,
        people: Mapping[str, Resident],
        dispatch: Dispatch,
        courier: Courier,
        clock: Clock,
        list_commands: Callable[[], Collection[str]],
    ) -> None:
        self._keeper = keeper
        self._people = people
        self._dispatch = dispatch
        self._courier = courier
        self._clock = clock
        self._list_commands = list_commands
        self._under_way: dict[str, asyncio.Task[Json]] = {}

    async def take(self, act: Act) -> Json:
        """Does what the person did and gives what the page is to show.

        Raises UnknownPlaceError for a person, conversation or message that isn't there for them, NotJoinedError for
        somebody who has yet to join.
        """
        answer = await self._keeper(Store.find_answer, act.key)
        if answer is not None:
            return answer
        task = self._under_way.get(act.key)
        if task is None:
            task = self._under_way[act.key] = asyncio.create_task(self._take_once(act))
            task.add_done_callback(lambda _: self._under_way.pop(act.key, None))
        return await asyncio.shield(task)

    async def _take_once(self, act: Act) -> Json:
        answer = await self._perform(act)
        await self._keeper(Store.keep_answer, act.key, answer)
        return answer

    async def _perform(self, act: Act) -> Json:
        person = self._people.get(act.person)
        if person is None:
            raise UnknownPlaceError(act.person)
        if isinstance(act.what, Join):
            return await self._join(person, act.key)
        if not await self._keeper(Store.has_joined, person.id):
            raise NotJoinedError(person.id)
        match act.what:
            case Say(conversation=conversation, text=text):
                return await self._say(await self._scene(person, act.key, conversation), text)
            case Edit() | Delete() as change:
                scene = await self._scene(person, act.key, change.conversation, change.message)
                return await self._change(scene, change.text if isinstance(change, Edit) else None)
            case Press() as press:
                return await self._press(await self._scene(person, act.key, press.conversation, press.message), press)
            case Submit() as submit:
                scene = await self._scene(person, act.key, submit.conversation, submit.message)
                return await self._submit(replace(scene, in_form=True), submit)
            case OpenHome():
                return await self._open_home(await self._scene(person, act.key, direct(person.id), HOME))
            case Speak(language=language):
                return await self._set_language(person, act.key, language)
            case _:
                assert_never(act.what)

    async def _scene(self, person: Resident, key: str, conversation: str, message: str = "") -> Scene:
        kind = await self._keeper(Store.kind_for, person.id, conversation)
        if kind not in _SCOPES:
            raise UnknownPlaceError(conversation)
        if message not in ("", HOME):
            placed = await self._keeper(Store.check_sees, person.id, int(message))
            conversation = placed.conversation
        language = await self._keeper(Store.language, person.id) or person.language
        origin = replace(
            make_origin(person, language), key=key, scope=_SCOPES[kind], conversation=conversation, message=message
        )
        return Scene(origin, Reader(language, person.zone))

    # What people do

    async def _join(self, person: Resident, key: str) -> Json:
        event = joined(person.id)
        if not await self._keeper(Store.join, person.id, event, key, self._clock.now()):
            return NOTHING
        return await self._bring(key, event)

    async def _set_language(self, person: Resident, key: str, language: str) -> Json:
        event = language_changed(person.id, language)
        await self._keeper(Store.set_language, person.id, language, event, key, self._clock.now())
        return await self._bring(key, event)

    async def _bring(self, key: str, event: Json) -> Json:
        return QUEUED if await self._courier.bring(key, event) is None else NOTHING

    async def _say(self, scene: Scene, text: str) -> Json:
        origin = scene.origin
        # What is written in a thread is no command, as on the platforms that have both.
        command = None if root_of(origin.conversation) else read_command(text, self._list_commands())
        if command is not None:
            await self._keep(scene, "text", {"text": text}, author=origin.user, private=origin.scope != Scope.PERSONAL)
            return await self._speak(scene, await self._dispatch(Command(origin, *command)))
        named = read_mention(text)
        heard = text if origin.scope is Scope.PERSONAL else named
        if heard is None:
            await self._keep(scene, "text", {"text": text}, author=origin.user)
            return NOTHING
        event = said(origin.user, origin.conversation, origin.scope, named or heard)
        post = Post(origin.conversation, origin.user, "text", {"text": text}, key=origin.key)
        event = await self._keeper(Store.post_and_queue, post, event, self._clock.now())
        reply = await self._courier.bring(origin.key, event)
        return QUEUED if reply is None else await self._speak(scene, reply)

    async def _change(self, scene: Scene, text: str | None = None) -> Json:
        """A person edits what they wrote, or, without `text`, deletes it; the bot hears of it."""
        origin = scene.origin
        place = (origin.user, origin.conversation, origin.scope, origin.message)
        event = deleted(*place) if text is None else edited(*place, text)
        body: Json = {"text": "", "deleted": True} if text is None else {"text": text}
        changed = (origin.user, int(origin.message), body, event, origin.key, self._clock.now())
        if not await self._keeper(Store.change_own, *changed):
            return NOTHING
        return await self._bring(origin.key, event)

    async def _press(self, scene: Scene, press: Press) -> Json:
        return await self._speak(scene, await self._dispatch(ButtonPressed(scene.origin, press.payload)))

    async def _submit(self, scene: Scene, submit: Submit) -> Json:
        submitted = FormSubmitted(scene.origin, submit.payload, submit.form_values())
        return await self._speak(scene, await self._dispatch(submitted))

    async def _open_home(self, scene: Scene) -> Json:
        reply = await self._dispatch(HomeOpened(scene.origin))
        if isinstance(reply, Private):
            return await self._show_home(_in_language(scene, reply), reply.message)
        return await self._speak(scene, reply)

    # What the bot answers

    async def _speak(self, scene: Scene, reply: Reply) -> Json:
        scene = _in_language(scene, reply)
        match reply:
            case Nothing():
                return NOTHING
            case OpenForm(form=form):
                return {"kind": "form", "form": render_form(form, scene.reader)}
            case FormErrors():
                return {"kind": "form", "form": render_errors(reply, scene.reader)}
            case Private(message=message):
                return await self._whisper(scene, message)
            case ReplaceMessage(message=message):
                return await self._replace(scene, message)
            case ShowHome(message=message):
                return await self._show_home(scene, message)
            case _:
                assert_never(reply)

    async def _whisper(self, scene: Scene, message: Message) -> Json:
        body = render_message(message, scene.reader)
        if scene.in_form:
            return {"kind": "page", "message": body}
        await self._keep(scene, "card", body, author=BOT, private=True)
        return {"kind": "shown", "conversation": scene.origin.conversation}

    async def _replace(self, scene: Scene, message: Message) -> Json:
        old = scene.origin.message
        if old == HOME:
            return await self._show_home(scene, message)
        if not old:
            return await self._whisper(scene, message)
        body = render_message(message, scene.reader)
        await self._keeper(Store.replace, int(old), body, self._clock.now(), f"reply:{scene.origin.key}")
        return {"kind": "shown", "conversation": scene.origin.conversation}

    async def _show_home(self, scene: Scene, message: Message) -> Json:
        await self._keeper(Store.set_home, scene.origin.user, render_message(message, scene.reader))
        return {"kind": "home"}

    async def _keep(self, scene: Scene, kind: Kind, body: Json, *, author: str, private: bool = False) -> None:
        origin = scene.origin
        key = f"reply:{origin.key}" if author == BOT else origin.key
        post = Post(origin.conversation, author, kind, body, key=key, only_for=origin.user if private else None)
        await self._keeper(Store.post, post, self._clock.now())


def _in_language(scene: Scene, reply: Reply) -> Scene:
    """With the reader in the answer's language, which may be another one than the platform's."""
    return replace(scene, reader=replace(scene.reader, locale=reply.locale or scene.reader.locale))


def read_command(text: str, commands: Collection[str]) -> tuple[str, str] | None:
    """The command's name and text when `text` is a known command such as `/mentor 電池`; full-width slashes count."""
    first, *rest = text.split(maxsplit=1) or [""]
    name = unicodedata.normalize("NFKC", first).casefold()
    if not name.startswith("/") or name[1:] not in commands:
        return None
    return name[1:], rest[0].strip() if rest else ""


def read_mention(text: str) -> str | None:
    """What is said to the bot when `text` begins by naming it (`@Musubi`, `@結び`), else None."""
    for name in ("@musubi", "@結び"):
        if text.casefold().startswith(name):
            return text[len(name) :].strip(" \u3000、,:：\n") or None
    return None
