"""What the command says and returns, whatever happens."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shipworthy.cli.errors import tell
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.main import run
from shipworthy.core.errors import BadInputError
from shipworthy.sandbox.errors import LayerMissingError, SandboxError
from tests.support.packages import sound_package
from tests.support.processes import alive, children_of, runs_file, wait_until
from tests.support.setups import missing_layers, real_setup

# What a shell starts in the background is deaf to an interrupt from birth; the product is told to listen.
PRODUCT = (
    "import signal, sys; from shipworthy.cli.main import run; "
    "signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(run(sys.argv[1:]))"
)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (BadInputError("No task.", remedy="Name one."), ExitCode.BAD_INPUT, "Name one."),
        (LayerMissingError("No seccomp."), ExitCode.LAYER_MISSING, "No seccomp."),
        (SandboxError("It broke."), ExitCode.FAILED, "It broke."),
        (FileNotFoundError(2, "No such file or directory", "x.zip"), ExitCode.BAD_INPUT, "x.zip: No such file"),
        (OSError(28, "No space left on device"), ExitCode.FAILED, "No space left"),
        (RuntimeError("odd"), ExitCode.FAILED, "a fault of its own"),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "Interrupted"),
    ],
)
def test_every_error_becomes_words_and_an_exit_code(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tell(error) == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told


def test_words_of_submissions_are_not_taken_for_markup(capsys: pytest.CaptureFixture[str]) -> None:
    tell(BadInputError("[bold]x[/bold] [link=http://a]"))
    assert "[bold]x[/bold]" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["no-such-command"], ["grade"], ["verify", "--seeds", "many"]])
def test_a_wrong_command_line_is_bad_input(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == ExitCode.BAD_INPUT
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("seed", ["-1", str(2**31)])
def test_a_seed_out_of_range_is_bad_input(seed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["start", "churn-model", str(tmp_path / "work"), "--seed", seed]) == ExitCode.BAD_INPUT
    assert "from 0 to" in capsys.readouterr().err
    assert not (tmp_path / "work").exists()


def test_a_layer_that_does_not_exist_cannot_be_allowed_to_be_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "churn-model", "--allow-missing", "seccmop"]) == ExitCode.BAD_INPUT
    assert "seccomp" in capsys.readouterr().err


def test_a_scorecard_needs_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scorecard"]) == ExitCode.BAD_INPUT
    assert "shipworthy grade" in capsys.readouterr().err


def test_an_interrupted_verification_ends_at_once_and_leaves_no_judge(tmp_path: Path) -> None:
    real_setup()
    package = sound_package(tmp_path)
    for program in package.glob("references/**/medians.py"):
        program.write_text("import time\ntime.sleep(3)\n" + program.read_text("utf-8"), "utf-8")
    allowed = [word for layer in missing_layers() for word in ("--allow-missing", layer)]
    command = [sys.executable, "-c", PRODUCT, "verify", str(package), *allowed]
    product = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    wait_until(lambda: any(runs_file(child, "medians.py") for child in children_of(product.pid)))
    family = children_of(product.pid)
    product.send_signal(signal.SIGINT)
    _, told = product.communicate(timeout=30)
    assert product.returncode == ExitCode.INTERRUPTED
    assert "Interrupted" in told
    assert "Traceback" not in told
    wait_until(lambda: not any(alive(process) for process in family))
