"""Troubles on demand do what they say: to the calls they are meant for, as often as asked, and no longer."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.fake_slack import FakeSlack, Person
from tests.fake_slack.clients import response_of, web_client
from tests.support.patience import limit


async def test_throttling_one_channel(slack: FakeSlack, client: Any, misaki: Person, sho: Person) -> None:
    slack.faults.throttle(2, retry_after=30, channel=misaki.direct.id)
    for _ in range(2):
        refused = await response_of(client.chat_postMessage(channel=misaki.direct.id, text="x"))
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    await client.chat_postMessage(channel=sho.direct.id, text="x")
    await client.chat_postMessage(channel=misaki.direct.id, text="x")
    assert len(slack.messages) == 2
    assert [call.answer for call in slack.calls_of("chat.postMessage")] == ["ratelimited", "ratelimited", "ok", "ok"]


async def test_failing_with_a_status(slack: FakeSlack, client: Any, misaki: Person) -> None:
    slack.faults.fail(status=503, method="chat.postMessage")
    await client.auth_test()
    assert (await response_of(client.chat_postMessage(channel=misaki.id, text="x"))).status_code == 503
    assert slack.messages == []


async def test_refusing_with_a_code(slack: FakeSlack, client: Any, misaki: Person) -> None:
    slack.faults.refuse("restricted_action", method="chat.postMessage")
    with pytest.raises(SlackApiError, match="restricted_action"):
        await client.chat_postMessage(channel=misaki.id, text="x")
    assert slack.messages == []


async def test_losing_the_answer_after_taking_the_message(slack: FakeSlack, client: Any, misaki: Person) -> None:
    slack.faults.drop(method="chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=misaki.id, text="x")
    assert len(slack.messages) == 1


async def test_cutting_the_connection_before_taking_it(slack: FakeSlack, client: Any, misaki: Person) -> None:
    slack.faults.cut(method="chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=misaki.id, text="x")
    assert slack.messages == []


@pytest.mark.parametrize("accepts", [True, False])
async def test_hanging(slack: FakeSlack, misaki: Person, accepts: bool) -> None:
    slack.faults.hang(3600, accepts=accepts)
    client = web_client(slack, timeout=int(limit()))
    with pytest.raises(TimeoutError):
        await client.chat_postMessage(channel=misaki.id, text="x")
    assert len(slack.messages) == int(accepts)


async def test_a_short_hang_is_only_slow(slack: FakeSlack, client: Any, misaki: Person) -> None:
    slack.faults.hang(0.05)
    await client.chat_postMessage(channel=misaki.id, text="x")
    assert len(slack.messages) == 1


async def test_clearing(slack: FakeSlack, client: Any) -> None:
    slack.faults.fail(99)
    slack.faults.clear()
    assert (await client.auth_test())["ok"]


async def test_going_away_and_coming_back(slack: FakeSlack, client: Any) -> None:
    port = int(slack.url.rsplit(":", 1)[1])
    await slack.go_away()
    with pytest.raises(aiohttp.ClientConnectorError):
        await client.auth_test()
    await slack.listen(port)
    assert (await client.auth_test())["ok"]
