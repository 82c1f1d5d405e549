"""What can be wrong with a job description, a profile or the lexicon."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from shipworthy.core.errors import BadInputError
from shipworthy.tasks.entities import Finding


class LexiconError(BadInputError):
    """The lexicon cannot be used."""

    code: ClassVar[str] = "lexicon"

    def __init__(self, folder: Path, faults: tuple[str, ...]) -> None:
        self.faults = faults
        listed = "\n".join(f"  - {fault}" for fault in faults)
        super().__init__(
            f"The lexicon {folder.name} has {len(faults)} fault(s):\n{listed}",
            remedy="Mend the lines above; docs/reference/lexicon.md shows the form of an entry.",
        )


class PostingError(BadInputError):
    """The job description cannot be read."""

    code: ClassVar[str] = "posting"


class ProfileError(BadInputError):
    """The role profile cannot be used."""

    code: ClassVar[str] = "profile"


class ProfileFileError(ProfileError):
    """The file of a role profile cannot be used; `findings` names every fault with its key and remedy."""

    code: ClassVar[str] = "profile_file"

    def __init__(self, name: str, findings: Sequence[Finding], *, remedy: str) -> None:
        self.findings = tuple(findings)
        listed = "\n".join(f"  - {_spelled(finding)}" for finding in self.findings)
        super().__init__(f"The role profile {name} has {len(self.findings)} fault(s):\n{listed}", remedy=remedy)


def _spelled(finding: Finding) -> str:
    place = f"{finding.key}: " if finding.key else ""
    return f"{place}{finding.fault} {finding.remedy}".rstrip()


class ReaderError(BadInputError):
    """The reader plugged in gave no answer that can be used."""

    code: ClassVar[str] = "reader"

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            remedy="Mend the command, or leave --reader away: the lexicon needs none. docs/how-to/plug-in-a-reader.md",
        )
