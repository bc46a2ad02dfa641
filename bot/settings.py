"""The only reader of the environment. Everything else gets values."""

import re
import secrets as secrets_module
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.dates import is_zone
from bot.failures import SettingsError
from bot.policy import Policy


class Settings(BaseSettings):
    """Every setting, by the name of its environment variable. See docs/operating.md for what each means."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", case_sensitive=False, env_ignore_empty=True)

    musubi_database_url: str = "sqlite:///var/musubi.db"
    musubi_secret: SecretStr = SecretStr("")
    """Key of invitation codes and of the "do not contact" hashes. Changing it makes codes that are out invalid."""
    musubi_port: int = Field(default=3978, ge=1, le=65535)
    musubi_host: str = "0.0.0.0"  # noqa: S104 - a server behind a reverse proxy; `demo` and the emulator use loopback
    musubi_log: Literal["text", "json"] = "text"
    musubi_log_level: Literal["debug", "info", "warning", "error"] = "info"

    musubi_community: str = "縁"
    musubi_community_en: str = "En"
    musubi_company: str = "サンプル精機"
    musubi_company_en: str = "Sample Seiki"
    musubi_word_alumni: Literal["", "アルムナイ", "卒業生"] = ""
    musubi_word_hr: Literal["人事", "事務局"] = "人事"
    musubi_language: Literal["ja", "en"] = "ja"
    musubi_zone: str = "Asia/Tokyo"
    musubi_employee_domains: str = ""
    musubi_hr: str = ""
    musubi_join_url: str = ""
    musubi_public_url: str = ""
    musubi_request_expires_days: int = Field(default=10, ge=1, le=60)
    musubi_search_again_days: int = Field(default=14, ge=1, le=90)
    musubi_code_valid_days: int = Field(default=60, ge=1, le=365)
    musubi_coffee: Literal["monthly", "two_weeks", "two_months", "never"] = "monthly"
    musubi_relay_keep_days: int = Field(default=7, ge=1, le=30)
    musubi_jobs_feed: str = ""
    """Where jobs are read from every morning: an https address or a file; docs/jobs.md."""
    musubi_topics_file: str = ""
    """A vocabulary file of the company's own, on top of the one that is shipped; docs/matching.md."""

    slack_bot_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"

    teams_app_id: str = ""
    teams_app_password: SecretStr = SecretStr("")
    teams_tenant_id: str = ""
    teams_login_url: str = "https://login.microsoftonline.com"
    teams_openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    teams_service_hosts: str = ""
    musubi_teams_emulator: bool = False

    smtp_url: SecretStr = SecretStr("")
    musubi_mail_from: str = ""
    musubi_reply_address: str = ""
    musubi_mail_secret: SecretStr = SecretStr("")

    @property
    def slack_is_on(self) -> bool:
        """Whether Slack is set up."""
        return bool(self.slack_bot_token.get_secret_value())

    @property
    def teams_is_on(self) -> bool:
        """Whether Teams is set up, or open to a local client."""
        return bool(self.teams_app_id) or self.musubi_teams_emulator

    @property
    def mail_is_on(self) -> bool:
        """Whether a mail server is set."""
        return bool(self.smtp_url.get_secret_value())

    def policy(self) -> Policy:
        """The community's rules as the settings say."""
        return Policy(
            community=self.musubi_community,
            community_en=self.musubi_community_en,
            company=self.musubi_company,
            company_en=self.musubi_company_en,
            word_alumni=self.musubi_word_alumni,
            word_hr=self.musubi_word_hr,
            language=self.musubi_language,
            zone=self.musubi_zone,
            employee_domains=split_domains(self.musubi_employee_domains),
            home_tenants=frozenset({f"teams:{self.teams_tenant_id}"} if self.teams_tenant_id else ()),
            hr=split_names(self.musubi_hr),
            join_url=self.musubi_join_url,
            request_expires=timedelta(days=self.musubi_request_expires_days),
            search_again=timedelta(days=self.musubi_search_again_days),
            code_valid=timedelta(days=self.musubi_code_valid_days),
            coffee_rhythm=self.musubi_coffee,
            relay_keep=timedelta(days=self.musubi_relay_keep_days),
            answers_by_mail=bool(self.musubi_reply_address),
            topics_file=self.musubi_topics_file,
            jobs_feed=self.musubi_jobs_feed,
        )


def find_mail_address(settings: Settings) -> str:
    """The bare address that stands for Musubi: that of its mails, or one at its public address that nobody reads."""
    _name, address = parseaddr(settings.musubi_mail_from)
    host = urlsplit(settings.musubi_public_url).hostname or ""
    is_domain = "." in host and not host.rpartition(".")[2].isdigit()
    return address or f"noreply@{host if is_domain else 'musubi.invalid'}"


