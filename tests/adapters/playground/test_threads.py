"""Threads in the workspace: on the page a conversation of their own, to the bot a part of the direct one; and what
people change of what they wrote."""

from dataclasses import replace

import pytest

from adapters.playground.keeper import Keeper
from adapters.playground.outbound import PlaygroundSender
from adapters.playground.store import Post, Store
from adapters.playground.views import read_view
from bot.clock import FrozenClock
from bot.incoming import MessageDeleted, MessageEdited, MessageReceived, Scope
from bot.ports import Receipt, Thread
from tests.adapters.playground.browser import Browser, Json
from tests.adapters.playground.conftest import NOW, Client
from tests.adapters.playground.small_bot import SmallBot
from tests.adapters.playground.test_outbound import parcel, to


@pytest.fixture
def sender(keeper: Keeper) -> PlaygroundSender:
    return PlaygroundSender(keeper, FrozenClock(NOW))


@pytest.fixture
def sho(client: Client) -> Browser:
    return Browser(client, "sho-takahashi")


@pytest.fixture
def misaki(client: Client) -> Browser:
    return Browser(client, "misaki-sato")


async def look(keeper: Keeper, person: str) -> tuple[dict[str, Json], list[Json]]:
    """A person's threads by id, and all messages."""
    view = await keeper(read_view, person, 0)
    return {one["id"]: one for one in view["conversations"] if one["kind"] == "thread"}, view["messages"]


class TestSending:
    async def test_the_message_that_begins_a_thread_stands_in_the_direct_conversation(
        self, sender: PlaygroundSender, keeper: Keeper
    ) -> None:
        opening = replace(parcel("k1", to("misaki-sato"), "佐藤さんとの会話"), thread=Thread("k1"))
        receipt = await sender.send(opening)
        threads, messages = await look(keeper, "misaki-sato")
        assert messages[-1]["conversation"] == receipt.conversation == "dm:misaki-sato"
        (thread,) = threads.values()
        assert (thread["id"], thread["title"]) == (f"thread:{receipt.message}", "佐藤さんとの会話")
        assert (await look(keeper, "sho-takahashi"))[0] == {}, "it is nobody else's"

    async def test_what_follows_stands_in_the_thread_and_has_the_direct_conversations_receipt(
        self, sender: PlaygroundSender, keeper: Keeper
    ) -> None:
        root = await sender.send(replace(parcel("k1", to("misaki-sato")), thread=Thread("k1")))
        followed = replace(parcel("k2", to("misaki-sato"), "続き"), thread=Thread("k1", root))
        receipt = await sender.send(followed)
        threads, messages = await look(keeper, "misaki-sato")
        assert messages[-1]["conversation"] == f"thread:{root.message}"
        assert receipt == Receipt("dm:misaki-sato", str(messages[-1]["id"]), "dm:misaki-sato")
        assert threads[f"thread:{root.message}"]["unread"] == 1
        assert await sender.find_sent(followed) == receipt

    async def test_the_same_opening_twice_opens_one_thread(self, sender: PlaygroundSender, keeper: Keeper) -> None:
        opening = replace(parcel("k1", to("misaki-sato")), thread=Thread("k1"))
        assert await sender.send(opening) == await sender.send(opening)
        assert len((await look(keeper, "misaki-sato"))[0]) == 1

    async def test_a_message_of_a_thread_is_changed_where_it_stands(
        self, sender: PlaygroundSender, keeper: Keeper
    ) -> None:
        root = await sender.send(replace(parcel("k1", to("misaki-sato")), thread=Thread("k1")))
        sent = await sender.send(replace(parcel("k2", to("misaki-sato"), "一"), thread=Thread("k1", root)))
        receipt = await sender.send(parcel("k3", to("misaki-sato"), "二", sent))
        assert receipt.message == sent.message
        assert (await look(keeper, "misaki-sato"))[1][-1]["body"]["summary"] == "二"


