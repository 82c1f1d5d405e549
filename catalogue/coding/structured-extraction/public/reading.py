"""How the model reads a request: what it makes of your prompt, your schema and your tools.

The model that grades uses this very file. It is a simulation: it looks for words, where a real one would understand.
Say plainly what you want and it finds them; no secret phrase is needed.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shipworthy.kit.models import ChatRequest

OWN_NAMES = {
    "supplier": "vendor_name",
    "order_number": "po_ref",
    "delivery_date": "eta",
    "quantity": "qty",
    "net_total_cents": "net_amount",
    "contact_email": "email",
}
"""The fields, and what the model calls one that the request does not name."""

NOTHING = "not stated"
"""What the model writes for a value that the document lacks, unless it may write null."""

NUMBERS = ("quantity", "net_total_cents")
DATES = re.compile(r"yyyy.?mm.?dd|%y-%m-%d|\biso\b|iso.?8601|\d{4}-\d\d-\d\d|\"format\": \"date")
WHOLE = re.compile(
    r"\binteger|\bint\b|whole number|\bas (a )?number|\bnumeric\b|\"number\"|\"(quantity|net_total_cents)\"\s*:\s*\d"
)
NULLS = re.compile(
    r"\bnull|\bnone\b|\bempty\b|\bmissing\b|\babsent\b|\bomit|\bnot (stated|given|mentioned|present|found|there|in)\b"
)
MEANINGS = {
    "order_number": re.compile(
        r"\bours?\b|\bwe\b|customer|purchas|buyer|\bnot\b[^.;\n]{0,40}(supplier|their|vendor|seller|carrier)"
    ),
    "delivery_date": re.compile(
        r"arriv|reach|receiv|dock|unload|\bcomes? in|\bnot\b[^.;\n]{0,40}(order|dispatch|ship|invoice|sen[dt]|pack)"
    ),
    "quantity": re.compile(
        r"\bpieces?\b|\bpcs\b|\bunits\b|single|\bnot\b[^.;\n]{0,40}(box|carton|pallet|packag|weight|kg)"
    ),
    "contact_email": re.compile(
        r"question|quer(y|ies)|[ei]nquir|in doubt|\bnot\b[^.;\n]{0,40}(billing|invoice|account|no.?reply|payment)"
    ),
}
"""Words that tell which of two possible values is meant by a field."""


@dataclass(frozen=True)
class Asked:
    """What a request says about the answer that it wants.

    `text` is all of it but the document, in lower case and without the fields' names; `properties` are those of a
    schema or of a tool's parameters, None without one; `tool` is the tool to call.
    """

    text: str
    named: frozenset[str]
    properties: Mapping[str, Any] | None
    tool: str
    json_alone: bool

    @property
    def meant(self) -> frozenset[str]:
        """The fields whose meaning is told."""
        return frozenset(field for field, words in MEANINGS.items() if words.search(self.text))

    def answer(self, values: Mapping[str, tuple[Any, str]]) -> dict[str, Any]:
        """Return the model's answer; each field comes with its value and with its spelling in the document."""
        return {
            field if field in self.named else OWN_NAMES[field]: self._spelled(field, *values[field])
            for field in OWN_NAMES
        }

    def _spelled(self, field: str, value: Any, written: str) -> Any:
        if value is None:
            return None if self._may_be_null(field) else NOTHING
        if field in NUMBERS:
            return value if self._wants_number(field) else written
        return value if field != "delivery_date" or DATES.search(self.text) else written

    def _may_be_null(self, field: str) -> bool:
        if self.properties is None:
            return bool(NULLS.search(self.text))
        wanted = self.properties.get(field)
        return wanted is None or "null" in json.dumps(wanted)

    def _wants_number(self, field: str) -> bool:
        wanted = json.dumps((self.properties or {}).get(field, {}))
        return '"integer"' in wanted or '"number"' in wanted or bool(WHOLE.search(self.text))


def asked(request: ChatRequest, document: str) -> Asked:
    """Return what a request says beside the document."""
    tool = request.tools[0] if request.tools and request.tool_choice != "none" else None
    schema = tool.parameters if tool else request.response_schema
    described = f"{tool.description}\n{json.dumps(tool.parameters)}" if tool else json.dumps(schema or {})
    messages = "\n".join(message.content for message in request.messages)
    text = f"{_without(messages, document)}\n{described}"
    named = frozenset(field for field in OWN_NAMES if field in text)
    properties = (schema or {}).get("properties")
    return Asked(
        text=re.sub("|".join(OWN_NAMES), " ", text).lower() + _spelled_examples(text),
        named=named,
        properties=properties if isinstance(properties, Mapping) else None,
        tool=tool.name if tool else "",
        json_alone=request.response_schema is not None or tool is not None,
    )


def _spelled_examples(text: str) -> str:
    """Return the numbers that an example in the request shows: the fields' names are part of them."""
    return "\n".join(found.group() for found in re.finditer(r'"(quantity|net_total_cents)"\s*:\s*\d', text))


def _without(text: str, document: str) -> str:
    for whole in (document, document.strip()):
        for spelling in (whole, json.dumps(whole)[1:-1], json.dumps(whole, ensure_ascii=False)[1:-1]):
            text = text.replace(spelling, "\n")
    lines = {line.strip() for line in document.splitlines() if line.strip()}
    return "\n".join(line for line in text.splitlines() if line.strip() not in lines)
