"""`python -m bot`: serve, demo, migrate, import-leavers, doctor."""

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


@app.command()
def doctor() -> None:
    """Checks settings, database, platforms and clock, and says what to do about what isn't well."""
    from bot.cli.doctor import doctor

    doctor()


if __name__ == "__main__":
    app()
