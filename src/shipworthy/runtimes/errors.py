"""What can go wrong with a runtime."""

from typing import ClassVar

from shipworthy.core.errors import BadInputError, ShipworthyError


class UnknownRuntimeError(BadInputError):
    """There is no runtime of that name."""

    code: ClassVar[str] = "unknown_runtime"


class UnsoundRuntimeError(BadInputError):
    """A runtime's definition is faulty."""

    code: ClassVar[str] = "unsound_runtime"


class RuntimeNotBuiltError(BadInputError):
    """The runtime has not been built on this machine."""

    code: ClassVar[str] = "runtime_not_built"


class RuntimeBuildError(ShipworthyError):
    """The runtime could not be built."""

    code: ClassVar[str] = "runtime_build_failed"
