"""The models that a submission may talk to while it is judged, and what the judge learns of the calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shipworthy.core.canonical import JSONValue, canonical_bytes, digest
from shipworthy.core.live_settings import LiveSettings
from shipworthy.gateway.entities import Budget
from shipworthy.gateway.models import ServedModel, live_names

SOCKET = "model"
"""The name under which a sandbox lends the endpoint: `/sockets/model`."""

ENVIRONMENT = {
    "OPENAI_BASE_URL": "http://model/v1",
    "OPENAI_API_KEY": "not-needed",
    "MODEL_SOCKET": f"/sockets/{SOCKET}",
}
"""What a submission finds in its environment, so that the official client needs a Unix transport and nothing else."""


@dataclass(frozen=True)
class ModelSetup:
    """What a judge puts behind the endpoint: models, the seed of their chance, and what may be used of them."""

    models: tuple[ServedModel, ...]
    seed: int
    budget: Budget

    def digest(self) -> str:
        """Identify what has to be the same in a replay: names, which of them are live, seed and budget."""
        names: list[JSONValue] = [model.name for model in self.models]
        live: dict[str, JSONValue] = {"live": list(self.live)} if self.live else {}
        return digest(canonical_bytes({"models": names, "seed": self.seed, "budget": dict(vars(self.budget)), **live}))

    @property
    def live(self) -> tuple[str, ...]:
        """The names of the models that an operator's endpoint answers for."""
        return live_names(self.models)


class OpenModel(Protocol):
    """An endpoint that submissions can reach, serving or played."""

    @property
    def socket(self) -> Path:
        """Where the host's end of the endpoint is."""

    def record(self) -> JSONValue:
        """Return all calls so far, as `gateway.recording.spelled_record` spells them."""

    def close(self) -> None:
        """Stop serving. Raises `GatewayError` when a behaviour failed."""


@dataclass(frozen=True)
class ModelCall:
    """One call of a model as the judge sees it.

    `request` is the decoded body, an empty mapping where it could not be decoded; `reply` holds `content`,
    `tool_calls`, `finish_reason`, `fault` and `trace`, and is None for a call that was refused. Cost is in
    micro-dollars, latency in milliseconds of the virtual clock.
    """

    path: str
    request: Mapping[str, JSONValue]
    status: int
    reply: Mapping[str, JSONValue] | None
    prompt_tokens: int
    completion_tokens: int
    cost: int
    latency_ms: float

    @property
    def trace(self) -> Mapping[str, JSONValue]:
        """Why the model said what it said; empty where there is nothing to say."""
        trace = self.reply.get("trace") if self.reply else None
        return trace if isinstance(trace, Mapping) else {}


@dataclass(frozen=True)
class ModelRecord:
    """All calls so far, in an order that does not depend on which of concurrent calls came first.

    `refused` counts what was turned away without being a call, by reason: over budget, too large, half a request.
    """

    calls: tuple[ModelCall, ...]
    refused: Mapping[str, int]


class LentModels:
    """What a judge holds while submissions may talk to its models; give it to the runs of a workspace."""

    def __init__(self, opened: OpenModel) -> None:
        self._opened = opened

    @property
    def sockets(self) -> Mapping[str, Path]:
        """The sockets that a sandbox lends to a run."""
        return {SOCKET: self._opened.socket}

    def record(self) -> ModelRecord:
        """Return what was asked of the models so far."""
        spelled = self._opened.record()
        fields = spelled if isinstance(spelled, Mapping) else {}
        calls, refused = fields.get("calls"), fields.get("refused")
        return ModelRecord(
            calls=tuple(_call(each) for each in calls if isinstance(each, Mapping)) if isinstance(calls, list) else (),
            refused={name: int(str(count)) for name, count in refused.items()} if isinstance(refused, Mapping) else {},
        )


def _call(spelled: Mapping[str, JSONValue]) -> ModelCall:
    request, reply = spelled["request"], spelled["reply"]
    return ModelCall(
        path=str(spelled["path"]),
        request=request if isinstance(request, Mapping) else {},
        status=int(str(spelled["status"])),
        reply=reply if isinstance(reply, Mapping) else None,
        prompt_tokens=int(str(spelled["prompt_tokens"])),
        completion_tokens=int(str(spelled["completion_tokens"])),
        cost=int(str(spelled["cost"])),
        latency_ms=float(str(spelled["latency_ms"])),
    )


class ServingModel:
    """Serves models over a socket in a folder of its own, and writes down what the judge learns of the calls.

    Raises `LiveNotConfiguredError` for a live model that `live` names no endpoint for.
    """

    def __init__(
        self, setup: ModelSetup, folder: Path, learn: Callable[[JSONValue], None], live: LiveSettings | None
    ) -> None:
        from shipworthy.gateway.server import Gateway  # noqa: PLC0415 - only judges with a model need a server

        self._gateway = Gateway(setup.models, seed=setup.seed, budget=setup.budget, live=live)
        self._learn = learn
        self.socket = folder / "socket"
        folder.chmod(0o711)
        self._gateway.start(self.socket)

    def record(self) -> JSONValue:
        """Return all calls so far."""
        from shipworthy.gateway.recording import spelled_record  # noqa: PLC0415

        seen = spelled_record(self._gateway.record())
        self._learn(seen)
        return seen

    def close(self) -> None:
        """Stop serving."""
        self._gateway.stop()
