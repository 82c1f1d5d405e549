import sys
from dataclasses import replace
from pathlib import Path

import pytest

from shipworthy.runtimes.definitions import load_definition
from shipworthy.runtimes.errors import RuntimeBuildError
from shipworthy.runtimes.proof import prove
from tests.unit.runtimes.conftest import SmallRuntime


def test_a_missing_module_is_named(small_runtime: SmallRuntime) -> None:
    definition = load_definition("small", small_runtime.definitions)
    built = small_runtime.given[0]
    prove(definition, built.root, built.root / built.python)
    with pytest.raises(RuntimeBuildError, match="import not_there: ModuleNotFoundError"):
        prove(replace(definition, imports=("not_there",)), built.root, built.root / built.python)


def test_an_interpreter_that_loads_from_elsewhere_is_refused(small_runtime: SmallRuntime) -> None:
    definition = replace(load_definition("small", small_runtime.definitions), imports=("json",))
    with pytest.raises(RuntimeBuildError, match="is outside the runtime"):
        prove(definition, small_runtime.given[0].root, Path(sys.executable))


def test_an_interpreter_that_does_not_start_is_refused(small_runtime: SmallRuntime, tmp_path: Path) -> None:
    broken = tmp_path / "python3"
    broken.write_text("#!/bin/sh\necho no >&2; exit 127\n")
    broken.chmod(0o755)
    with pytest.raises(RuntimeBuildError, match="does not start"):
        prove(load_definition("small", small_runtime.definitions), tmp_path, broken)
