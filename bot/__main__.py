"""`python -m bot`: serve, demo, migrate, import-leavers, import-jobs, doctor, topics, rank."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Musubi, the community bot of a company's alumni network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def serve() -> None:
    """Starts Musubi with the platforms that are set up, until it is told to stop."""
    from bot.cli.serve import serve

    serve()


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = Path("var/demo"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew: forget what happened in this folder.")] = False,
) -> None:
    """Musubi in the browser with an invented community: no account, no token, no server."""
    from bot.cli.demo import demo

    demo(folder, fresh=fresh)


@app.command()
def migrate() -> None:
    """Brings the database to the tables of this version."""
    from bot.cli.migrating import migrate

    migrate()


@app.command("import-leavers")
def import_leavers(
    file: Annotated[Path, typer.Argument(help="CSV of leavers: UTF-8, or CP932 as Excel writes it in Japan.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    skip_bad_rows: Annotated[bool, typer.Option("--skip-bad-rows", help="Import the good rows of a bad file.")] = False,
) -> None:
    """Imports HR's list of leavers. Nothing is imported if one row is bad, unless --skip-bad-rows."""
    from bot.cli.importing import run_import

    run_import(file, dry_run=dry_run, skip_bad_rows=skip_bad_rows)


@app.command("import-jobs")
def import_jobs(
    source: Annotated[str, typer.Argument(help="A file or an https address: JSON, CSV, RSS or Atom; docs/jobs.md.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
) -> None:
    """Takes over a feed of jobs: adds, changes and closes. Nothing happens if one row is bad."""
    from bot.cli.jobs import run_import

    run_import(source, dry_run=dry_run)


@app.command()
def doctor() -> None:
    """Checks settings, database, platforms and clock, and says what to do about what isn't well."""
    from bot.cli.doctor import doctor

    doctor()


@app.command()
def rank(
    mentors: Annotated[Path, typer.Option(help='JSON list of {"id", "text"}: people, with what they know.')],
    questions: Annotated[Path, typer.Option(help='JSON list of {"id", "text"}: what is asked.')],
) -> None:
    """Ranks mentors for questions by their texts alone, and prints JSON: to measure it on cases of your own."""
    from bot.cli.topics import rank

    rank(mentors, questions)


topics = typer.Typer(help="The vocabulary of topics: check it, see how a text is understood.", no_args_is_help=True)
app.add_typer(topics, name="topics")


@topics.command("check")
def check_topics() -> None:
    """Finds doubles, orphans, circles and gaps in the vocabulary and in MUSUBI_TOPICS_FILE."""
    from bot.cli.topics import check

    check()


@topics.command("explain")
def explain_topics(text: Annotated[str, typer.Argument(help="A topic or a profile, in Japanese or English.")]) -> None:
    """Shows how a text is understood: its concepts, and the words that no concept covers."""
    from bot.cli.topics import explain

    explain(text)


if __name__ == "__main__":
    app()
