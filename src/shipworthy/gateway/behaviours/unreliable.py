"""A model whose answers break on the way: broken JSON, refusals, rate limits, bad streams, at known rates."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.core.errors import BadInputError
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import Behaviour, ChatRequest, Fault, FaultKind, Reply, ToolCall


class Damage(StrEnum):
    """What can be wrong with the text of an answer or the arguments of its calls."""

    BROKEN_JSON = "broken_json"
    CUT_OFF = "cut_off"
    PROSE_AROUND = "prose_around"
    CODE_FENCE = "code_fence"
    WRONG_TYPES = "wrong_types"
    MISSING_KEYS = "missing_keys"
    EXTRA_KEYS = "extra_keys"
    REFUSAL = "refusal"


class RatesError(BadInputError):
    """Rates have to be between 0 and 1 and to add up to no more than 1."""

    code = "bad_rates"


@dataclass(frozen=True)
class Rates:
    """How often what goes wrong, each as a share of all calls; at most one thing goes wrong with a call.

    `retry_after` is in seconds, for rate limits. Raises `RatesError` unless the rates can be shares of one whole.
    """

    damages: Mapping[Damage, float] = field(default_factory=dict)
    faults: Mapping[FaultKind, float] = field(default_factory=dict)
    retry_after: float = 1.0

    def __post_init__(self) -> None:
        shares = [*self.damages.values(), *self.faults.values()]
        if any(not 0 <= share <= 1 for share in shares) or sum(shares) > 1 + 1e-9:
            raise RatesError(remedy="Lower the rates until they leave room for good answers.")


_REFUSALS = (
    "I'm sorry, but I can't help with that request.",
    "I am unable to assist with this.",
    "As an assistant I cannot complete this task.",
)
_BEFORE = ("Sure! Here is what you asked for:", "Certainly, the result is below.", "Okay, I looked at it carefully.")
_AFTER = ("Let me know if you need anything else!", "I hope this helps.", "Please double-check before using it.")


class Unreliable:
    """Wraps another behaviour and damages its replies at known rates.

    What happens to a call is drawn from (seed, digest, occurrence), so the same request asked again draws anew. A
    damage that needs JSON (`wrong_types`, `missing_keys`, `extra_keys`, `broken_json`) cuts a plain text off instead.

    It stands for what a program must expect of any model behind a network: retry, validate, repair, give up in time. It
    does not stand for answers that are well formed and wrong; faults come independently, never as an outage of minutes.
    """

    def __init__(self, inner: Behaviour, rates: Rates, *, seed: int, name: str = "unreliable") -> None:
        self.name = name
        self._inner = inner
        self._rates = rates
        self._draws = Draws(seed)

    def reply(self, request: ChatRequest) -> Reply:
        """Return the inner reply, damaged or not; the trace says how."""
        reply = self._inner.reply(request)
        drawn = self._drawn(request)
        if isinstance(drawn, FaultKind):
            after = self._rates.retry_after if drawn is FaultKind.RATE_LIMITED else 0.0
            return _traced(replace(reply, fault=Fault(drawn, after)), drawn)
        if drawn is None:
            return _traced(reply, None)
        return _traced(
            _damaged(reply, drawn, self._draws.fraction("damage", request.digest, request.occurrence)), drawn
        )

    def _drawn(self, request: ChatRequest) -> Damage | FaultKind | None:
        """Return what goes wrong with a call, if anything."""
        rest = self._draws.fraction("what goes wrong", request.digest, request.occurrence)
        kinds: list[tuple[Damage | FaultKind, float]] = [*self._rates.damages.items(), *self._rates.faults.items()]
        for kind, share in sorted(kinds, key=lambda pair: pair[0].value):
            if rest < share:
                return kind
            rest -= share
        return None


def _traced(reply: Reply, drawn: Damage | FaultKind | None) -> Reply:
    return replace(reply, trace={**(reply.trace or {}), "damage": drawn.value if drawn else None})


def _damaged(reply: Reply, damage: Damage, luck: float) -> Reply:
    """Return a reply with its text and the arguments of its calls damaged; `luck` in (0, 1) says where."""
    if damage is Damage.REFUSAL:
        return replace(reply, content=_one_of(_REFUSALS, luck), tool_calls=(), finish_reason="stop")
    calls = tuple(replace(call, arguments=_spoiled(call, damage, luck)) for call in reply.tool_calls)
    content = reply.content if reply.content is None else _SPOILING[damage](reply.content, luck)
    cut = damage is Damage.CUT_OFF
    return replace(reply, content=content, tool_calls=calls, finish_reason="length" if cut else reply.finish_reason)


def _spoiled(call: ToolCall, damage: Damage, luck: float) -> str:
    return _SPOILING[damage](call.arguments, luck)


def _cut_off(text: str, luck: float) -> str:
    """Cut a text somewhere between a third and nine tenths of it."""
    return text[: int(len(text) * (0.33 + 0.57 * luck))]


def _broken(text: str, luck: float) -> str:
    """Make JSON that no strict reader takes: single quotes, a comma too many, or a bracket too few."""
    if _parsed(text) is None:
        return _cut_off(text, luck)
    ways = (text.replace('"', "'"), text[:-1] + "," + text[-1:], text[:-1])
    wrong = [way for way in ways if not _is_json(way)]
    return wrong[int(luck * len(wrong))] if wrong else _cut_off(text, luck)


def _with_prose(text: str, luck: float) -> str:
    return f"{_one_of(_BEFORE, luck)}\n\n{text}\n\n{_one_of(_AFTER, luck)}"


def _fenced(text: str, luck: float) -> str:
    return f"```{'json' if luck < 0.5 else ''}\n{text}\n```"


def _on_object(change: Callable[[dict[str, JSONValue], str], None]) -> Callable[[str, float], str]:
    """Return a damage that changes one key of a JSON object, and cuts anything else off."""

    def spoil(text: str, luck: float) -> str:
        value = _parsed(text)
        if not isinstance(value, dict) or not value:
            return _cut_off(text, luck)
        change(value, sorted(value)[int(luck * len(value))])
        return canonical_bytes(value).decode("utf-8", "surrogatepass")

    return spoil


def _other_type(value: dict[str, JSONValue], key: str) -> None:
    old = value[key]
    value[key] = str(old) if isinstance(old, bool | int | float) else [old] if isinstance(old, str) else "none"


def _without(value: dict[str, JSONValue], key: str) -> None:
    del value[key]


def _with_more(value: dict[str, JSONValue], key: str) -> None:
    value[f"{key}_explanation"] = "Added for clarity."


def _parsed(text: str) -> JSONValue:
    try:
        value: JSONValue = json.loads(text)
        canonical_bytes(value)
    except (ValueError, RecursionError):
        return None
    return value


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _one_of(options: tuple[str, ...], luck: float) -> str:
    return options[int(luck * len(options))]


_SPOILING: Mapping[Damage, Callable[[str, float], str]] = {
    Damage.BROKEN_JSON: _broken,
    Damage.CUT_OFF: _cut_off,
    Damage.PROSE_AROUND: _with_prose,
    Damage.CODE_FENCE: _fenced,
    Damage.WRONG_TYPES: _on_object(_other_type),
    Damage.MISSING_KEYS: _on_object(_without),
    Damage.EXTRA_KEYS: _on_object(_with_more),
}
