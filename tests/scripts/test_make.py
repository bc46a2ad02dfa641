"""What `make` and .ci/run offer."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGETS = (
    "setup",
    "demo",
    "test",
    "check",
    "e2e",
    "bench",
    "lock",
    "teams-package",
    "screenshots",
    "translations",
    "format",
)


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def test_make_alone_lists_what_there_is() -> None:
    listed = re.findall(r"^  make ([a-z0-9-]+) +\S", run("make").stdout, flags=re.MULTILINE)
    assert set(TARGETS) <= set(listed)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_prepares_its_environment_first(target: str) -> None:
    planned = run("make", "-n", target).stdout
    assert "scripts/setup_venv.py" in planned.splitlines()[0]


def test_the_demo_installs_only_what_runs() -> None:
    assert "setup_venv.py runtime" in run("make", "-n", "demo").stdout
    assert "setup_venv.py dev" not in run("make", "-n", "demo").stdout


def test_ci_is_a_program_that_bash_can_read() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert run("bash", "-n", ".ci/run").returncode == 0


class Machine:
    """A machine on which `make`, `apt-get` and `sudo` only write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.calls = folder / "calls"
        for name in ("bash", "dirname", "find", "id"):
            (self.programs / name).symlink_to(shutil.which(name) or pytest.fail(f"{name} is missing"))
        for name in ("apt-get", "make"):
            self.add(name)
        self.add("sudo", 'shift; exec "$@"')

    def add(self, name: str, then: str = "") -> None:
        program = self.programs / name
        program.write_text(f'#!{shutil.which("bash")}\necho "{name} $*" >> {self.calls}\n{then}\n')
        program.chmod(0o755)

    def run_ci(self) -> tuple[int, list[str]]:
        result = run(str(self.programs / "bash"), ".ci/run", PATH=str(self.programs))
        return result.returncode, self.calls.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_ci_runs_every_part(machine: Machine) -> None:
    machine.add("chromium")
    code, calls = machine.run_ci()
    parts = [call for call in calls if call.startswith("make")]
    assert code == 0
    wanted = ("check collect --jobs=2 --output-sync", "test", "e2e")
    assert parts == ["make setup", *(f"make --keep-going {part}" for part in wanted)]


def test_what_is_compiled_is_kept_whatever_the_machine_says(tmp_path: Path) -> None:
    """Some containers forbid it; then each of many processes would compile everything again."""
    shows = f"include {ROOT / 'Makefile'}\nshow:\n\t@echo [$$PYTHONDONTWRITEBYTECODE]\n"
    (tmp_path / "Makefile").write_text(shows)
    shown = run("make", "-f", str(tmp_path / "Makefile"), "show", PYTHONDONTWRITEBYTECODE="1")
    assert shown.stdout.strip() == "[]"


def test_ci_installs_a_browser_where_there_is_none(machine: Machine) -> None:
    _, calls = machine.run_ci()
    (installed,) = [call for call in calls if call.startswith("apt-get install")]
    assert " chromium" in installed
    assert calls.index(installed) < calls.index("make setup")


def test_ci_installs_nothing_where_all_is_there(machine: Machine) -> None:
    machine.add("chromium")
    fonts = machine.programs / "find"
    fonts.unlink()
    machine.add("find", "echo NotoSansCJK.ttc")
    assert not any(call.startswith("apt-get") for call in machine.run_ci()[1])


def test_ci_goes_on_after_a_failure_and_ends_with_1(machine: Machine) -> None:
    machine.add("chromium")
    machine.add("make", '[ "$2" != check ]')
    code, calls = machine.run_ci()
    assert code == 1
    assert calls[-1] == "make --keep-going e2e"


def test_ci_ends_at_once_when_setup_fails(machine: Machine) -> None:
    machine.add("make", '[ "$1" != setup ]')
    code, calls = machine.run_ci()
    assert code == 1
    assert calls[-1] == "make setup"
