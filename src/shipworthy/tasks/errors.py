"""What can be wrong with tasks, their variants, and what is handed in."""

from collections.abc import Sequence
from typing import ClassVar

from shipworthy.core.errors import BadInputError
from shipworthy.tasks.entities import Finding


class UnsoundPackageError(BadInputError):
    """The task package has faults."""

    code: ClassVar[str] = "unsound_package"

    def __init__(self, name: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            f"The task package {name!r} has {len(self.findings)} fault(s):\n{spell_findings(self.findings)}",
            remedy="Correct them, then run: shipworthy verify",
        )


class UnsoundVariantError(BadInputError):
    """The task's variant.py did not return a sound variant."""

    code: ClassVar[str] = "unsound_variant"

    def __init__(self, name: str, seed: int, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            f"The variant of {name!r} for seed {seed} has {len(self.findings)} fault(s):\n"
            f"{spell_findings(self.findings)}",
            remedy="Correct generate(seed) in variant.py.",
        )


class MadeSubmissionError(BadInputError):
    """The task's references/make.py did not make what references.toml declares."""

    code: ClassVar[str] = "made_submission"


class UnknownTaskError(BadInputError):
    """There is no task of that name."""

    code: ClassVar[str] = "unknown_task"


class WorkspaceError(BadInputError):
    """The workspace cannot be used."""

    code: ClassVar[str] = "workspace"


class SubmissionRefusedError(BadInputError):
    """The submission cannot be taken."""

    code: ClassVar[str] = "submission_refused"


class PackedFilesError(BadInputError):
    """The packed files of a submission cannot be read or written."""

    code: ClassVar[str] = "packed_files"


class ScaffoldError(BadInputError):
    """The new task package cannot be written."""

    code: ClassVar[str] = "scaffold"


def spell_findings(findings: Sequence[Finding]) -> str:
    """Spell findings as one line each: file, key, fault, remedy."""
    return "\n".join(f"  - {_place(finding)}: {finding.fault} {finding.remedy}".rstrip() for finding in findings)


def _place(finding: Finding) -> str:
    return f"{finding.file}, {finding.key}" if finding.key else finding.file