def split_names(text: str) -> frozenset[str]:
    """Names separated by commas or white space, in lower case but for platform ids (`slack:U012`)."""
    return frozenset(name if ":" in name else name.casefold() for name in re.split(r"[\s,、，]+", text) if name)


def split_domains(text: str) -> frozenset[str]:
    """Mail domains separated by commas or white space; an @ before one is not part of it."""
    return frozenset(name.removeprefix("@") for name in split_names(text))


def read_settings(**given: Any) -> Settings:
    """The settings from the environment and `.env`, overridden by `given`.

    Raises SettingsError with every problem at once: what is missing, what is no valid value, what contradicts.
    """
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsError([_describe(problem) for problem in error.errors()]) from error
    problems = find_contradictions(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def _describe(problem: Any) -> str:
    name = str((*problem["loc"], "settings")[0]).upper()
    given = "" if any(word in name for word in _SECRET) else f" (given: {str(problem.get('input'))[:60]!r})"
    return f"{name}: {problem['msg']}{given}"


_SECRET = ("TOKEN", "SECRET", "PASSWORD", "URL")
"""Parts of the names of settings whose values never get onto a screen; addresses may hold a password."""


def find_contradictions(settings: Settings) -> list[str]:
    """Sentences about settings that don't go together, each with what to do."""
    checks = (_check_slack, _check_teams, _check_general, _check_mail, _check_people)
    return [problem for check in checks for problem in check(settings)]


def _check_slack(settings: Settings) -> list[str]:
    token, secret = settings.slack_bot_token.get_secret_value(), settings.slack_signing_secret.get_secret_value()
    app_token = settings.slack_app_token.get_secret_value()
    problems: list[str] = []
    if token and not token.startswith("xoxb-"):
        problems.append("SLACK_BOT_TOKEN must begin with xoxb-: copy the Bot User OAuth Token, not the user token.")
    if token and not secret and not app_token:
        problems.append("SLACK_BOT_TOKEN is set: set SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode) too.")
    if (secret or app_token) and not token:
        problems.append("SLACK_BOT_TOKEN is missing: copy it from the app's OAuth & Permissions page.")
    if app_token and not app_token.startswith("xapp-"):
        problems.append("SLACK_APP_TOKEN must begin with xapp-: make an app-level token with connections:write.")
    if not is_web_address(settings.slack_api_url):
        problems.append("SLACK_API_URL must begin with https:// (or http:// for a Slack on this machine).")
    return problems


def _check_teams(settings: Settings) -> list[str]:
    problems: list[str] = []
    if settings.musubi_teams_emulator and settings.teams_app_id:
        problems.append("MUSUBI_TEAMS_EMULATOR opens Teams without tokens: unset it, or unset TEAMS_APP_ID.")
    if settings.teams_app_id and not settings.teams_app_password.get_secret_value():
        problems.append("TEAMS_APP_PASSWORD is missing: make a client secret for the app registration.")
    if settings.teams_app_id and not settings.teams_tenant_id:
        problems.append("TEAMS_TENANT_ID is missing: only bots of a single tenant can be created.")
    rest = settings.teams_app_password.get_secret_value() or settings.teams_tenant_id
    if rest and not settings.teams_app_id:
        problems.append("TEAMS_APP_ID is missing: copy the application (client) id from the app registration.")
    for name, url in (("LOGIN", settings.teams_login_url), ("OPENID", settings.teams_openid_url)):
        if not is_web_address(url):
            problems.append(f"TEAMS_{name}_URL must begin with https:// (or http:// for a server on this machine).")
    return problems


def _check_general(settings: Settings) -> list[str]:
    problems: list[str] = []
    if not is_zone(settings.musubi_zone):
        problems.append(f"MUSUBI_ZONE: {settings.musubi_zone} is no time zone; write one such as Asia/Tokyo.")
    if settings.musubi_join_url and not settings.musubi_join_url.startswith("https://"):
        problems.append("MUSUBI_JOIN_URL must begin with https://: it is the link that invitations show.")
    if settings.musubi_public_url and not is_web_address(settings.musubi_public_url):
        problems.append("MUSUBI_PUBLIC_URL must begin with https://: it is where people fetch their calendar files.")
    if "://" in settings.musubi_jobs_feed and not settings.musubi_jobs_feed.startswith("https://"):
        problems.append("MUSUBI_JOBS_FEED must begin with https://, or be the name of a file.")
    if settings.mail_is_on and not settings.musubi_mail_from:
        problems.append("SMTP_URL is set: set MUSUBI_MAIL_FROM to the address that invitations come from.")
    if settings.mail_is_on and not settings.smtp_url.get_secret_value().startswith(("smtp://", "smtps://")):
        problems.append("SMTP_URL must begin with smtp:// or smtps://, as in smtp://user:password@host:587.")
    if settings.musubi_mail_from and not _MAIL.search(settings.musubi_mail_from):
        problems.append("MUSUBI_MAIL_FROM is no mail address; write one such as alumni@example.com.")
    if not settings.musubi_database_url.startswith(_DATABASES):
        problems.append("MUSUBI_DATABASE_URL must be sqlite:///a/file.db or postgresql://user:password@host/name.")
    return problems


_DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")


def _check_mail(settings: Settings) -> list[str]:
    address, secret = settings.musubi_reply_address, settings.musubi_mail_secret.get_secret_value()
    problems: list[str] = []
    if address and not _REPLY_ADDRESS.fullmatch(address):
        problems.append("MUSUBI_REPLY_ADDRESS must look like reply@musubi.example.jp, at most 8 letters before the @.")
    if address and not settings.mail_is_on:
        problems.append("MUSUBI_REPLY_ADDRESS is set: set SMTP_URL too, or nobody gets a mail to answer.")
    if address and not secret:
        problems.append(
            "MUSUBI_REPLY_ADDRESS is set: set MUSUBI_MAIL_SECRET too, or answers reach nobody (docs/mail.md)."
        )
    if secret and not address:
        problems.append("MUSUBI_MAIL_SECRET is set: set MUSUBI_REPLY_ADDRESS too; docs/mail.md says how.")
    if secret and len(secret) < _SHORTEST_SECRET:
        problems.append(f"MUSUBI_MAIL_SECRET is too short to be safe: {_SHORTEST_SECRET} characters or more.")
    return problems


_REPLY_ADDRESS = re.compile(r"[A-Za-z0-9._=-]{1,8}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""Eight letters, because the thread and its signature take the rest of the 64 that a name may have (RFC 5321)."""


def _check_people(settings: Settings) -> list[str]:
    """What is said about people by names: a slip here lets everybody in, or nobody."""
    problems = [
        f"MUSUBI_EMPLOYEE_DOMAINS: at {domain} anybody can have an address, and would count as an employee."
        for domain in sorted(split_domains(settings.musubi_employee_domains) & _ANYBODYS)
    ]
    problems += [
        f"MUSUBI_HR: {name} is neither a mail address nor slack:<user id> or teams:<object id>."
        for name in sorted(split_names(settings.musubi_hr))
        if not _MAIL.fullmatch(name) and not _ACCOUNT.fullmatch(name)
    ]
    return problems


_ACCOUNT = re.compile(r"(slack|teams|playground):\S+")


_ANYBODYS = frozenset(
    {
        *("gmail.com", "googlemail.com", "yahoo.co.jp", "yahoo.com", "ymail.ne.jp", "outlook.com", "outlook.jp"),
        *("hotmail.com", "hotmail.co.jp", "live.com", "live.jp", "icloud.com", "me.com", "mac.com", "aol.com"),
        *("docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "nifty.com", "gmx.net", "gmx.de"),
        *("proton.me", "protonmail.com", "qq.com", "163.com", "naver.com"),
    }
)
"""Mail domains that belong to no company."""


def is_web_address(url: str) -> bool:
    """Whether it is an https address, or an http one of this machine."""
    return re.match(r"https://[^/\s]+|http://(localhost|127\.0\.0\.1|\[::1\])[:/]", url) is not None


def check_serving(settings: Settings) -> list[str]:
    """What `serve` needs beyond the settings being valid: at least one platform, and a secret."""
    problems: list[str] = []
    if not settings.slack_is_on and not settings.teams_is_on:
        problems.append(
            "Neither Slack (SLACK_BOT_TOKEN) nor Teams (TEAMS_APP_ID) is set up; `make demo` needs neither."
        )
    if not settings.musubi_secret.get_secret_value():
        example = secrets_module.token_urlsafe(32)
        problems.append(f"MUSUBI_SECRET is missing: set a long random text and keep it, for example {example}")
    elif len(settings.musubi_secret.get_secret_value()) < _SHORTEST_SECRET:
        problems.append(f"MUSUBI_SECRET is too short to be safe: {_SHORTEST_SECRET} characters or more.")
    return problems


_SHORTEST_SECRET = 16


def demo_settings(folder: Path, **given: Any) -> Settings:
    """Settings of the browser workspace: SQLite in `folder`, loopback only, no platform, a secret of its own. People
    reach its pages where it is served."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = read_settings(
        _env_file=None,
        musubi_database_url=f"sqlite:///{folder / 'musubi.db'}",
        musubi_secret=_keep_secret(folder / "secret"),
        musubi_host="127.0.0.1",
        slack_bot_token="",
        slack_signing_secret="",
        slack_app_token="",
        teams_app_id="",
        teams_app_password="",
        teams_tenant_id="",
        musubi_teams_emulator=False,
        smtp_url="",
        musubi_reply_address="",
        musubi_mail_secret="",
        **given,
    )
    return settings.model_copy(update={"musubi_public_url": f"http://127.0.0.1:{settings.musubi_port}"})


def _keep_secret(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets_module.token_urlsafe(32))
    return path.read_text()
