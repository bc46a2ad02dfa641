"""What the page asks for: texts, people, changes, earlier messages, mails, and the stream that misses nothing."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse

from adapters.playground.web import ROOT, find_hint
from tests.adapters.playground.browser import Browser
from tests.adapters.playground.conftest import Client
from tests.adapters.playground.small_bot import HOSTILE, SmallBot, list_commands


async def get(client: Client, path: str, headers: dict[str, str] | None = None) -> Any:
    async with client.get(ROOT + path, headers=headers) as response:
        assert response.status == 200, await response.text()
        return await response.json()


class TestStart:
    async def test_the_bare_address_leads_to_the_page(self, client: Client) -> None:
        async with client.get("/?lang=en", allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (302, f"{ROOT}?lang=en")
        async with client.get("/", headers={"Host": "evil.example"}) as response:
            assert response.status == 403

    async def test_people_come_without_what_is_nobodys_business(self, client: Client) -> None:
        people = (await get(client, "/api/start"))["people"]
        assert len(people) == 60
        assert not {"email", "employee_number", "capacity", "quiet"} & set(people[0])

    @pytest.mark.parametrize(
        ("query", "accepted", "language"),
        [
            ("?lang=en", "ja", "en"),
            ("?lang=ja-JP", "en", "ja"),
            ("", "en-GB,en;q=0.9,ja;q=0.8", "en"),
            ("", "fr-FR,ja;q=0.5,en;q=0.4", "ja"),
            ("", "fr-FR", "ja"),
            ("?lang=xx", "", "ja"),
        ],
    )
    async def test_the_pages_language(self, client: Client, query: str, accepted: str, language: str) -> None:
        start = await get(client, f"/api/start{query}", {"Accept-Language": accepted})
        assert start["lang"] == language
        assert start["texts"]["join.button"] == {"ja": "ワークスペースに参加", "en": "Join the workspace"}[language]
        async with client.get(f"{ROOT}{query}", headers={"Accept-Language": accepted}) as response:
            assert f'<html lang="{language}"' in await response.text()

    async def test_commands_come_for_completion(self, client: Client) -> None:
        start = await get(client, "/api/start?lang=ja")
        assert start["commands"][0] == {
            "name": "mentor",
            "words": ["mentor", "相談"],
            "description": "Ask for a consultation",
            "use": "anybody",
            "hint": "相談",
        }

    async def test_things_to_try_name_people_who_are_there(self, client: Client) -> None:
        start = await get(client, "/api/start?lang=ja")
        ids = {person["id"] for person in start["people"]}
        assert len(start["trials"]) == 3
        assert all(set(trial["people"]) <= ids for trial in start["trials"])
        assert "{" not in "".join(trial["text"] for trial in start["trials"])


def test_hints_are_in_the_pages_language() -> None:
    english = [find_hint(command, "en") for command in list_commands()]
    assert english == ["/mentor", "/alumni", "", "/cards", "/group", "/remind", "/hr", "/alumni register"]
    japanese = [find_hint(command, "ja") for command in list_commands()]
    assert japanese == ["相談", "メニュー", "プロフィール", "カード", "", "", "人事", "登録"]


class TestChanges:
    async def test_two_people_at_once(self, client: Client) -> None:
        await Browser(client, "sho-takahashi").say("こんにちは")
        answer = await get(client, "/api/changes?people=sho-takahashi,misaki-sato&since=0,0")
        assert [view["person"] for view in answer["views"]] == ["sho-takahashi", "misaki-sato"]
        assert answer["people"]["sho-takahashi"]["unread"] == 1

    async def test_who_is_still_to_register_is_a_newcomer(self, client: Client) -> None:
        answer = await get(client, "/api/changes?people=sho-takahashi,kenichi-tanaka&since=0,0")
        assert [view["standing"] for view in answer["views"]] == ["member", "newcomer"]

    async def test_nobody_shown_is_an_answer_too(self, client: Client) -> None:
        answer = await get(client, "/api/changes?people=&since=")
        assert answer["views"] == []
        assert answer["seq"] > 0

    async def test_a_number_of_another_workspace_begins_anew(self, client: Client) -> None:
        answer = await get(client, "/api/changes?people=sho-takahashi&since=999999")
        assert answer["views"][0]["messages"]

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("people=nobody&since=0", 404),
            ("people=sho-takahashi&since=x", 400),
            ("people=sho-takahashi&since=-1", 400),
            ("people=sho-takahashi&since=", 400),
            ("people=sho-takahashi&since=9999999999999999", 400),
            ("people=sho-takahashi&since=٣", 400),
        ],
    )
    async def test_what_makes_no_sense_is_refused(self, client: Client, query: str, status: int) -> None:
        async with client.get(f"{ROOT}/api/changes?{query}") as response:
            assert response.status == status

    async def test_in_a_group_everybody_reads_their_own_time(self, client: Client) -> None:
        weilin = Browser(client, "weilin-chen")
        await weilin.say("/group")
        shown = dict[str, str]()
        for person in ("weilin-chen", "misaki-sato"):
            views = (await get(client, f"/api/changes?people={person}&since=0"))["views"]
            group = next(m for m in views[0]["messages"] if m["conversation"].startswith("group:"))
            shown[person] = group["body"]["blocks"][0]["content"][1]["text"]
        # Taipei is an hour behind Tokyo.
        assert shown["weilin-chen"] != shown["misaki-sato"]


class TestReads:
    async def test_what_was_read_is_no_longer_unread(self, client: Client) -> None:
        sho = Browser(client, "sho-takahashi")
        await sho.say("こんにちは")
        await sho.look()
        body = {"person": "sho-takahashi", "conversation": "dm:sho-takahashi", "message": max(sho.messages)}
        async with client.post(f"{ROOT}/api/reads", json=body) as response:
            assert response.status == 200
        assert (await get(client, "/api/changes?people=&since="))["people"]["sho-takahashi"]["unread"] == 0

    async def test_nobody_reads_for_others(self, client: Client) -> None:
        body = {"person": "misaki-sato", "conversation": "dm:sho-takahashi", "message": 1}
        async with client.post(f"{ROOT}/api/reads", json=body) as response:
            assert response.status == 404


class TestEarlier:
    async def test_pages_follow_one_another(self, client: Client) -> None:
        sho = Browser(client, "sho-takahashi")
        for number in range(35):
            await sho.say(f"{number}")
        view = (await get(client, "/api/changes?people=sho-takahashi&since=0"))["views"][0]
        direct = [message for message in view["messages"] if message["conversation"] == "dm:sho-takahashi"]
        assert len(direct) == 60
        query = f"person=sho-takahashi&conversation=dm:sho-takahashi&before={direct[0]['id']}"
        earlier = (await get(client, f"/api/earlier?{query}"))["messages"]
        assert [message["body"].get("text") for message in earlier[::2]] == [f"{n}" for n in range(5)]

    @pytest.mark.parametrize("person", ["misaki-sato", "nobody"])
    async def test_only_for_those_who_are_in_it(self, client: Client, person: str) -> None:
        query = f"person={person}&conversation=dm:sho-takahashi&before=99"
        async with client.get(f"{ROOT}/api/earlier?{query}") as response:
            assert response.status == 404


class TestMails:
    async def find_mail(self, client: Client) -> int:
        kenichi = Browser(client, "kenichi-tanaka")
        await kenichi.look()
        return max(kenichi.messages)

    async def test_a_mail_is_shown_where_no_script_runs(self, client: Client) -> None:
        number = await self.find_mail(client)
        async with client.get(f"{ROOT}/mails/{number}?person=kenichi-tanaka") as response:
            policy = response.headers["Content-Security-Policy"]
            assert "AB12-CD34" in await response.text()
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "allow-scripts" not in policy
        assert "frame-ancestors 'self'" in policy

    @pytest.mark.parametrize("person", ["sho-takahashi", "", "nobody"])
    async def test_nobody_else_reads_it(self, client: Client, person: str) -> None:
        number = await self.find_mail(client)
        async with client.get(f"{ROOT}/mails/{number}?person={person}") as response:
            assert response.status == 404

    async def test_a_message_is_no_mail(self, client: Client) -> None:
        sho = Browser(client, "sho-takahashi")
        await sho.say("こんにちは")
        await sho.look()
        async with client.get(f"{ROOT}/mails/{max(sho.messages)}?person=sho-takahashi") as response:
            assert response.status == 404


@asynccontextmanager
async def stream(client: Client, since: int | None = None, last: int | None = None) -> AsyncGenerator[ClientResponse]:
    headers = {"Last-Event-ID": str(last)} if last is not None else {}
    query = f"?since={since}" if since is not None else ""
    async with client.get(f"{ROOT}/api/stream{query}", headers=headers) as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        assert (await response.content.readline()).startswith(b"retry:")
        yield response


async def next_number(response: ClientResponse) -> int:
    while True:
        line = await response.content.readline()
        if line.startswith(b"id: "):
            return int(line.removeprefix(b"id: "))


class TestStream:
    async def now(self, client: Client) -> int:
        return (await get(client, "/api/changes?people=&since="))["seq"]

    async def test_a_change_is_told_at_once(self, client: Client) -> None:
        seen = await self.now(client)
        async with stream(client, since=seen) as response:
            await Browser(client, "sho-takahashi").say("こんにちは")
            assert await next_number(response) > seen

    async def test_what_changed_while_the_line_was_broken_is_told_on_reconnecting(self, client: Client) -> None:
        seen = await self.now(client)
        async with stream(client, since=seen):
            pass
        await Browser(client, "sho-takahashi").say("こんにちは")
        async with stream(client, since=seen, last=seen) as response:
            number = await next_number(response)
        assert number == await self.now(client)
        view = (await get(client, f"/api/changes?people=sho-takahashi&since={seen}"))["views"][0]
        assert [m["body"].get("text") or m["body"]["summary"] for m in view["messages"]] == [
            "こんにちは",
            "聞きました：こんにちは",
        ]

    async def test_many_changes_may_be_told_as_one_but_the_last_is_always_told(self, client: Client) -> None:
        seen = await self.now(client)
        sho = Browser(client, "sho-takahashi")
        async with stream(client, since=seen) as response:
            await asyncio.gather(*(sho.say(f"{n}") for n in range(10)))
            last = await self.now(client)
            number = seen
            while number < last:
                number = await next_number(response)
            assert number == last

    async def test_a_page_that_is_up_to_date_hears_nothing(self, client: Client) -> None:
        async with stream(client, since=await self.now(client)) as response:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(next_number(response), 0.2)

    async def test_a_page_of_an_earlier_workspace_hears_at_once(self, client: Client) -> None:
        async with stream(client, since=999_999) as response:
            assert await next_number(response) == await self.now(client)

    async def test_open_lines_do_not_hold_up_the_end(self, bot: SmallBot, client: Client) -> None:
        async with stream(client, since=await self.now(client)) as response:
            await client.server.close()
            assert b"id:" not in await response.content.read()

    @pytest.mark.parametrize("since", ["x", "-1", "1e9"])
    async def test_what_is_no_number_is_refused(self, client: Client, since: str) -> None:
        async with client.get(f"{ROOT}/api/stream?since={since}") as response:
            assert response.status == 400


async def test_hostile_text_is_never_part_of_a_page(client: Client) -> None:
    sho = Browser(client, "sho-takahashi")
    await sho.say(HOSTILE)
    async with client.get(ROOT) as response:
        assert "onerror" not in await response.text()
    async with client.get(f"{ROOT}/api/changes?people=sho-takahashi&since=0") as response:
        assert response.content_type == "application/json"


async def test_the_adapter_says_how_it_stands(bot: SmallBot, client: Client) -> None:
    (finding,) = await bot.adapter.check()
    assert finding.level == "ok"
    assert "57 of 60" in finding.title
