"""What people do on the page reaches the bot, once, and what the bot answers is shown to whom it concerns."""

import asyncio

import pytest

from adapters.playground.reception import read_command, read_mention
from bot.incoming import (
    ButtonPressed,
    Command,
    FormSubmitted,
    HomeOpened,
    MemberJoined,
    MessageReceived,
    ProfileChanged,
    Scope,
)
from tests.adapters.playground.browser import Browser, new_key
from tests.adapters.playground.conftest import Client
from tests.adapters.playground.small_bot import SmallBot

GROUP = "/group"


@pytest.fixture
def sho(client: Client) -> Browser:
    return Browser(client, "sho-takahashi")


@pytest.fixture
def misaki(client: Client) -> Browser:
    return Browser(client, "misaki-sato")


@pytest.fixture
def kenichi(client: Client) -> Browser:
    return Browser(client, "kenichi-tanaka")


async def open_group(sho: Browser) -> str:
    await sho.say(GROUP)
    view = await sho.look()
    return next(one["id"] for one in view["conversations"] if one["kind"] == "group")


class TestWriting:
    async def test_a_message_to_the_bot_is_shown_and_answered(self, bot: SmallBot, sho: Browser) -> None:
        assert await sho.say("こんにちは") == {"kind": "nothing"}
        assert await sho.read() == ["こんにちは", "聞きました：こんにちは"]
        (heard,) = bot.heard
        assert isinstance(heard, MessageReceived)
        assert heard.origin.scope is Scope.PERSONAL
        assert (heard.origin.platform, heard.origin.tenant, heard.origin.user) == (
            "playground",
            "demo-teams",
            "sho-takahashi",
        )
        assert heard.origin.message in {str(id) for id in sho.messages}
        assert (heard.origin.address, heard.origin.locale) == ("dm:sho-takahashi", "ja")

    async def test_a_command_arrives_as_one(self, bot: SmallBot, sho: Browser) -> None:
        answer = await sho.say("/mentor 電池の量産")
        (heard,) = bot.heard
        assert isinstance(heard, Command)
        assert (heard.name, heard.text) == ("mentor", "電池の量産")
        assert answer["kind"] == "form"
        assert answer["form"]["items"][1]["value"] == "電池の量産"
        assert await sho.read() == ["/mentor 電池の量産"]

    async def test_an_unknown_command_is_a_message(self, bot: SmallBot, sho: Browser) -> None:
        await sho.say("/nothing here")
        assert isinstance(bot.heard[0], MessageReceived)

    async def test_in_a_group_people_write_to_each_other(self, bot: SmallBot, sho: Browser, misaki: Browser) -> None:
        group = await open_group(sho)
        before = len(bot.heard)
        await misaki.say("よろしくお願いします。", group)
        assert await sho.read(group) == ["はじめましょう", "よろしくお願いします。"]
        assert len(bot.heard) == before

    async def test_in_a_group_the_bot_hears_what_names_it(self, bot: SmallBot, sho: Browser) -> None:
        group = await open_group(sho)
        await sho.say("@Musubi 終わりました", group)
        heard = bot.heard[-1]
        assert isinstance(heard, MessageReceived)
        assert (heard.text, heard.origin.scope, heard.origin.conversation) == ("終わりました", Scope.GROUP, group)

    async def test_a_command_in_a_group_is_not_shown_to_the_others(self, sho: Browser, misaki: Browser) -> None:
        group = await open_group(sho)
        await sho.say("/alumni help", group)
        assert await sho.read(group) == ["はじめましょう", "/alumni help", "alumni: help"]
        assert await misaki.read(group) == ["はじめましょう"]

    async def test_a_channel_is_read_by_everybody(self, sho: Browser, misaki: Browser) -> None:
        await sho.say("おはようございます", "channel:news")
        assert (await misaki.read("channel:news"))[-1] == "おはようございます"


