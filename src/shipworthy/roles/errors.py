"""What can be wrong with a job description, a profile or the lexicon."""

from pathlib import Path
from typing import ClassVar

from shipworthy.core.errors import BadInputError


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
