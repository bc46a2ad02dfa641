"""Settings: read from one place, and every problem told at once in a sentence that says what to do."""

from pathlib import Path
from typing import Any

import pytest

from bot.failures import SettingsError
from bot.settings import Settings, check_serving, demo_settings, is_web_address, read_settings, split_names

SECRET = "a long random text"
GOOD: dict[str, Any] = {"_env_file": None, "musubi_secret": SECRET}
SLACK = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "8f74"}
TEAMS = {"teams_app_id": "11111111-2222-3333-4444-555555555555", "teams_app_password": "p", "teams_tenant_id": "t"}
REPLIES = {"musubi_reply_address": "reply@musubi.example.jp", "musubi_mail_secret": "a long random text"}
MAIL = {"smtp_url": "smtp://user:p@host:587", "musubi_mail_from": "alumni@example.com"}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing from the developer's shell or `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def problems_of(**given: Any) -> list[str]:
    try:
        settings = read_settings(**GOOD | given)
    except SettingsError as error:
        return error.problems
    return check_serving(settings)


@pytest.mark.parametrize(
    "given", [SLACK, TEAMS, SLACK | TEAMS | MAIL, SLACK | MAIL | REPLIES, {"musubi_teams_emulator": True}]
)
def test_what_goes_together_is_accepted(given: dict[str, Any]) -> None:
    assert problems_of(**given) == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (SLACK | {"slack_bot_token": "xoxp-1"}, "SLACK_BOT_TOKEN must begin with xoxb-"),
        ({"slack_bot_token": "xoxb-1"}, "set SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN"),
        (TEAMS | {"slack_signing_secret": "8f74"}, "SLACK_BOT_TOKEN is missing"),
        (TEAMS | {"slack_app_token": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
        (SLACK | {"slack_app_token": "xoxb-1"}, "SLACK_APP_TOKEN must begin with xapp-"),
        (SLACK | {"slack_api_url": "slack.com/api"}, "SLACK_API_URL must begin with https://"),
        (SLACK | {"slack_api_url": "http://example.com/api/"}, "SLACK_API_URL must begin with https://"),
        (TEAMS | {"teams_app_password": ""}, "TEAMS_APP_PASSWORD is missing"),
        (TEAMS | {"teams_tenant_id": ""}, "TEAMS_TENANT_ID is missing"),
        (SLACK | {"teams_app_password": "p"}, "TEAMS_APP_ID is missing"),
        (SLACK | {"teams_tenant_id": "t"}, "TEAMS_APP_ID is missing"),
        (TEAMS | {"musubi_teams_emulator": True}, "MUSUBI_TEAMS_EMULATOR opens Teams without tokens"),
        (TEAMS | {"teams_login_url": "ftp://x"}, "TEAMS_LOGIN_URL must begin with https://"),
        (TEAMS | {"teams_openid_url": "login.example.com"}, "TEAMS_OPENID_URL must begin with https://"),
        (SLACK | {"musubi_zone": "Tokyo"}, "MUSUBI_ZONE: Tokyo is no time zone"),
        (SLACK | {"musubi_join_url": "http://example.com"}, "MUSUBI_JOIN_URL must begin with https://"),
        (SLACK | {"smtp_url": MAIL["smtp_url"]}, "set MUSUBI_MAIL_FROM"),
        (SLACK | MAIL | {"smtp_url": "mail.example.com"}, "SMTP_URL must begin with smtp://"),
        (SLACK | MAIL | {"musubi_mail_from": "alumni"}, "MUSUBI_MAIL_FROM is no mail address"),
        (SLACK | MAIL | REPLIES | {"musubi_mail_secret": ""}, "set MUSUBI_MAIL_SECRET too"),
        (SLACK | MAIL | REPLIES | {"musubi_reply_address": "reply"}, "MUSUBI_REPLY_ADDRESS must look like"),
        (SLACK | MAIL | REPLIES | {"musubi_reply_address": "musubi-reply@example.com"}, "at most 8 letters"),
        (SLACK | REPLIES, "MUSUBI_REPLY_ADDRESS is set: set SMTP_URL too"),
        (SLACK | MAIL | {"musubi_mail_secret": "x" * 20}, "set MUSUBI_REPLY_ADDRESS too"),
        (SLACK | MAIL | REPLIES | {"musubi_mail_secret": "short"}, "MUSUBI_MAIL_SECRET is too short"),
        (SLACK | {"musubi_database_url": "mysql://host/name"}, "MUSUBI_DATABASE_URL must be sqlite:///"),
        (SLACK | {"musubi_database_url": "sqlite://"}, "MUSUBI_DATABASE_URL must be sqlite:///"),
        (SLACK | {"musubi_database_url": ""}, "MUSUBI_DATABASE_URL must be sqlite:///"),
        (SLACK | {"musubi_employee_domains": "example.com, @gmail.com"}, "at gmail.com anybody can have an address"),
        (SLACK | {"musubi_hr": "yamada"}, "MUSUBI_HR: yamada is neither a mail address nor"),
        (SLACK | {"musubi_secret": ""}, "MUSUBI_SECRET is missing"),
        (SLACK | {"musubi_secret": "short"}, "MUSUBI_SECRET is too short"),
        ({}, "Neither Slack (SLACK_BOT_TOKEN) nor Teams (TEAMS_APP_ID) is set up"),
    ],
)
def test_a_contradiction_is_one_sentence_that_names_the_setting(given: dict[str, Any], problem: str) -> None:
    (told,) = problems_of(**given)
    assert problem in told
    assert told.endswith((".", ")")) or "for example" in told