class TestWriting:
    async def open(self, bot: SmallBot, sho: Browser) -> str:
        """A thread of Sho's; the id of its conversation."""
        opening = replace(parcel("t1", to(sho.person), "会話"), thread=Thread("t1"))
        receipt = await bot.adapter.sender.send(opening)
        return f"thread:{receipt.message}"

    async def test_what_is_written_in_a_thread_says_so(self, bot: SmallBot, sho: Browser) -> None:
        thread = await self.open(bot, sho)
        await sho.say("スレッドに", thread)
        (heard,) = bot.heard
        assert isinstance(heard, MessageReceived)
        assert (heard.thread, heard.origin.conversation) == (thread.removeprefix("thread:"), "dm:sho-takahashi")
        assert heard.origin.scope is Scope.PERSONAL
        assert await sho.read(thread) == ["スレッドに"]

    async def test_outside_there_is_no_thread(self, bot: SmallBot, sho: Browser) -> None:
        await sho.say("こんにちは")
        assert isinstance(bot.heard[0], MessageReceived)
        assert bot.heard[0].thread == ""

    async def test_a_command_in_a_thread_is_no_command(self, bot: SmallBot, sho: Browser) -> None:
        await sho.say("/mentor 電池", await self.open(bot, sho))
        assert isinstance(bot.heard[0], MessageReceived)

    async def test_somebody_elses_thread_is_not_there(self, bot: SmallBot, sho: Browser, misaki: Browser) -> None:
        thread = await self.open(bot, sho)
        status, _ = await misaki.try_act({"kind": "say", "conversation": thread, "text": "のぞき見"})
        assert status == 404
        assert bot.heard == []


class TestChanging:
    async def written(self, sho: Browser, text: str = "一") -> int:
        """Sho writes; the number of the message."""
        await sho.say(text)
        await sho.look()
        return next(id for id, message in sho.messages.items() if message["body"].get("text") == text)

    async def test_an_edit_is_seen_and_told(self, bot: SmallBot, sho: Browser) -> None:
        id = await self.written(sho)
        await sho.act({"kind": "edit", "conversation": "dm:sho-takahashi", "message": str(id), "text": "二"})
        heard = bot.heard[-1]
        assert isinstance(heard, MessageEdited)
        assert (heard.text, heard.origin.message, heard.origin.conversation) == ("二", str(id), "dm:sho-takahashi")
        await sho.look()
        assert (sho.messages[id]["body"], sho.messages[id]["edited"]) == ({"text": "二"}, True)

    async def test_a_deletion_is_seen_and_told_once(self, bot: SmallBot, sho: Browser) -> None:
        id = await self.written(sho)
        before = len(bot.heard)
        for _turn in range(2):
            await sho.act({"kind": "delete", "conversation": "dm:sho-takahashi", "message": str(id)})
        (heard,) = bot.heard[before:]
        assert isinstance(heard, MessageDeleted)
        assert heard.origin.message == str(id)
        await sho.look()
        assert sho.messages[id]["body"] == {"text": "", "deleted": True}

    async def test_the_same_text_again_changes_nothing(self, bot: SmallBot, sho: Browser) -> None:
        id = await self.written(sho)
        before = len(bot.heard)
        await sho.act({"kind": "edit", "conversation": "dm:sho-takahashi", "message": str(id), "text": "一"})
        assert len(bot.heard) == before

    async def test_nobody_changes_what_somebody_else_wrote(self, sho: Browser, misaki: Browser) -> None:
        id = await self.written(sho)
        await sho.look()
        of_the_bot = next(id for id, message in sho.messages.items() if message["author"] == "musubi")
        for person, message in ((misaki, id), (sho, of_the_bot), (sho, 99_999)):
            place = f"dm:{person.person}"
            what = {"kind": "edit", "conversation": place, "message": str(message), "text": "改ざん"}
            status, _ = await person.try_act(what)
            assert status == 404
            status, _ = await person.try_act({"kind": "delete", "conversation": place, "message": str(message)})
            assert status == 404

    async def test_an_event_that_the_bot_did_not_take_is_kept(self, store: Store) -> None:

        placed = store.post(Post("dm:sho", "sho", "text", {"text": "一"}), NOW)
        assert store.change_own("sho", placed.message, {"text": "二"}, {"kind": "edited"}, "key-1", NOW)
        assert store.list_queued() == [("key-1", {"kind": "edited"})]
