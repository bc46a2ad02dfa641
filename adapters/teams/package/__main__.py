"""`python -m adapters.teams.package`: writes the app package."""

import argparse
import sys
from pathlib import Path

from adapters.teams.package.build import Details, PackageError, write_package
from bot.settings import Settings


def main(arguments: list[str]) -> int:
    """Runs the command line. Returns 0, or 2 for details that make no package."""
    given = _make_parser().parse_args(arguments)
    details = Details(
        given.app_id or Settings().teams_app_id,
        **{name: getattr(given, name) for name in ("name", "developer", "website", "privacy", "terms", "version")},
    )
    try:
        write_package(details, given.to)
    except PackageError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{given.to}\n")
    if "example.com" in details.website:
        sys.stdout.write("Give --website, --privacy and --terms before an administrator publishes it.\n")
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m adapters.teams.package", description="The app package for Teams.")
    usual = Details("")
    parser.add_argument("--app-id", default="", help="GUID of the app registration; by default TEAMS_APP_ID")
    parser.add_argument("--to", type=Path, default=Path("var/musubi-teams.zip"), help="where to write it")
    for name in ("name", "developer", "website", "privacy", "terms", "version"):
        parser.add_argument(f"--{name}", default=getattr(usual, name), help=f"by default {getattr(usual, name)}")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
