"""The runtime's packages are there for a submission, seen from inside the sandbox."""

import pytest

from shipworthy.grading.errors import GradingError
from shipworthy.grading.probing import prove_imports
from shipworthy.runtimes.definitions import load_definition
from shipworthy.sandbox.bubblewrap import BubblewrapSandbox
from shipworthy.sandbox.entities import RuntimeFolder
from tests.support.setups import missing_layers, real_setup

PROMISED = {"numpy", "pandas", "sklearn", "duckdb", "pyarrow", "fastapi", "uvicorn", "httpx", "pydantic", "openai"}


def test_every_promised_package_can_be_imported_and_a_missing_one_is_named() -> None:
    setup = real_setup()
    runtime = RuntimeFolder(setup.runtime_root, setup.runtime_python, setup.runtime_digest)
    with BubblewrapSandbox(setup.data_folder, allowed_missing=frozenset(missing_layers())) as sandbox:
        versions = prove_imports(sandbox, runtime, load_definition("python-ml").imports)
        assert {name.partition(".")[0] for name in versions} >= PROMISED
        with pytest.raises(GradingError, match="no_such_package"):
            prove_imports(sandbox, runtime, ["no_such_package"])
