"""What the commands share: settings with their problems told, exit codes, the console."""

import enum
from collections.abc import Callable
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from bot.failures import SettingsError
from bot.logs import set_up_logs
from bot.settings import Settings, read_settings

console = Console(stderr=True, soft_wrap=True)
"""For people. What scripts read goes to standard output."""


class ExitCode(enum.IntEnum):
    """Exit codes that scripts can use."""

    OK = 0
    FOUND = 1
    """The command ran, and found something to put right: bad rows, a failed check."""
    SETTINGS = 2
    """Nothing was begun: settings or arguments are wrong."""


def load_settings(check: Callable[[Settings], list[str]] = lambda settings: []) -> Settings:
    """The settings, with logs set up. Prints every problem at once and ends the program when there are any."""
    try:
        settings = read_settings()
        problems = check(settings)
    except SettingsError as error:
        problems = error.problems
        settings = None
    if problems or settings is None:
        stop_for(problems)
    set_up_logs(settings.musubi_log, settings.musubi_log_level)
    return settings


def stop_for(problems: list[str]) -> NoReturn:
    """Prints the problems as one list and ends the program."""
    console.print("[bold]Musubi can't start with these settings:[/bold]")
    for problem in problems:
        console.print(f"  [red]-[/red] {escape(problem)}")
    console.print("They are described in docs/operating.md; put them into the environment or a file named .env.")
    raise typer.Exit(ExitCode.SETTINGS)
