"""Starting, stopping and the doctor."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web as aiohttp_web

from adapters.slack import SlackAdapter
from adapters.slack.doctor import SCOPES
from adapters.slack.web import CallFailed, Web
from adapters.slack.workspaces import Workspaces
from bot.clock import FrozenClock
from bot.failures import SettingsError
from bot.incoming import Incoming
from bot.replies import Nothing, Reply
from tests.adapters.slack.samples import AT
from tests.fake_slack import FakeSlack


async def answer_nothing(incoming: Incoming) -> Reply:
    """A core that has nothing to say."""
    return Nothing()


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace."""
    async with FakeSlack() as started:
        yield started


def make(slack: FakeSlack, *, token: str = "", app_token: str = "", secret: str = "s") -> SlackAdapter:
    """An adapter that is not started."""
    return SlackAdapter(
        token=token or slack.bot_token,
        signing_secret=secret,
        app_token=app_token,
        api_url=slack.api_url.rstrip("/"),
        dispatch=answer_nothing,
        clock=FrozenClock(AT),
        ping_interval=0.2,
    )


async def test_a_refused_token_stops_the_start_with_what_to_do(slack: FakeSlack) -> None:
    adapter = make(slack, token="xoxb-wrong")
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN: Slack refuses it"):
        await adapter.start()
    await adapter.close()


async def test_a_refused_app_token_stops_the_start_too(slack: FakeSlack) -> None:
    adapter = make(slack, app_token=slack.bot_token)
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN"):
        await adapter.start()
    await adapter.close()


async def test_a_slack_out_of_reach_stops_nothing(slack: FakeSlack) -> None:
    adapter = make(slack)
    slack.faults.fail(method="auth.test")
    await adapter.start()
    assert await adapter.directory.list_people(slack.workspace.team), "asked at the first need"
    await adapter.close()


async def test_socket_mode_connects_once_slack_is_back(slack: FakeSlack) -> None:
    adapter = make(slack, app_token=slack.app_token, secret="")
    slack.faults.fail(3, method="apps.connections.open")
    await adapter.start()
    await slack.connect_socket()
    await adapter.close()


async def test_closing_twice_and_without_a_start(slack: FakeSlack) -> None:
    adapter = make(slack, app_token=slack.app_token)
    await adapter.close()
    await adapter.start()
    await adapter.close()
    await adapter.close()


def test_the_address_exists_only_with_a_signing_secret() -> None:
    slack = FakeSlack()
    for secret, paths in (("s", ["/slack/events"]), ("", [])):
        application = aiohttp_web.Application()
        make(slack, secret=secret).add_routes(application)
        assert [resource.canonical for resource in application.router.resources()] == paths


async def test_a_healthy_doctor(slack: FakeSlack) -> None:
    adapter = make(slack, app_token=slack.app_token)
    assert [finding.level for finding in await adapter.check()] == ["ok", "ok"]
    await adapter.close()


async def test_the_doctor_names_missing_scopes() -> None:
    async with FakeSlack(manifest="oauth_config: {scopes: {bot: [chat:write, commands]}}") as slack:
        adapter = make(slack)
        (finding,) = await adapter.check()
        assert finding.level == "error"
        assert all(scope in finding.title for scope in set(SCOPES) - {"chat:write", "commands"})
        assert "chat:write" not in finding.title
        await adapter.close()


async def test_the_doctor_names_bad_tokens(slack: FakeSlack) -> None:
    for adapter, name in (
        (make(slack, token="xoxb-wrong"), "SLACK_BOT_TOKEN"),
        (make(slack, app_token="xapp-wrong"), "SLACK_APP_TOKEN"),
    ):
        worst = (await adapter.check())[-1]
        assert worst.level == "error"
        assert name in worst.title
        assert worst.advice
        await adapter.close()


async def test_the_doctor_tells_a_slack_out_of_reach_from_a_bad_token(slack: FakeSlack) -> None:
    adapter = make(slack)
    await slack.go_away()
    (finding,) = await adapter.check()
    assert "unreachable" in finding.title
    await adapter.close()


async def test_workspaces_are_asked_for_once(slack: FakeSlack) -> None:
    web = Web(slack.api_url)
    workspaces = Workspaces(web, [slack.bot_token])
    for _ in range(3):
        found = await workspaces.find(slack.workspace.team)
        assert found is not None
        assert (found.bot_user, found.bot_id) == (slack.workspace.bot.id, slack.workspace.bot_id)
        assert await workspaces.find("T0OTHER") is None
    assert len(slack.calls_of("auth.test")) == 1
    with pytest.raises(CallFailed, match="not_installed"):
        await workspaces.get("T0OTHER")
    await web.close()


async def test_a_response_url_that_refuses(slack: FakeSlack) -> None:
    web = Web(slack.api_url)
    with pytest.raises(CallFailed, match="http_404"):
        await web.post(f"{slack.url}/response/R404", {"text": "x"}, 1.0)
    slack.faults.drop(method="response_url")
    with pytest.raises(CallFailed) as caught:
        await web.post(f"{slack.url}/response/R404", {"text": "x"}, 1.0)
    assert (caught.value.code, caught.value.maybe_done) == ("connection_lost", True)
    await web.close()


async def test_calls_name_where_slack_points_to_but_not_what_was_written(slack: FakeSlack) -> None:
    web = Web(slack.api_url)
    person = slack.add_person("佐藤")
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "ひみつ" * 2000}}]
    with pytest.raises(CallFailed) as caught:
        await web.call(slack.bot_token, "chat.postMessage", channel=person.id, text="ひみつ", blocks=blocks)
    assert caught.value.code == "invalid_blocks"
    assert "/blocks/0/text/text" in caught.value.detail
    assert "ひみつ" not in str(caught.value)
    await web.close()


async def test_a_page_instead_of_an_answer(slack: FakeSlack) -> None:
    application = aiohttp_web.Application()

    async def answer(request: aiohttp_web.Request) -> aiohttp_web.Response:
        return aiohttp_web.Response(text="<html>", content_type="application/json")

    application.router.add_route("*", "/api/{method}", answer)
    runner = aiohttp_web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = aiohttp_web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    web = Web(f"http://127.0.0.1:{runner.addresses[0][1]}/api")
    with pytest.raises(CallFailed) as caught:
        await web.call("xoxb-1", "auth.test")
    assert (caught.value.code, caught.value.maybe_done) == ("http_200", True)
    await web.close()
    await runner.cleanup()


async def test_nothing_is_left_open(slack: FakeSlack) -> None:
    adapter = make(slack, app_token=slack.app_token)
    await adapter.start()
    await slack.connect_socket()
    await adapter.close()
    async with aiohttp.ClientSession() as session, session.get(f"{slack.url}/api/auth.test") as response:
        assert (await response.json())["error"] == "not_authed"