def test_all_problems_are_told_at_once() -> None:
    told = problems_of(slack_app_token="xoxb-1", teams_app_id="a", musubi_zone="Nowhere", musubi_hr="x y")
    assert len(told) == 7
    assert len(set(told)) == 7


def test_what_is_no_value_at_all_is_told_at_once_too() -> None:
    told = problems_of(musubi_port=99999, musubi_language="fr", musubi_request_expires_days="soon")
    assert [line.partition(":")[0] for line in told] == [
        "MUSUBI_PORT",
        "MUSUBI_LANGUAGE",
        "MUSUBI_REQUEST_EXPIRES_DAYS",
    ]
    assert "(given: '99999')" in told[0]


def test_secrets_are_never_shown() -> None:
    told = problems_of(slack_bot_token=["xoxb-hidden"], smtp_url=["smtp://user:hidden@host"])
    assert len(told) == 2
    assert "hidden" not in "".join(told)
    assert "hidden" not in repr(read_settings(**GOOD | MAIL | {"smtp_url": "smtp://user:hidden@host"}))


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSUBI_PORT", "8080")
    monkeypatch.setenv("MUSUBI_COMMUNITY", "結び")
    settings = read_settings(_env_file=None)
    assert (settings.musubi_port, settings.musubi_community) == (8080, "結び")


def test_a_file_named_env_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MUSUBI_PORT=8081\nSOMETHING_ELSE=1\n", encoding="utf-8")
    assert read_settings().musubi_port == 8081


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MUSUBI_PORT", "MUSUBI_ZONE", "MUSUBI_DATABASE_URL", "SLACK_API_URL"):
        monkeypatch.setenv(name, "")
    settings = read_settings(_env_file=None)
    assert (settings.musubi_port, settings.musubi_zone) == (3978, "Asia/Tokyo")
    assert settings.musubi_database_url == "sqlite:///var/musubi.db"


def test_the_policy_says_what_the_settings_say() -> None:
    policy = read_settings(
        **GOOD | TEAMS,
        musubi_employee_domains="@Sample-Seiki.example、example.com",
        musubi_hr="HR@example.com slack:U012ABC",
        musubi_request_expires_days=5,
    ).policy()
    assert policy.employee_domains == {"sample-seiki.example", "example.com"}
    assert policy.hr == {"hr@example.com", "slack:U012ABC"}
    assert policy.home_tenants == {"teams:t"}
    assert policy.request_expires.days == 5


def test_platforms_know_whether_they_are_on() -> None:
    nothing, everything = read_settings(**GOOD), read_settings(**GOOD | SLACK | TEAMS | MAIL)
    assert not (nothing.slack_is_on)
    assert not (nothing.teams_is_on)
    assert not (nothing.mail_is_on)
    assert everything.slack_is_on
    assert everything.teams_is_on
    assert everything.mail_is_on


@pytest.mark.parametrize("text", ["a,b c", " a , b,c ", "a、b，c", "A\nB\tC"])
def test_names_may_be_separated_as_people_do(text: str) -> None:
    assert split_names(text) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("https://slack.com/api/", True),
        ("http://127.0.0.1:8080/api/", True),
        ("http://localhost/api/", True),
        ("http://[::1]:80/", True),
        ("http://slack.com/api/", False),
        ("http://127.0.0.1.example.com/", False),
        ("https://", False),
        ("", False),
    ],
)
def test_tokens_travel_encrypted_or_stay_on_this_machine(url: str, accepted: bool) -> None:
    assert is_web_address(url) is accepted


def test_the_demo_ignores_what_is_set_for_real(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (SLACK | TEAMS | MAIL).items():
        monkeypatch.setenv(name.upper(), value)
    settings = demo_settings(tmp_path / "demo")
    assert not (settings.slack_is_on)
    assert not (settings.teams_is_on)
    assert not (settings.mail_is_on)
    assert settings.musubi_host == "127.0.0.1"
    assert str(tmp_path / "demo") in settings.musubi_database_url


def test_the_demo_keeps_its_secret_to_itself(tmp_path: Path) -> None:
    first, second = demo_settings(tmp_path), demo_settings(tmp_path)
    assert first.musubi_secret.get_secret_value() == second.musubi_secret.get_secret_value() != ""
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
