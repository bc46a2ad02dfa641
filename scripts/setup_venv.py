"""Makes the virtual environment and installs what is locked: `python3.11 scripts/setup_venv.py runtime|dev`.

Standard library only. Does nothing when the lock is what was installed last. A virtual environment that a developer
already has is kept, with everything else that is in it; nothing but a half-made one of our own is ever removed.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}
# The lock of development holds everything the runtime's lock does, in the same versions.
COVERS = {"runtime": ("runtime",), "dev": ("dev", "runtime")}
OLDEST = (3, 11)


class SetupError(Exception):
    """Why there is no working environment, in a sentence that says what to do."""


def set_up(root: Path, kind: str) -> bool:
    """Brings `root/.venv` to what the lock says. Returns whether anything had to be done; raises SetupError."""
    check_python(sys.version_info[:2])
    python = root / ".venv" / "bin" / "python"
    if is_current(root, kind) and python.exists():
        return False
    ensure_venv(root, python)
    install(root, kind, python)
    for covered in COVERS[kind]:
        stamp(root, covered).write_text(lock_digest(root, covered))
    return True


def check_python(version: tuple[int, ...]) -> None:
    """Raises SetupError when this Python is too old for Musubi."""
    if version < OLDEST:
        found = ".".join(map(str, version))
        raise SetupError(
            f"Musubi needs Python 3.11 or newer; this is {found}. Name another: make setup PYTHON=python3.11"
        )


def is_current(root: Path, kind: str) -> bool:
    """Whether the lock is the one that was installed last."""
    path = stamp(root, kind)
    return path.exists() and path.read_text() == lock_digest(root, kind)


def stamp(root: Path, kind: str) -> Path:
    """The file that remembers which lock was installed."""
    return root / ".venv" / f".installed-{kind}"


def lock_digest(root: Path, kind: str) -> str:
    """The SHA-256 of the lock file."""
    return hashlib.sha256((root / LOCKS[kind]).read_bytes()).hexdigest()


def ensure_venv(root: Path, python: Path) -> None:
    """Makes `.venv` if there is none. Raises SetupError when it can't be made, or when the present one doesn't work."""
    folder = root / ".venv"
    if folder.exists():
        return check_venv(python)
    print("Making the virtual environment .venv")
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        raise SetupError(
            f"{(made.stdout + made.stderr).strip()}\nThe virtual environment could not be made. "
            "On Debian and Ubuntu its module is a package of its own: apt-get install python3-venv"
        )
    return None


def check_venv(python: Path) -> None:
    """Raises SetupError when the developer's own environment can't be used. It is left as it is."""
    program = "import sys, pip; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([str(python), "-c", program], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(
            "The .venv that is here doesn't work. Move it away and try again: mv .venv .venv-old"
        ) from error
    if tuple(map(int, answer.split())) < OLDEST:
        raise SetupError(
            "The .venv that is here has an older Python than 3.11. Move it away and try again: mv .venv .venv-old"
        )


def install(root: Path, kind: str, python: Path) -> None:
    """Installs the lock, wheels only, each checked against its hash. Raises SetupError after pip's own words."""
    lock = root / LOCKS[kind]
    count = sum("==" in line for line in lock.read_text().splitlines())
    print(f"Installing {count} packages from {lock.name}; the first time takes a minute or two", flush=True)
    command = [str(python), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    command += ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    if subprocess.run(command, cwd=root, env=environment, check=False).returncode != 0:
        raise SetupError(
            "The packages could not be installed; pip says above why. It needs a connection to a package index: "
            "HTTPS_PROXY names a proxy, PIP_INDEX_URL another index. Then run the same command again; nothing is lost."
        )


def main(arguments: list[str]) -> int:
    """Runs the command line. Returns the exit code: 0, or 1 after a sentence on standard error."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kind", choices=sorted(LOCKS))
    try:
        set_up(ROOT, parser.parse_args(arguments).kind)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
