"""What can go wrong at the gateway: calls that are refused in the protocol's own words, and faults of ours."""

from shipworthy.core.canonical import JSONValue
from shipworthy.core.errors import ShipworthyError


class GatewayError(ShipworthyError):
    """The model gateway itself failed."""

    code = "gateway_failed"
    exit_code = 5


class SocketUnusableError(GatewayError):
    """The gateway cannot listen at this path."""

    code = "gateway_socket_unusable"


class BehaviourFailedError(GatewayError):
    """A behaviour raised an error instead of replying."""

    code = "behaviour_failed"


class UpstreamFailedError(GatewayError):
    """The operator's live model cannot be used."""

    code = "upstream_failed"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The live model cannot be used: {what}.",
            remedy="Check SHIPWORTHY_LIVE_URL and the key, and the endpoint that they name.",
        )


class LiveNotConfiguredError(GatewayError):
    """A task lends a live model, and none is set for it."""

    code = "live_not_configured"
    exit_code = 2


class CallRefusedError(ShipworthyError):
    """A call is refused; the client gets the protocol's error body.

    `status` is the HTTP status, `kind` the protocol's `type`, `param` the field at fault, `reason` the protocol's
    `code`. `retry_after` is in seconds, 0 for none.
    """

    code = "call_refused"

    def __init__(
        self,
        what: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        param: str | None = None,
        reason: str | None = None,
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(what)
        self.status, self.kind, self.param, self.reason = status, kind, param, reason
        self.retry_after = retry_after

    def body(self) -> dict[str, JSONValue]:
        """Return the error as the protocol spells it."""
        return {"error": {"message": self.what, "type": self.kind, "param": self.param, "code": self.reason}}


def missing(param: str) -> CallRefusedError:
    """Return the refusal of a request that lacks a field."""
    return CallRefusedError(f"The field '{param}' is missing.", param=param, reason="missing_required_parameter")


def wrong_type(param: str, wanted: str, got: JSONValue) -> CallRefusedError:
    """Return the refusal of a field that has another JSON type than `wanted`."""
    what = f"The field '{param}' has to be {wanted}, and is {_spoken(got)}."
    return CallRefusedError(what, param=param, reason="invalid_type")


def wrong_value(param: str, what: str) -> CallRefusedError:
    """Return the refusal of a field whose type is right and whose value is not."""
    return CallRefusedError(f"The field '{param}' {what}.", param=param, reason="invalid_value")


def over_budget(what: str) -> CallRefusedError:
    """Return the refusal of a call beyond the budget."""
    return CallRefusedError(what, status=429, kind="insufficient_quota", reason="insufficient_quota")


def _spoken(value: JSONValue) -> str:
    if value is None:
        return "null"
    kinds = ((bool, "true or false"), (int, "a whole number"), (float, "a number"), (str, "text"), (list, "a list"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "an object")
