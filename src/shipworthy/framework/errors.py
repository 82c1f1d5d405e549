"""What can be wrong with a framework file."""

from pathlib import Path
from typing import ClassVar

from shipworthy.core.errors import BadInputError


class FrameworkFileError(BadInputError):
    """The competency framework cannot be used."""

    code: ClassVar[str] = "framework_file"

    def __init__(self, path: Path, faults: tuple[str, ...]) -> None:
        self.path = path
        self.faults = faults
        listed = "\n".join(f"  - {fault}" for fault in faults)
        super().__init__(
            f"The competency framework {path.name} has {len(faults)} fault(s):\n{listed}",
            remedy="Mend the lines above; the framework that comes with Shipworthy shows the expected form.",
        )


class UnknownNameError(BadInputError):
    """The framework has no such competency, role context or method."""

    code: ClassVar[str] = "framework_unknown_name"

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        self.kind = kind
        self.name = name
        super().__init__(f"There is no {kind} {name!r} in this framework.", remedy=f"Known: {', '.join(known)}.")
