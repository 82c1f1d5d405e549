"""Reads what was handed in, from a folder or an archive, trusting neither.

Nothing is written to disk, no link is followed, and no more than the task's limit is ever held in memory.
"""

import stat
from collections.abc import Mapping
from pathlib import Path

from shipworthy.core.canonical import digest_of_files
from shipworthy.tasks.archives import read_archive
from shipworthy.tasks.entities import Submission, SubmissionRules
from shipworthy.tasks.errors import SubmissionRefusedError
from shipworthy.tasks.folders import read_folder
from shipworthy.tasks.intake import Intake

MAX_IGNORED = 200


def read_submission(place: Path, rules: SubmissionRules) -> Submission:
    """Read the files that count from a folder or a zip archive.

    `place` itself may be a link, since the caller chose it. Raises `SubmissionRefusedError` for anything that cannot be
    taken as it is, for an empty submission, and for one without the required files.
    """
    intake = _read(place, rules)
    if not intake.files:
        wanted = ", ".join(rules.paths)
        raise SubmissionRefusedError(
            "The submission holds no file that counts.", remedy=f"Hand in files that match: {wanted}."
        )
    missing = [path for path in rules.required if path not in intake.files]
    if missing:
        raise SubmissionRefusedError(
            f"The submission lacks {', '.join(missing)}.",
            remedy="Add what is missing; the names must be exactly these, at exactly these places.",
        )
    return _submission(intake.files, intake.ignored)


def read_reference(folder: Path, rules: SubmissionRules) -> Submission:
    """Read a submission that ships with a task; it may be empty, absent, or lack required files."""
    if not folder.is_dir():
        return _submission({}, [])
    intake = _read(folder, rules)
    return _submission(intake.files, intake.ignored)


def submission_of(files: Mapping[str, bytes]) -> Submission:
    """Return the submission of files that were taken in before, held to its task's rules and kept."""
    return _submission(files, [])


def _read(place: Path, rules: SubmissionRules) -> Intake:
    try:
        mode = place.stat().st_mode
    except OSError as fault:
        raise SubmissionRefusedError(
            f"{place} cannot be read: {fault.strerror}.", remedy="Name a folder or a zip archive."
        ) from fault
    if stat.S_ISDIR(mode):
        return read_folder(place, rules)
    if stat.S_ISREG(mode):
        return read_archive(place, rules)
    raise SubmissionRefusedError(
        f"{place} is neither a folder nor an ordinary file.", remedy="Name a folder or a zip archive."
    )


def _submission(files: Mapping[str, bytes], ignored: list[str]) -> Submission:
    named = sorted(ignored)
    if len(named) > MAX_IGNORED:
        named = [*named[:MAX_IGNORED], f"and {len(named) - MAX_IGNORED} more"]
    ordered = {path: files[path] for path in sorted(files)}
    return Submission(files=ordered, ignored=tuple(named), digest=digest_of_files(ordered))
