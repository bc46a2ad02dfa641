"""Writes requirements.lock and requirements-dev.lock from pyproject.toml, with hashes of all wheels, naming no host.

`make lock` keeps the versions that are locked; `make lock ARGS=--upgrade` takes the newest that pyproject.toml allows.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"
# Where packages come from is the reader's business, not the lock's.
OPTIONS = [
    "--quiet",
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--no-emit-options",
]


def commands(extra: list[str]) -> list[list[str]]:
    """Two runs of pip-compile; the second takes the versions of the first, so that development tests what runs."""
    base = [sys.executable, "-m", "piptools", "compile", *OPTIONS, *extra]
    return [
        [*base, "--output-file", RUNTIME, "pyproject.toml"],
        [*base, "--extra", "dev", "--constraint", RUNTIME, "--output-file", DEV, "pyproject.toml"],
    ]


def foreign_lines(text: str) -> list[str]:
    """Lines of a lock that name a host, a folder or an option: there may be none."""
    lines = (line.strip() for line in text.splitlines())
    plain = (line for line in lines if line and not line.startswith(("#", "--hash=sha256:")))
    return [line for line in plain if "://" in line or " @ " in line or line.startswith(("-", "/", "."))]


def main(extra: list[str]) -> int:
    """Locks anew. Returns the exit code."""
    for command in commands(extra):
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            return 1
    found = [line for name in (RUNTIME, DEV) for line in foreign_lines((ROOT / name).read_text())]
    for line in found:
        print(f"a lock must name no place: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
