"""Whoever asks in the benchmark asks from a process of its own, and takes no refusal for an answer."""

import asyncio
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bench.asking import Asker, Client
from tests.fake_slack import FakeSlack
from tests.support.world import START

MESSAGE = '{"response_type":"ephemeral","blocks":[]}'


@pytest.mark.parametrize(("body", "status"), [(MESSAGE, 200), (MESSAGE, 401), ("ok", 200)])
async def test_every_answer_counts_and_a_refusal_is_told(body: str, status: int) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.extend(parse_qs(await request.text()).get("text", [""]))
        return web.Response(text=body, status=status)

    application = web.Application()
    application.router.add_post("/slack/events", answer)
    async with FakeSlack(now=lambda: START) as slack, TestServer(application) as server:
        person = slack.add_person("佐藤 美咲", email="misaki@bench.example")
        user = slack.workspace.users[person.id]
        client = Client(Asker(str(server.make_url("/slack/events")), user, person.direct, slack.signing_secret))
        try:
            asking = asyncio.create_task(client.ask_for(lambda: len(asked) >= 4))
            if (body, status) != (MESSAGE, 200):
                with pytest.raises(RuntimeError, match=r"401|no message"):
                    await asking
                return
            waits = await asking
            assert len(waits) == len(asked)
            assert set(asked) == {"help", ""}
            again = await client.ask_for(lambda: len(asked) >= 8)
            assert len(again) == len(asked) - len(waits)
        finally:
            client.close()
