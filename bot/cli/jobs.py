"""`import-jobs`: a feed of jobs, from a file or an address, once and at once."""

import asyncio

import typer
from rich.console import Console
from rich.markup import escape

from adapters.feeds import SourceFetcher
from bot.cli.common import ExitCode, load_settings
from bot.cli.serve import prepare_database
from bot.clock import SystemClock
from bot.failures import FetchFailed
from bot.i18n import _, use_locale
from bot.installation import Installation
from bot.settings import Settings
from handlers.jobs import Desk, Outcome, note_outcome, take_over, tell_all
from storage.uow import Store, UnitOfWork

_SHOWN = 50
"""Bad rows shown; a feed with more is of another making, and the first ones tell it."""


def run_import(source: str, *, dry_run: bool) -> None:
    """Takes the feed over, prints what happened, and ends with 1 when nothing was taken over."""
    settings = load_settings()
    prepare_database(settings)
    with use_locale(settings.musubi_language):
        outcome = _import(settings, source, dry_run=dry_run)
        for line in _tell(outcome, dry_run=dry_run):
            Console().print(escape(line), soft_wrap=True)
    if not outcome.is_taken:
        raise typer.Exit(ExitCode.FOUND)


def _import(settings: Settings, source: str, *, dry_run: bool) -> Outcome:
    try:
        data = asyncio.run(SourceFetcher().fetch(source))
    except FetchFailed as failure:
        return Outcome(trouble=failure.reason, detail=failure.detail)
    store = Store(settings.musubi_database_url)
    try:
        return store.run_here(lambda db: _take(db, settings, data, dry_run=dry_run))
    finally:
        store.close()


def _take(db: UnitOfWork, settings: Settings, data: bytes, *, dry_run: bool) -> Outcome:
    """What HR is to agree to is kept for their page; bad rows are told here, to whoever sits here."""
    secret = settings.musubi_secret.get_secret_value().encode()
    desk = Desk(db, SystemClock().now(), settings.policy(), Installation(secret, public_url=settings.musubi_public_url))
    outcome = take_over(desk, data, dry_run=dry_run)
    if not dry_run and (outcome.is_taken or outcome.closing):
        note_outcome(desk, outcome)
    return outcome


def _tell(outcome: Outcome, *, dry_run: bool) -> tuple[str, ...]:
    if outcome.closing:
        text = _(
            "Nothing was taken over: {n} of {total} open jobs would be closed. HR can agree on its page of jobs "
            "(/jobs); then run this once more."
        )
        return (text.format(n=len(outcome.closing), total=outcome.open_before),)
    if not outcome.is_taken:
        return (*tell_all(outcome, _SHOWN), _("Nothing was taken over."))
    text = (
        _("It would add {added}, change {changed}, close {closed}, open {opened} again and leave {unchanged}.")
        if dry_run
        else _(
            "Added {added}, changed {changed}, closed {closed}, opened {opened} again, left {unchanged} as they are."
        )
    )
    counts = {name: getattr(outcome, name) for name in ("added", "changed", "closed", "opened", "unchanged")}
    return (text.format(**counts),)
