"""`import-leavers`: HR's CSV of leavers into the roster, with a progress bar and a table of what happened."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from bot.cli.common import ExitCode, console, load_settings, stop_for
from bot.cli.serve import prepare_database
from bot.clock import SystemClock
from bot.dates import format_when
from bot.i18n import _, ngettext, use_locale
from bot.policy import Policy
from handlers.roster import ImportReport, Problem, Stage, describe, import_leavers, name_column
from storage.uow import Store

_SHOWN = 50
"""Problems shown; a file with more is of another making, and the first ones tell it."""

_LARGEST = 64 * 1024**2
"""Bytes; a hundred thousand people take about a tenth of it."""


def run_import(file: Path, *, dry_run: bool, skip_bad_rows: bool) -> None:
    """Imports `file`, prints what happened, and ends with 1 when a row was bad."""
    settings = load_settings()
    data = _read(file)
    prepare_database(settings)
    store = Store(settings.musubi_database_url)
    policy = settings.policy()
    with use_locale(policy.language):
        report = _import(store, data, policy, dry_run=dry_run, skip_bad_rows=skip_bad_rows)
        _print_report(report, policy, dry_run=dry_run)
    store.close()
    if report.problems:
        raise typer.Exit(ExitCode.FOUND)


def _read(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > _LARGEST:
            stop_for([f"{file}: {size // 1024**2} MB are too many for a list of people. Is it the right file?"])
        return file.read_bytes()
    except OSError as error:
        stop_for([f"{file}: {error.strerror}. Is the name right?"])


def _import(store: Store, data: bytes, policy: Policy, *, dry_run: bool, skip_bad_rows: bool) -> ImportReport:
    names = {Stage.READ: _("Reading"), Stage.COMPARE: _("Comparing"), Stage.WRITE: _("Writing")}
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("")

        def show(stage: Stage, done: int, total: int) -> None:
            bar.update(task, description=names[stage], completed=done, total=total)

        now = SystemClock().now()
        return store.run_here(
            lambda db: import_leavers(
                db, data, policy, now, dry_run=dry_run, skip_bad_rows=skip_bad_rows, progress=show
            )
        )


def _print_report(report: ImportReport, policy: Policy, *, dry_run: bool) -> None:
    out = Console()
    if report.problems:
        out.print(_list_problems(report.problems))
    out.print(escape(_summarise(report, dry_run=dry_run)))
    for at, count in report.invitations.items():
        when = format_when(at, "datetime", policy.language, policy.zone)
        out.print(
            escape(ngettext("{n} invitation: {when}", "{n} invitations: {when}", count).format(n=count, when=when))
        )
    if report.encoding:
        out.print(escape(_("The file was read as {encoding}.").format(encoding=report.encoding)))
    if report.unused:
        out.print(escape(_("Columns that were not used: {names}").format(names=", ".join(report.unused))))


def _list_problems(problems: tuple[Problem, ...]) -> Table:
    table = Table(_("Line"), _("Column"), _("What to do"), box=None, pad_edge=False)
    for problem in problems[:_SHOWN]:
        column = name_column(problem.column) if problem.column else ""
        table.add_row(str(problem.line or ""), escape(column), escape(describe(problem)))
    if (more := len(problems) - _SHOWN) > 0:
        table.add_row("", "", ngettext("and {n} more", "and {n} more", more).format(n=more))
    return table


def _summarise(report: ImportReport, *, dry_run: bool) -> str:
    if report.was_refused:
        return _("Nothing was imported. Correct the rows above, or leave them out with --skip-bad-rows.")
    counts = {"added": report.added, "updated": report.updated, "unchanged": report.unchanged}
    if dry_run:
        return _("It would add {added}, change {updated} and leave {unchanged} as they are.").format(**counts)
    return _("Added {added}, changed {updated}, left {unchanged} as they are.").format(**counts)
