"""What can go wrong around a sandbox. What a hostile program does is a result, not an error."""

from shipworthy.core.errors import ShipworthyError


class SandboxError(ShipworthyError):
    """The sandbox itself failed."""

    code = "sandbox_failed"
    exit_code = 5


class LayerMissingError(SandboxError):
    """A layer of protection is missing on this machine."""

    code = "sandbox_layer_missing"
    exit_code = 4


class RunEndedError(SandboxError):
    """The program has ended."""

    code = "run_ended"


class AnswerTimeoutError(SandboxError):
    """The program did not answer in time."""

    code = "answer_timeout"


class AnswerTooLongError(SandboxError):
    """The program's answer is longer than allowed."""

    code = "answer_too_long"


class RequestRefusedError(SandboxError):
    """The request names something that a sandbox cannot have."""

    code = "sandbox_request_refused"
    exit_code = 2
