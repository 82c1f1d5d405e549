"""The models that a gateway serves: a name, what is behind it, and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.behaviours.live import Live
from shipworthy.gateway.budgets import Price
from shipworthy.gateway.entities import Behaviour
from shipworthy.gateway.errors import CallRefusedError

_CREATED = 1_767_225_600


@dataclass(frozen=True)
class ChatModel:
    """A model for chat. Clients see `name`, never the behaviour; `window` is the most tokens a prompt may have."""

    name: str
    behaviour: Behaviour | Live
    price: Price = field(default_factory=Price)
    window: int = 128_000


@dataclass(frozen=True)
class EmbeddingModel:
    """The name and the price under which the gateway's embeddings are served.

    Words of one group of `alike` are near each other; it knows no other synonyms. With a `live` behaviour an operator's
    model embeds in its place.
    """

    name: str = "hashed-embedding"
    price: Price = field(default_factory=lambda: Price(prompt=20, completion=0))
    alike: Sequence[Sequence[str]] = ()
    live: Live | None = None


ServedModel = ChatModel | EmbeddingModel


def live_names(models: Sequence[ServedModel]) -> tuple[str, ...]:
    """Return the names of the models that an operator's endpoint answers for, sorted."""
    return tuple(sorted(model.name for model in models if is_live(model)))


def is_live(model: ServedModel) -> bool:
    """Tell whether an operator's endpoint answers for a model."""
    return isinstance(model.behaviour if isinstance(model, ChatModel) else model.live, Live)


class Shelf:
    """The served models by name. Raises `ValueError` for two of one name."""

    def __init__(self, models: Sequence[ServedModel]) -> None:
        self._models = {model.name: model for model in models}
        if len(self._models) < len(models):
            raise ValueError("two served models have the same name")

    def chat(self, name: str) -> ChatModel:
        """Return a model for chat. Raises `CallRefusedError`."""
        model = self._named(name)
        if not isinstance(model, ChatModel):
            raise CallRefusedError(f"The model '{name}' is no model for chat.", param="model", reason="invalid_value")
        return model

    def embedding(self, name: str) -> EmbeddingModel:
        """Return a model for embeddings. Raises `CallRefusedError`."""
        model = self._named(name)
        if not isinstance(model, EmbeddingModel):
            what = f"The model '{name}' makes no embeddings."
            raise CallRefusedError(what, param="model", reason="invalid_value")
        return model

    def described(self, name: str) -> dict[str, JSONValue]:
        """Return one model as the protocol lists it. Raises `CallRefusedError`."""
        return _described(self._named(name).name)

    def listed(self) -> dict[str, JSONValue]:
        """Return all models as the protocol lists them, by name."""
        return {"object": "list", "data": [_described(name) for name in sorted(self._models)]}

    def _named(self, name: str) -> ServedModel:
        model = self._models.get(name)
        if model is None:
            what = f"There is no model '{name[:100]}' here. There is: {', '.join(sorted(self._models))}."
            raise CallRefusedError(what, status=404, param="model", reason="model_not_found")
        return model


def _described(name: str) -> dict[str, JSONValue]:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "shipworthy"}
