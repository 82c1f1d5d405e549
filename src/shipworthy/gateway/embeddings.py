"""Embeddings without a trained model: words and letter triples, hashed into a fixed number of dimensions.

Texts that share words or parts of words are near each other; synonyms only where they were registered as such.
"""

import base64
import math
import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.errors import wrong_type, wrong_value
from shipworthy.gateway.fields import Fields
from shipworthy.gateway.senses import Senses
from shipworthy.gateway.tokens import count_tokens

USUAL_DIMENSIONS = 256
MOST_DIMENSIONS = 1024
MOST_NUMBERS = 65_536
MOST_TOKENS = 8192
_WORD = re.compile(r"\w+")
_SHORT = 3
_SENSE = 2.0
_NONE = Senses()


@dataclass(frozen=True)
class EmbeddingCall:
    """A request for embeddings: texts, how many dimensions, and whether as base64.

    `dimensions_named` says that the client named the dimensions, and does not leave them to the model.
    """

    model: str
    texts: tuple[str, ...]
    dimensions: int
    as_base64: bool
    prompt_tokens: int
    dimensions_named: bool = True


def read_embedding(body: JSONValue) -> EmbeddingCall:
    """Return a request for embeddings. Raises `CallRefusedError`."""
    fields = Fields.of(body, "")
    fields.refuse_others(("model", "input", "dimensions", "encoding_format", "user"))
    named = fields.whole("dimensions", 1, MOST_DIMENSIONS)
    dimensions = named or USUAL_DIMENSIONS
    spelling = fields.optional_text("encoding_format") and fields.chosen("encoding_format", ("float", "base64"))
    texts = _texts(fields)
    if len(texts) * dimensions > MOST_NUMBERS:
        most = MOST_NUMBERS // dimensions
        raise wrong_value("input", f"has {len(texts)} texts; with {dimensions} dimensions a call may have {most}")
    counts = [count_tokens(text) for text in texts]
    if max(counts) > MOST_TOKENS:
        raise wrong_value("input", f"has a text of {max(counts)} tokens; {MOST_TOKENS} are allowed")
    return EmbeddingCall(fields.text("model"), texts, dimensions, spelling == "base64", sum(counts), named is not None)


def _texts(fields: Fields) -> tuple[str, ...]:
    given = fields.values.get("input")
    rows = [given] if isinstance(given, str) else fields.rows("input")
    texts = tuple(row for row in rows if isinstance(row, str))
    if len(texts) < len(rows):
        raise wrong_type("input", "text or a list of texts (lists of token numbers are not supported)", rows)
    if not all(texts):
        raise wrong_value("input", "must not hold an empty text")
    return texts


def embedding_body(call: EmbeddingCall, senses: Senses = _NONE) -> dict[str, JSONValue]:
    """Return the embeddings as the protocol spells them."""
    vectors = [embedding(text, call.dimensions, senses) for text in call.texts]
    return spelled_embeddings(call, vectors, call.prompt_tokens)


def spelled_embeddings(
    call: EmbeddingCall, vectors: Iterable[Sequence[float]], prompt_tokens: int
) -> dict[str, JSONValue]:
    """Return vectors as the protocol spells them, as numbers or in base64."""
    rows: list[JSONValue] = [
        {"object": "embedding", "index": at, "embedding": packed(vector) if call.as_base64 else list(vector)}
        for at, vector in enumerate(vectors)
    ]
    usage: JSONValue = {"prompt_tokens": prompt_tokens, "total_tokens": prompt_tokens}
    return {"object": "list", "data": rows, "model": call.model, "usage": usage}


def packed(numbers: Sequence[float]) -> str:
    """Spell numbers as the protocol's base64 does: 32 bits each, lowest byte first."""
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode("ascii")


def embedding(text: str, dimensions: int, senses: Senses = _NONE) -> list[float]:
    """Return a vector of length 1 (to six places) for a text that is not empty.

    Every feature adds its weight times the square root of its count, with a sign of its own, at a place of its own
    (feature hashing, Weinberger et al. 2009). Words of up to three letters weigh a quarter of others, because they are
    mostly grammar; a letter triple weighs a third of a word. A word of a group of `senses` adds what the group shares,
    twice as heavy as a word: meaning outweighs spelling, and with it names, codes and numbers.
    """
    sums = [0.0] * dimensions
    for feature, (weight, count) in _features(text, senses).items():
        place = zlib.crc32(feature.encode("utf-8", "surrogatepass"))
        sums[(place >> 1) % dimensions] += (1 if place & 1 else -1) * weight * math.sqrt(count)
    length = math.sqrt(math.fsum(number * number for number in sums))
    if not length:  # features that cancel each other out leave nothing to point with
        return [1.0, *sums[1:]]
    return [round(number / length, 6) for number in sums]


def _features(text: str, senses: Senses) -> dict[str, tuple[float, int]]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = Counter(_WORD.findall(plain)) or Counter([plain])
    found = {f"word {word}": (_weight(word), count) for word, count in words.items()}
    meant: Counter[str] = Counter()
    for word, count in words.items():
        meant.update({sense: count for sense in [senses.of(word)] if sense})
    found |= {f"sense {sense}": (_SENSE, count) for sense, count in meant.items()}
    triples: Counter[str] = Counter()
    for word, count in words.items():
        framed = f"<{word}>"
        for at in range(len(framed) - 2 if len(word) > _SHORT else 0):
            triples[framed[at : at + 3]] += count
    return {**found, **{f"part {part}": (1 / 3, count) for part, count in triples.items()}}


def _weight(word: str) -> float:
    return 1.0 if len(word) > _SHORT else 0.25