class TestButtons:
    async def test_a_press_is_told_with_its_place(self, bot: SmallBot, sho: Browser) -> None:
        await sho.say("/cards")
        await sho.look()
        card = max(sho.messages)
        assert await sho.press(card, "small.slow[]") == {"kind": "nothing"}
        pressed = bot.heard[-1]
        assert isinstance(pressed, ButtonPressed)
        assert (pressed.payload, pressed.origin.message) == ("small.slow[]", str(card))
        assert pressed.origin.conversation == "dm:sho-takahashi"

    async def test_the_pressed_message_becomes_another(self, sho: Browser) -> None:
        await sho.say("/cards")
        await sho.look()
        answer = await sho.press(max(sho.messages), "small.accept[1]")
        assert answer == {"kind": "shown", "conversation": "dm:sho-takahashi"}
        assert await sho.read() == ["/cards", "引き受けました"]

    async def test_two_presses_are_two_even_at_once(self, bot: SmallBot, sho: Browser) -> None:
        await sho.say("/cards")
        await sho.look()
        await asyncio.gather(*(sho.press(max(sho.messages), "small.accept[1]") for _ in range(2)))
        assert bot.presses["small.accept[1]"] == 2

    async def test_a_press_sent_again_is_one(self, bot: SmallBot, sho: Browser) -> None:
        await sho.say("/cards")
        await sho.look()
        key = new_key()
        first = await sho.press(max(sho.messages), "small.ask[]", key=key)
        assert first["kind"] == "form"
        assert await sho.press(max(sho.messages), "small.ask[]", key=key) == first
        assert bot.presses["small.ask[]"] == 1

    async def test_a_press_sent_again_while_the_first_is_under_way_is_one(self, bot: SmallBot, sho: Browser) -> None:
        await sho.say("/cards")
        await sho.look()
        key = new_key()
        answers = await asyncio.gather(*(sho.press(max(sho.messages), "small.slow[]", key=key) for _ in range(3)))
        assert answers == [{"kind": "nothing"}] * 3
        assert bot.presses["small.slow[]"] == 1

    async def test_nobody_presses_what_they_do_not_see(self, bot: SmallBot, sho: Browser, misaki: Browser) -> None:
        await sho.say("/cards")
        await sho.look()
        what = {
            "kind": "press",
            "conversation": "dm:misaki-sato",
            "message": str(max(sho.messages)),
            "payload": "small.slow[]",
        }
        assert (await misaki.try_act(what))[0] == 404
        assert not bot.presses


class TestForms:
    async def test_what_was_entered_reaches_the_bot(self, bot: SmallBot, sho: Browser) -> None:
        await sho.submit("small.ask[]", {"topic": "電池", "fields": ["t0", "t2"], "day": "2026-12-01"})
        submitted = bot.heard[-1]
        assert isinstance(submitted, FormSubmitted)
        assert submitted.values.text("topic") == "電池"
        assert submitted.values.several("fields") == ("t0", "t2")
        assert submitted.values.text("day") == "2026-12-01"

    async def test_a_form_goes_on_step_by_step_to_its_last_page(self, sho: Browser) -> None:
        second = await sho.submit("small.ask[]", {"topic": "電池"})
        assert second["form"]["title"] == "もう少し"
        last = await sho.submit(second["form"]["payload"], {"note": "急ぎません"})
        assert last["kind"] == "page"
        assert last["message"]["summary"] == "お願いしました"
        assert await sho.read() == []

    async def test_errors_come_back_with_what_was_entered(self, sho: Browser) -> None:
        answer = await sho.submit("small.ask[]", {"topic": "だめ"})
        assert answer["form"]["errors"] == {"topic": "ほかの話題をご記入ください。"}
        assert answer["form"]["items"][1]["value"] == "だめ"


class TestHome:
    async def test_opening_it_draws_it(self, bot: SmallBot, sho: Browser) -> None:
        assert await sho.act({"kind": "home"}) == {"kind": "home"}
        assert isinstance(bot.heard[-1], HomeOpened)
        assert (await sho.look())["home"]["summary"] == "ホーム"

    async def test_a_command_may_show_it(self, sho: Browser) -> None:
        assert await sho.say("/alumni") == {"kind": "home"}

    async def test_its_buttons_may_draw_it_anew(self, sho: Browser) -> None:
        await sho.act({"kind": "home"})
        assert await sho.press("home", "small.refresh[]") == {"kind": "home"}
        assert (await sho.look())["home"]["summary"] == "新しいホーム"

    async def test_a_private_answer_to_its_buttons_goes_to_the_direct_conversation(self, sho: Browser) -> None:
        answer = await sho.press("home", "small.stop[]")
        assert answer == {"kind": "shown", "conversation": "dm:sho-takahashi"}
        assert await sho.read() == ["押しました：small.stop[]"]
        assert sho.messages[max(sho.messages)]["private"] is True


