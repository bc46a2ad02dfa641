"""`make setup`, with real virtual environments and real pip, and one small package instead of the index."""

import base64
import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scripts import setup_venv
from scripts.setup_venv import SetupError, check_python, is_current, set_up


def make_wheel(folder: Path, version: str) -> str:
    """Writes a wheel of the package `tiny`. Returns its line in a lock."""
    files = {
        "tiny.py": f"version = {version!r}\n",
        f"tiny-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"tiny-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = f"tiny-{version}.dist-info/RECORD"
    files[record] = (
        "".join(f"{name},sha256={digest(text)},{len(text)}\n" for name, text in files.items()) + f"{record},,\n"
    )
    wheel = folder / f"tiny-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return f"tiny=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def write_locks(root: Path, lock: str) -> None:
    for name in setup_venv.LOCKS.values():
        (root / name).write_text(lock)


def installed(root: Path) -> str:
    program = "import tiny; print(tiny.version)"
    run = subprocess.run([root / ".venv/bin/python", "-c", program], capture_output=True, text=True, check=True)
    return run.stdout.strip()


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wheels")


@pytest.fixture(scope="module")
def locks(wheels: Path) -> dict[str, str]:
    return {version: make_wheel(wheels, version) for version in ("1.0", "2.0")}


@pytest.fixture(autouse=True)
def only_these_wheels(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here reaches an index."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))


@pytest.fixture(scope="module")
def bare_venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment without packages, made once: it takes seconds."""
    folder = tmp_path_factory.mktemp("bare") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def repository(tmp_path: Path, locks: dict[str, str]) -> Path:
    """A repository with locks and nothing installed."""
    write_locks(tmp_path, locks["1.0"])
    return tmp_path


@pytest.fixture
def with_venv(repository: Path, bare_venv: Path) -> Path:
    """The same, and the developer has made an environment already."""
    shutil.copytree(bare_venv, repository / ".venv", symlinks=True)
    return repository


def test_a_fresh_clone_gets_an_environment_with_what_is_locked(repository: Path) -> None:
    assert set_up(repository, "runtime") is True
    assert installed(repository) == "1.0"


def test_it_runs_once(with_venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set_up(with_venv, "dev") is True
    monkeypatch.setattr(setup_venv, "install", lambda *_: pytest.fail("installed twice"))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    assert set_up(with_venv, "dev") is False


def test_development_covers_the_runtime(with_venv: Path) -> None:
    set_up(with_venv, "dev")
    assert set_up(with_venv, "runtime") is False


def test_the_runtime_does_not_cover_development(with_venv: Path) -> None:
    set_up(with_venv, "runtime")
    assert set_up(with_venv, "dev") is True


def test_it_runs_again_when_the_lock_changes(with_venv: Path, locks: dict[str, str]) -> None:
    set_up(with_venv, "dev")
    write_locks(with_venv, locks["2.0"])
    assert set_up(with_venv, "dev") is True
    assert installed(with_venv) == "2.0"


def test_a_developers_own_environment_is_kept(with_venv: Path) -> None:
    (packages,) = (with_venv / ".venv" / "lib").glob("python3.*/site-packages")
    own = packages / "own_tool.py"
    own.write_text("")
    set_up(with_venv, "dev")
    assert own.exists()


def test_an_environment_that_is_gone_is_made_again(with_venv: Path) -> None:
    set_up(with_venv, "runtime")
    shutil.rmtree(with_venv / ".venv" / "bin")
    with pytest.raises(SetupError, match="doesn't work"):
        set_up(with_venv, "runtime")
    shutil.rmtree(with_venv / ".venv")
    assert set_up(with_venv, "runtime") is True


def test_a_broken_environment_is_named_and_left_alone(repository: Path) -> None:
    precious = repository / ".venv" / "notes.txt"
    precious.parent.mkdir()
    precious.write_text("mine")
    with pytest.raises(SetupError, match=r"mv \.venv \.venv-old"):
        set_up(repository, "dev")
    assert precious.read_text() == "mine"


def test_an_environment_of_an_old_python_is_named(repository: Path) -> None:
    python = repository / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho 3 9\n")
    python.chmod(0o755)
    with pytest.raises(SetupError, match=r"older Python than 3\.11"):
        set_up(repository, "dev")


def test_a_package_with_another_hash_is_refused(with_venv: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_locks(with_venv, f"tiny==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SetupError, match="could not be installed"):
        set_up(with_venv, "dev")
    assert not is_current(with_venv, "dev")
    assert "hash" in capfd.readouterr().err.lower()


def test_without_an_index_the_sentence_says_what_to_do(with_venv: Path) -> None:
    write_locks(with_venv, f"absent==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SetupError, match="PIP_INDEX_URL") as caught:
        set_up(with_venv, "dev")
    assert "run the same command again" in str(caught.value)


def test_a_half_made_environment_of_ours_is_removed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = repository / "python-without-venv"
    python.write_text("#!/bin/sh\nmkdir .venv\necho 'No module named venv'\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.chdir(repository)
    with pytest.raises(SetupError, match="apt-get install python3-venv"):
        set_up(repository, "dev")
    assert not (repository / ".venv").exists()


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (2, 7)])
def test_an_old_python_is_refused(version: tuple[int, int]) -> None:
    with pytest.raises(SetupError, match=r"needs Python 3\.11"):
        check_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 14)])
def test_a_current_python_is_taken(version: tuple[int, int]) -> None:
    check_python(version)


def test_the_program_ends_with_1_and_a_sentence(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / ".venv").mkdir()
    monkeypatch.setattr(setup_venv, "ROOT", repository)
    assert setup_venv.main(["dev"]) == 1
    assert "Move it away" in capsys.readouterr().err
