"""`doctor`: looks at settings, database, clock and platforms, and says what to do about what isn't well."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import typer
from aiohttp import ClientError, ClientSession, ClientTimeout
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.app import build
from bot.cli.common import ExitCode
from bot.cli.serve import list_makers
from bot.clock import SystemClock
from bot.failures import SettingsError
from bot.ports import Finding
from bot.settings import Settings, check_serving, read_settings
from handlers.topics import VocabularyError, get_reader
from storage.migrate import find_head, find_revision
from storage.queries import deliveries
from storage.uow import Store, UnitOfWork

_MOST_COUNTED = 1000
_CLOCK_TOLERANCE = timedelta(seconds=60)
_SIGNS = {"ok": "[green]✓[/green]", "warning": "[yellow]![/yellow]", "error": "[red]✗[/red]"}


def doctor() -> None:
    """Checks this installation; ends with 1 when something must be put right."""
    findings = list(examine())
    table = Table("", "What", "What to do", show_lines=False, box=None, pad_edge=False)
    for finding in findings:
        table.add_row(_SIGNS[finding.level], escape(finding.title), escape(finding.advice))
    Console().print(table)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(ExitCode.FOUND)


def examine() -> Iterable[Finding]:
    """All findings, settings first: without them nothing else can be looked at."""
    try:
        settings = read_settings()
    except SettingsError as error:
        yield from (Finding("error", "Settings", problem) for problem in error.problems)
        return
    yield from check_settings(settings)
    yield from _check_topics(settings)
    yield from _check_database(settings)
    yield from asyncio.run(_check_platforms(settings))
    if settings.slack_is_on or settings.teams_app_id:
        yield asyncio.run(_check_clock(settings))


def check_settings(settings: Settings) -> Iterable[Finding]:
    """What is missing in settings that are valid, and what it costs."""
    problems = check_serving(settings)
    if not problems:
        yield Finding("ok", "Settings are complete")
    yield from (Finding("error", "Settings", problem) for problem in problems)
    if not settings.musubi_hr:
        yield Finding(
            "warning", "Nobody has the HR role", "Set MUSUBI_HR to the mail addresses of the first HR people."
        )
    if not settings.musubi_employee_domains and not settings.teams_tenant_id:
        advice = "Set MUSUBI_EMPLOYEE_DOMAINS to the company's mail domains; until then everybody counts as unverified."
        yield Finding("warning", "Nobody is known as an employee", advice)
    if not settings.mail_is_on:
        yield Finding("warning", "No mail server", "Set SMTP_URL; until then HR hands invitations over by hand (/hr).")
    if settings.teams_app_id and not settings.musubi_public_url:
        advice = "Set MUSUBI_PUBLIC_URL; until then people on Teams get links to Google's and Outlook's calendars only."
        yield Finding("warning", "No calendar files on Teams", advice)


def _check_topics(settings: Settings) -> Iterable[Finding]:
    try:
        vocabulary = get_reader(settings.musubi_topics_file).vocabulary
        yield Finding("ok", f"The vocabulary of topics has {len(vocabulary.concepts)} concepts")
    except VocabularyError as error:
        yield from (Finding("error", "MUSUBI_TOPICS_FILE", problem) for problem in error.problems)


def _check_database(settings: Settings) -> Iterable[Finding]:
    url = settings.musubi_database_url
    if make_url(url).get_backend_name() == "sqlite" and not Path(make_url(url).database or "").exists():
        yield Finding("warning", "No database yet", "serve makes it, or run: python -m bot migrate")
        return
    try:
        revision = find_revision(url)
        if revision != find_head():
            yield Finding("error", f"Database at revision {revision or 'none'}", "Run: python -m bot migrate")
            return
        store = Store(url)
        yield Finding("ok", f"Database at revision {revision}")
        yield store.run_here(_check_deliveries)
        yield from store.run_here(lambda db: _check_stuck(db, SystemClock().now()))
        store.close()
    except SQLAlchemyError as error:
        yield Finding("error", "Database can't be reached", f"Check MUSUBI_DATABASE_URL. {type(error).__name__}")


def _check_deliveries(db: UnitOfWork) -> Finding:
    troubled = deliveries.list_troubled(db)
    if troubled:
        return Finding("warning", f"{len(troubled)} messages failed or are uncertain", "HR sees them in /hr.")
    return Finding("ok", "No message failed")


def _check_stuck(db: UnitOfWork, now: datetime) -> list[Finding]:
    """By platform: what is still being tried after a day waits for us, not for the people."""
    waiting: dict[str, list[str]] = {}
    for row in deliveries.list_stuck(db, now, _MOST_COUNTED):
        waiting.setdefault(row["platform"], []).append(row["reason"])
    return [
        Finding("error", f"{platform}: {len(reasons)} messages wait for more than a day", _advise_stuck(reasons[0]))
        for platform, reasons in sorted(waiting.items())
    ]


def _advise_stuck(reason: str) -> str:
    if not reason:
        return "Nothing was tried: is the platform set up, and does serve run? Unset platforms keep their messages."
    return f"The platform says: {reason}. Renew the password or token; they go out by themselves then."


async def _check_platforms(settings: Settings) -> list[Finding]:
    app = build(settings, list_makers(settings))
    try:
        return [finding for adapter in app.adapters for finding in await adapter.check()]
    finally:
        await app.close()


async def _check_clock(settings: Settings) -> Finding:
    """Compares the machine's clock with the platform's: requests older than five minutes are refused (Slack's rule)."""
    url = settings.slack_api_url if settings.slack_is_on else settings.teams_login_url
    try:
        async with ClientSession(timeout=ClientTimeout(total=10)) as session, session.head(url) as answer:
            theirs = parsedate_to_datetime(answer.headers["Date"])
    except (ClientError, TimeoutError, KeyError, ValueError) as error:
        return Finding(
            "warning", "The clock could not be compared", f"{url} did not tell the time: {type(error).__name__}"
        )
    apart = abs(SystemClock().now() - theirs)
    if apart > _CLOCK_TOLERANCE:
        advice = "Let the machine keep time by NTP: Slack and Teams refuse requests with an old time."
        return Finding("error", f"The clock is {apart.total_seconds():.0f} s off", advice)
    return Finding("ok", "The clock is right")
