"""`topics check`, `topics explain` and `rank`: the vocabulary, and what it does to texts. None needs a database."""

import json
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.common import ExitCode, console, load_settings
from handlers.topics import Reader, VocabularyError, get_reader
from handlers.topics.checking import Problem, check_entries
from handlers.topics.loading import read_all
from handlers.topics.ranking import Entry, ListError, rank_all, read_list


def check() -> None:
    """Looks for mistakes in the vocabulary and in MUSUBI_TOPICS_FILE. Ends with 1 when there are any."""
    try:
        entries = read_all(load_settings().musubi_topics_file)
    except VocabularyError as error:
        _refuse(error.problems)
    problems = check_entries(entries)
    out = Console(soft_wrap=True)
    for problem in problems:
        _print_problem(out, problem)
    errors = sum(problem.is_error for problem in problems)
    names = sum(len(entry.concept.names) for entry in entries)
    out.print(
        f"{len({entry.concept.id for entry in entries})} concepts, {names} names: "
        f"{errors} errors, {len(problems) - errors} warnings."
    )
    if errors:
        raise typer.Exit(ExitCode.FOUND)


def _print_problem(out: Console, problem: Problem) -> None:
    kind = "[red]error[/red]  " if problem.is_error else "[yellow]warning[/yellow]"
    out.print(f"{kind} {escape(problem.sentence)}")


def explain(text: str) -> None:
    """Shows how a text is understood: its concepts, what they belong to, and the words that no concept covers."""
    reader = _load_reader()
    reading, vocabulary = reader.read(text), reader.vocabulary
    out = Console(soft_wrap=True)
    table = Table("in the text", "concept", "日本語", "English", "belongs to", "sure", box=None, pad_edge=False)
    for one in reading.found:
        broader = sorted(vocabulary.ancestors[one.concept].items(), key=lambda item: (item[1], item[0]))
        above = ", ".join(id for id, _ in broader)
        cells = (one.text, one.concept, vocabulary.name(one.concept, "ja"), vocabulary.name(one.concept, "en"), above)
        table.add_row(*(escape(cell) for cell in cells), f"{one.weight:.2f}")
    out.print(table if reading.found else "No concept is named.")
    out.print(escape(f"Left over: {', '.join(reading.rest) or 'nothing'}"))


def rank(mentors: Path, questions: Path) -> None:
    """Prints, as JSON, each question's mentors in order."""
    reader = _load_reader()
    people, asked = _read(mentors), _read(questions)
    print(json.dumps(rank_all(reader, people, asked), ensure_ascii=False, indent=2))  # noqa: T201 - for programs


def _load_reader() -> Reader:
    try:
        return get_reader(load_settings().musubi_topics_file)
    except VocabularyError as error:
        _refuse(error.problems)


def _read(file: Path) -> list[Entry]:
    try:
        return read_list(file.read_bytes(), str(file))
    except OSError as error:
        _refuse([f"{file}: {error.strerror}. Is the name right?"])
    except ListError as error:
        _refuse([str(error)])


def _refuse(problems: list[str]) -> NoReturn:
    for problem in problems:
        console.print(escape(problem), style="red")
    raise typer.Exit(ExitCode.SETTINGS)
