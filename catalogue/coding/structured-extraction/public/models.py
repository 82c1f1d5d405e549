"""The model that the public check lends, and that `shipworthy model serve` lets you try: it knows the sample."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from reading import asked

from shipworthy.kit import Variant
from shipworthy.kit.models import (
    ChatModel,
    ChatRequest,
    Damage,
    Fault,
    FaultKind,
    Rates,
    Reply,
    ToolCall,
    Unreliable,
)

FAULTS = {FaultKind.RATE_LIMITED: 0.08, FaultKind.SERVER_ERROR: 0.04, FaultKind.REPEATED_CHUNKS: 0.04}
SHAPED = Rates(damages={Damage.CUT_OFF: 0.05, Damage.REFUSAL: 0.03}, faults=FAULTS, retry_after=0.8)
PLAIN = Rates(
    damages={**SHAPED.damages, Damage.CODE_FENCE: 0.15, Damage.WRONG_TYPES: 0.08}, faults=FAULTS, retry_after=0.8
)
"""What goes wrong with answers in the shape of a schema or a tool, and with all others."""


class Sample:
    """Answers about a document of the sample, which it knows by its scan stamp; a long one in a stream alone."""

    name = "sample"

    def __init__(self, known: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        self._known, self._texts = known, texts

    def reply(self, request: ChatRequest) -> Reply:
        """Return the fields of the one document that the request holds."""
        for message in reversed(request.messages):
            stamps = sorted(self._known.keys() & set(re.findall(r"[A-Z]{6}", message.content)))
            if len(stamps) > 1:
                return Reply("Please send me one document at a time.")
            if stamps:
                return self._about(self._known[stamps[0]], request)
        return Reply("There is no document in your request.")

    def _about(self, known: Mapping[str, Any], request: ChatRequest) -> Reply:
        if known["long"] and not request.stream:
            return Reply(fault=Fault(FaultKind.SERVER_ERROR))
        wanted = asked(request, self._texts[known["document"]])
        confused = {field: value for field, value in known["confused"].items() if field not in wanted.meant}
        said = json.dumps(wanted.answer({**known["values"], **confused}), ensure_ascii=False)
        return Reply(None, (ToolCall("", wanted.tool, said),)) if wanted.tool else Reply(said)


class Friendly:
    """The sample's model with less trouble than the one that grades; a schema or a tool spares some of it."""

    name = "friendly"

    def __init__(self, sample: Sample) -> None:
        self._shaped, self._plain = Unreliable(sample, SHAPED, seed=3), Unreliable(sample, PLAIN, seed=3)

    def reply(self, request: ChatRequest) -> Reply:
        """Return what the sample's model says, damaged or not."""
        shaped = bool(request.response_schema or request.tools)
        return (self._shaped if shaped else self._plain).reply(request)


def models(variant: Variant) -> Sequence[ChatModel]:
    """Return the friendly model of the sample."""
    before = "sample/documents/"
    texts = {path.removeprefix(before): text.decode() for path, text in variant.starter.items() if before in path}
    return (ChatModel("reader-1", Friendly(Sample(json.loads(variant.public["public/answers.json"]), texts))),)
