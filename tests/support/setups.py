"""The real sandbox and runtime of this machine, for tests that grade."""

from functools import cache

from shipworthy import bootstrap
from shipworthy.core.settings import read_settings
from shipworthy.grading.entities import GradingSetup


@cache
def missing_layers() -> tuple[str, ...]:
    """Return the layers that this machine lacks, for example cgroups for an ordinary user."""
    return tuple(layer.layer for layer in bootstrap.known_layers(read_settings()) if not layer.holds)


@cache
def real_setup(runtime: str = "python-ml") -> GradingSetup:
    """Return what grading needs, building the runtime when it is not there."""
    settings = read_settings()
    bootstrap.ready_runtime(settings, runtime, allowed_missing=missing_layers(), say=lambda _: None)
    return bootstrap.grading_setup(settings, runtime, missing_layers())