class TestJoining:
    async def test_a_leaver_reads_mail_and_then_joins(self, bot: SmallBot, kenichi: Browser) -> None:
        assert await kenichi.read("mail:kenichi-tanaka") == ["縁へのご招待"]
        assert await kenichi.act({"kind": "join"}) == {"kind": "nothing"}
        assert isinstance(bot.heard[-1], MemberJoined)
        assert await kenichi.read() == ["ようこそ。"]

    async def test_joining_twice_tells_the_bot_once(self, bot: SmallBot, kenichi: Browser) -> None:
        await kenichi.act({"kind": "join"})
        await kenichi.act({"kind": "join"})
        assert len([heard for heard in bot.heard if isinstance(heard, MemberJoined)]) == 1

    @pytest.mark.parametrize("kind", ["say", "press", "home"])
    async def test_before_joining_nothing_else_can_be_done(self, bot: SmallBot, kenichi: Browser, kind: str) -> None:
        what = {
            "say": {"kind": "say", "conversation": "dm:kenichi-tanaka", "text": "はい"},
            "press": {"kind": "press", "conversation": "dm:kenichi-tanaka", "message": "", "payload": "small.slow[]"},
            "home": {"kind": "home"},
        }[kind]
        assert (await kenichi.try_act(what))[0] == 409
        assert bot.heard == []


class TestPlaces:
    @pytest.mark.parametrize("place", ["dm:misaki-sato", "mail:sho-takahashi", "group:none", "nowhere"])
    async def test_nobody_writes_where_they_have_no_seat(self, bot: SmallBot, sho: Browser, place: str) -> None:
        assert (await sho.try_act({"kind": "say", "conversation": place, "text": "はい"}))[0] == 404
        assert bot.heard == []

    async def test_strangers_do_nothing(self, client: Client) -> None:
        stranger = Browser(client, "nobody")
        assert (await stranger.try_act({"kind": "join"}))[0] == 404


class TestLanguage:
    async def test_choosing_one_tells_the_bot(self, bot: SmallBot, sho: Browser) -> None:
        await sho.act({"kind": "language", "language": "en"})
        changed = bot.heard[-1]
        assert isinstance(changed, ProfileChanged)
        assert changed.profile.locale == "en"
        await sho.say("hello")
        assert bot.heard[-1].origin.locale == "en"


class TestFailures:
    async def test_a_message_waits_until_the_bot_takes_it(self, bot: SmallBot, sho: Browser) -> None:
        bot.failing = True
        assert await sho.say("急ぎです") == {"kind": "queued"}
        bot.failing = False
        while "聞きました：急ぎです" not in await sho.read():  # noqa: ASYNC110 - the page's own stream is tested elsewhere
            await asyncio.sleep(0.05)
        assert await sho.read() == ["急ぎです", "聞きました：急ぎです"]
        assert len(bot.heard) == 1

    async def test_joining_while_the_bot_fails_is_told_later(self, bot: SmallBot, kenichi: Browser) -> None:
        bot.failing = True
        assert await kenichi.act({"kind": "join"}) == {"kind": "queued"}
        bot.failing = False
        while await kenichi.read() != ["ようこそ。"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert await kenichi.read() == ["ようこそ。"]

    async def test_what_a_person_waits_for_fails_openly_and_can_be_sent_again(
        self, bot: SmallBot, sho: Browser
    ) -> None:
        bot.failing = True
        key = new_key()
        what = {"kind": "say", "conversation": "dm:sho-takahashi", "text": "/mentor"}
        assert (await sho.try_act(what, key))[0] == 500
        bot.failing = False
        assert (await sho.act(what, key))["kind"] == "form"
        assert await sho.read() == ["/mentor"]


COMMANDS = {"mentor", "alumni"}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/mentor", ("mentor", "")),
        ("/mentor 電池", ("mentor", "電池")),
        ("/mentor　電池 開発", ("mentor", "電池 開発")),
        ("／mentor 電池", ("mentor", "電池")),
        ("/ＭＥＮＴＯＲ", ("mentor", "")),
        ("/mentor\n電池\n開発", ("mentor", "電池\n開発")),
        ("  /alumni status 元気です ", ("alumni", "status 元気です")),
        ("/mentors", None),
        ("/", None),
        ("mentor", None),
        ("", None),
        ("見て /mentor", None),
    ],
)
def test_what_counts_as_a_command(text: str, command: tuple[str, str] | None) -> None:
    assert read_command(text, COMMANDS) == command


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@Musubi 終わりました", "終わりました"),
        ("@musubi、終わりました", "終わりました"),
        ("@結び　相談", "相談"),
        ("@Musubi", None),
        ("Musubi 終わりました", None),
        ("ねえ @Musubi", None),
    ],
)
def test_what_names_the_bot(text: str, said: str | None) -> None:
    assert read_mention(text) == said
