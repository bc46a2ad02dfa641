"""Who people are, one by one and all together."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack.directory import Languages, SlackDirectory
from adapters.slack.profiles import read_kind, read_profile
from adapters.slack.web import Web
from adapters.slack.workspaces import Workspaces
from bot.failures import ProfileUnavailable
from bot.incoming import AccountKind, Origin, Profile
from tests.fake_slack import FakeSlack, Person

TEAM = "T0MUSUBI"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace."""
    async with FakeSlack() as started:
        yield started


@pytest.fixture
async def directory(slack: FakeSlack) -> AsyncIterator[SlackDirectory]:
    """Its directory."""
    web = Web(slack.api_url)
    yield SlackDirectory(web, Workspaces(web, [slack.bot_token]), Languages())
    await web.close()


def of(person: Person) -> Origin:
    """Somebody as the core asks for them."""
    return Origin("slack", TEAM, person.id)


async def test_a_profile(slack: FakeSlack, directory: SlackDirectory) -> None:
    misaki = slack.add_person("佐藤  美咲", email="m@example.com", title="電池", tz="Europe/Berlin", locale="en-GB")
    expected = Profile("佐藤 美咲", "m@example.com", True, "en-GB", "Europe/Berlin", "電池")
    assert await directory.get_profile(of(misaki)) == expected


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({}, AccountKind.MEMBER),
        ({"is_restricted": True}, AccountKind.GUEST),
        ({"is_ultra_restricted": True}, AccountKind.GUEST),
        ({"is_stranger": True, "team": "T0OTHER"}, AccountKind.STRANGER),
        ({"team": "T0OTHER"}, AccountKind.STRANGER),
        ({"is_bot": True}, AccountKind.BOT),
        ({"is_bot": True, "is_restricted": True}, AccountKind.BOT),
    ],
)
async def test_kinds_of_accounts(
    slack: FakeSlack, directory: SlackDirectory, flags: dict[str, Any], kind: AccountKind
) -> None:
    person = slack.add_person("誰か", **flags)
    assert (await directory.get_profile(of(person))).kind is kind


def test_slackbot_is_a_bot_although_it_says_otherwise() -> None:
    assert read_kind({"id": "USLACKBOT", "is_bot": False}, TEAM) is AccountKind.BOT


def test_on_enterprise_grid_people_of_the_same_organisation_are_no_strangers() -> None:
    user = {"id": "U1", "team_id": "T0HOME", "enterprise_user": {"teams": ["T0HOME", TEAM]}}
    assert read_kind(user, TEAM) is AccountKind.MEMBER


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ({"id": "U1"}, Profile("U1")),
        ({"id": "U1", "name": "misaki", "profile": {"real_name": " ", "display_name": "美咲"}}, Profile("美咲")),
        ({"id": "U1", "real_name": "佐藤", "profile": None, "tz": None, "locale": None}, Profile("佐藤")),
        ({"id": "U1", "name": "m", "tz": "Mars/Olympus", "deleted": True}, Profile("m", deactivated=True)),
        ({"id": "U1", "name": "m", "profile": {"email": "m@example.com"}}, Profile("m", "m@example.com", False)),
        (
            {"id": "U1", "name": "m", "is_email_confirmed": False, "profile": {"email": "m@example.com"}},
            Profile("m", "m@example.com", False),
        ),
        ({"id": "U1", "name": "m", "is_email_confirmed": True, "profile": {}}, Profile("m", "", False)),
    ],
)
def test_profiles_with_gaps(user: dict[str, Any], expected: Profile) -> None:
    assert read_profile(user, TEAM) == expected


async def test_somebody_unknown_or_a_slack_in_trouble(slack: FakeSlack, directory: SlackDirectory) -> None:
    with pytest.raises(ProfileUnavailable, match="user_not_found"):
        await directory.get_profile(Origin("slack", TEAM, "U404"))
    with pytest.raises(ProfileUnavailable, match="not_installed"):
        await directory.get_profile(Origin("slack", "T0OTHER", "U404"))
    slack.faults.fail(method="users.info")
    with pytest.raises(ProfileUnavailable, match="http_500"):
        await directory.get_profile(Origin("slack", TEAM, "U404"))


async def test_the_workspaces_are_those_of_the_tokens(slack: FakeSlack, directory: SlackDirectory) -> None:
    assert await directory.list_tenants() == [TEAM], "before anybody was met"
    assert await directory.list_tenants() == [TEAM]
    assert len(slack.calls_of("auth.test")) == 1, "asked once"


async def test_while_slack_does_not_tell_there_are_none(slack: FakeSlack, directory: SlackDirectory) -> None:
    slack.faults.fail(method="auth.test")
    with pytest.raises(ProfileUnavailable):
        await directory.list_tenants()


async def test_everybody(slack: FakeSlack, directory: SlackDirectory) -> None:
    people = [slack.add_person(f"人 {n}") for n in range(2500)]
    gone = slack.add_person("田中 健一", deleted=True)
    found = dict(await directory.list_people(TEAM))
    assert len(found) == 2502
    assert found[of(people[1234])].name == "人 1234"
    assert found[of(gone)].deactivated
    assert found[Origin("slack", TEAM, slack.workspace.bot.id)].kind is AccountKind.BOT
    assert len(slack.calls_of("users.list")) == 3


async def test_listing_waits_when_slack_asks_for_it(slack: FakeSlack, directory: SlackDirectory) -> None:
    slack.add_person("佐藤 美咲")
    slack.faults.throttle(2, retry_after=1, method="users.list")
    assert len(await directory.list_people(TEAM)) == 2
    assert [call.answer for call in slack.calls_of("users.list")] == ["ratelimited", "ratelimited", "ok"]


async def test_half_a_list_is_no_list(slack: FakeSlack, directory: SlackDirectory) -> None:
    for number in range(1500):
        slack.add_person(f"人 {number}")
    slack.faults.fail(method="users.list")
    with pytest.raises(ProfileUnavailable):
        await directory.list_people(TEAM)


async def test_languages_are_remembered_for_a_while(slack: FakeSlack) -> None:
    languages = Languages()
    languages.remember(TEAM, "U1", "ja-JP")
    languages.remember(TEAM, "U1", "")
    assert (languages.find(TEAM, "U1"), languages.find("T0OTHER", "U1")) == ("ja-JP", "")
    for number in range(50_000):
        languages.remember(TEAM, f"N{number}", "en-GB")
    assert languages.find(TEAM, "U1") == ""
