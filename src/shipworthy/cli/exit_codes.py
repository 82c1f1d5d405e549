"""What the exit codes of every command mean."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    """Done, and the answer is yes."""

    ANSWER_IS_NO = 1
    """Done, and the answer is no: a gate fails, a public check fails, a replay differs, two profiles differ."""

    BAD_INPUT = 2
    """The command line or a file cannot be used; the message says what to change."""

    GRADER_ERROR = 3
    """A check could not run through a fault of ours; it is missing from the score."""

    LAYER_MISSING = 4
    """A layer of the sandbox is missing and was not allowed to be."""

    FAILED = 5
    """Shipworthy or the sandbox failed."""

    INTERRUPTED = 130
    """Interrupted from the keyboard."""
